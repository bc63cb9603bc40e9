"""A notice board as a channel: notes are read from one address and answered there."""
