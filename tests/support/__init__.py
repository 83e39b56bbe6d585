"""What the tests stand on: a real server, the real roles, a real browser."""
