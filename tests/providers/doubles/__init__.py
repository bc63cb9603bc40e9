"""Providers on loopback that follow the published contracts, kind and hostile."""
