"""Calls, letters and talks in the window."""
