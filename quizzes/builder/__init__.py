"""The page on which marketers build a quiz: its questions, the one being edited, and what customers would see."""
