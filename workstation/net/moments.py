"""When a server says "later": seconds, milliseconds, ISO, epoch or an HTTP date, brought to microseconds UTC."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SECOND = 1_000_000
EPOCH_FROM = 1_000_000_000
"""Numbers from here on are moments (2001), smaller ones are waits."""
EPOCH_MILLIS_FROM = 100_000_000_000
LONGEST = 31 * 86_400 * SECOND
"""A wait of more than a month is taken for nonsense."""


def moment(text: str, now: int, *, millis: bool = False) -> int:
    """The moment that a header names (`millis`: small numbers are milliseconds); 0 where it cannot be read."""
    text = text.strip()
    if not text:
        return 0
    found = _number(text, now, millis=millis)
    if found is None:
        found = _date(text)
    return found if 0 < found <= now + LONGEST else 0


def _number(text: str, now: int, *, millis: bool) -> int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    if not 0 <= value < 1e16:
        return 0
    if value >= EPOCH_MILLIS_FROM:
        return int(value * 1_000)
    if value >= EPOCH_FROM:
        return int(value * SECOND)
    return now + int(value * (1_000 if millis else SECOND))


def _date(text: str) -> int:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return 0
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    try:
        return int(found.timestamp() * SECOND)
    except (OverflowError, OSError, ValueError):
        return 0
