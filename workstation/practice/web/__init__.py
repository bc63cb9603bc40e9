"""The practice network's HTTP side: one module for each area of the Mastodon API."""
