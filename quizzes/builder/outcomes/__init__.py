"""The Outcomes page: what people get, and who gets which."""
