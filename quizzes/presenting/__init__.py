"""What the templates are given: frozen dataclasses with everything already in the page's language."""
