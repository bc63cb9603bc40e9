"""What was asked of the network by its clients: answers received, repeated attempts, requests per endpoint."""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Any

IDEMPOTENCY_MS = 3_600_000
ATTEMPTS_KEPT = 50_000


@dataclass(slots=True)
class Attempt:
    """Every POST of one text under one key: how often it was tried and which statuses came of it."""

    key: str
    text: str
    reply_to: str
    attempts: int = 0
    created: list[int] = field(default_factory=list)


class Desk:
    """A ledger for tests: nothing that the network itself would need, apart from the idempotency keys."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        self._attempts: OrderedDict[tuple[str, str, str], Attempt] = OrderedDict()
        self._keys: OrderedDict[tuple[int, str], tuple[int, int]] = OrderedDict()

    def attempt(self, key: str, text: str, reply_to: str) -> Attempt:
        """Count one POST and return the ledger's line for it."""
        line = self._attempts.setdefault((key, text, reply_to), Attempt(key, text, reply_to))
        line.attempts += 1
        while len(self._attempts) > ATTEMPTS_KEPT:
            self._attempts.popitem(last=False)
        return line

    def known(self, account: int, key: str, now_ms: int) -> int | None:
        """Return the status that was made under an idempotency key within the last hour."""
        found = self._keys.get((account, key))
        return found[0] if found and now_ms - found[1] < IDEMPOTENCY_MS else None

    def learn(self, account: int, key: str, status: int, now_ms: int) -> None:
        """Remember which status was made under an idempotency key."""
        self._keys[(account, key)] = (status, now_ms)
        while len(self._keys) > ATTEMPTS_KEPT:
            self._keys.popitem(last=False)

    def keys(self) -> list[tuple[int, str, int, int]]:
        """Return the idempotency keys: account, key, status, milliseconds UTC."""
        return [(account, key, status, at) for (account, key), (status, at) in self._keys.items()]

    def restore_keys(self, keys: list[tuple[int, str, int, int]]) -> None:
        """Take the idempotency keys of an earlier run back."""
        for account, key, status, at in keys:
            self._keys[(account, key)] = (status, at)

    def posts(self) -> list[dict[str, Any]]:
        """Return the ledger of posts, oldest first."""
        return [
            {
                "key": line.key,
                "text": line.text,
                "in_reply_to_id": line.reply_to or None,
                "attempts": line.attempts,
                "created": [str(item) for item in line.created],
            }
            for line in self._attempts.values()
        ]
