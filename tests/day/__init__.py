"""A day at the desk, worked by keys."""
