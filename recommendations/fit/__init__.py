"""The page of fit: how much each answer speaks for a trait, which products pass on to their offers, or for an offer."""
