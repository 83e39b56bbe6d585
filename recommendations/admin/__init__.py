"""The marketers' admin of products and offers, one subject a file."""

from . import offers, products

__all__ = ["offers", "products"]
