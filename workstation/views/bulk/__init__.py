"""Working on many cases at once: what would change, what changed, and one answer for many customers."""
