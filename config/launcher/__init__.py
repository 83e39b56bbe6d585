"""`make run`: everything on one machine, started, watched and stopped together."""
