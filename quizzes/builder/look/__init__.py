"""The Look page: a quiz's own colours, corners and letters."""
