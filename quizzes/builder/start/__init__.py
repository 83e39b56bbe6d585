"""The Beginning page: what a quiz says before its first question."""
