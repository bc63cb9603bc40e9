"""How long to wait before trying again: exponential, capped, with full jitter so that clients do not march in step."""

import random


class Backoff:
    """Delays in seconds: between half and all of `base` x 2^n, at most `most`."""

    def __init__(self, base: float = 1.0, most: float = 300.0, rng: random.Random | None = None) -> None:
        self._base, self._most = base, most
        self._rng = rng or random.Random()  # noqa: S311 - spreads load, guards nothing
        self.failures = 0

    def next(self) -> float:
        """The delay after one more failure."""
        ceiling = min(self._most, self._base * 2.0 ** min(self.failures, 30))
        self.failures += 1
        return ceiling * self._rng.uniform(0.5, 1.0)

    def reset(self) -> None:
        """It worked."""
        self.failures = 0
