"""A made-up brand of any size, in a database of its own: for measuring, and for trying out what size does."""
