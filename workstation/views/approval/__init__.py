"""Approval: the page where what waits is read, changed, let go or sent back."""
