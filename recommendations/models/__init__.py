"""What can be recommended, what customers get, and what was computed for them.

The foreign keys that make personal rows disappear at the right moment are made in migrations/sql, because Django's own
do not cascade in the database.
"""

from .catalogue import Category, Complement, Product, Trait, TraitWeight
from .computed import Catalogue, CatalogueChange, ComputedRange, TailoredOffers
from .customers import Claim, Exposure, Suppression
from .offers import Offer, OfferWeight, read_condition
from .purchases import AfterPurchase, DeclinedComplement
from .restraint import Cap, OfferReach, Restraint

__all__ = [
    "AfterPurchase",
    "Cap",
    "Catalogue",
    "CatalogueChange",
    "Category",
    "Claim",
    "Complement",
    "ComputedRange",
    "DeclinedComplement",
    "Exposure",
    "Offer",
    "OfferReach",
    "OfferWeight",
    "Product",
    "Restraint",
    "Suppression",
    "TailoredOffers",
    "Trait",
    "TraitWeight",
    "read_condition",
]
