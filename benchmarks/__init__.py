"""Speed, measured against a baseline in the same run: `python -m benchmarks [GOAL ...] [--json FILE]`."""
