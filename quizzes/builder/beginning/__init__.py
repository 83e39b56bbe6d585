"""How a quiz begins: from a template, from nothing, as a copy or from a file."""
