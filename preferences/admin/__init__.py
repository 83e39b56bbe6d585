"""What marketers do with attributes, purposes and the brand. Customers and what they told are not here, on purpose."""

from . import attributes, brand, mail, purposes, requests

__all__ = ["attributes", "brand", "mail", "purposes", "requests"]
