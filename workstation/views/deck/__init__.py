"""The deck: live columns of cards, painted by a view of our own that stays quick at any length."""
