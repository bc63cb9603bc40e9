"""Posts of our own: written for several channels at once, passed on, planned, and shown on a calendar."""
