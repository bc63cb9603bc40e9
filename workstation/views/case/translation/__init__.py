"""Writing in one language what is read in another: two editors, what holds between them, and translated messages."""
