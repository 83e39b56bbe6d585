"""The Publish page: what would change, versions, and when a quiz is open."""
