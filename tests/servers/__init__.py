"""Tests against the networks' real servers, where this machine has them (marker `servers`)."""
