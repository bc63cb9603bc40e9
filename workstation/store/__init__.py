"""What the desk remembers: SQLite in the profile, one writer thread, readers beside it; no row leaves this room."""
