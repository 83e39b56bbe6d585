"""The Check page, its panel beside the editor, and the logic map."""
