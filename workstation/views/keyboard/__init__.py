"""Keyboards: what layouts put on their keys, and how a key press finds its action on each of them."""
