"""A draft as a drawing: what leads where (graph), and where it stands on the page (layout). Pure."""
