"""The marketers' admin of products and offers, one subject a file."""

from . import after_purchase, categories, complements, offers, products, restraint, traits

__all__ = ["after_purchase", "categories", "complements", "offers", "products", "restraint", "traits"]
