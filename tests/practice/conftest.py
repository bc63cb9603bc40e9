"""Fixtures of the practice network's own tests."""

from tests.practice_network import practice, practices

__all__ = ["practice", "practices"]
