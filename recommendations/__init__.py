"""Giving back: products, offers, and the tailored offers computed from what a customer currently allows."""
