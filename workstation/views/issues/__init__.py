"""Known issues: the list, filing a case under one, one update for all of an issue's cases."""
