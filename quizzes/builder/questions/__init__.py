"""The Questions page: the list, the editor of the selected question, and what customers would see."""
