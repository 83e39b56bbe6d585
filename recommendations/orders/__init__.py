"""Orders from the shop's books: reading their files, keeping what was bought."""
