"""Code that speaks the networks' APIs, one folder per network."""
