"""Calls, letters and talks: what reaches people by no network and is noted by hand."""
