"""The Languages page: every text beside its translation."""
