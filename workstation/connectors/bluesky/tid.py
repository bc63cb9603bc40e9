"""Record keys of our own: a TID (microseconds and a clock id, 13 letters) that an operation gets at every attempt.

The operation's second is kept, so that keys sort by age; the microseconds in it and the 10 bits of the clock id come
from the operation's random id: many are stored in the same moment, and a key that is met twice would overwrite.
"""

import hashlib

from workstation.domain.messages import Micros
from workstation.domain.outbox import Operation

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
LENGTH = 13
SECOND = 1_000_000
LATEST = (1 << 53) - 1
UNDATED = 1_700_000_000
"""Second of an operation that does not say when it was stored, plus up to a year that its id decides."""
YEAR = 31_536_000


def encoded(micros: int, clock: int) -> str:
    """The TID of a moment and a clock id (0 to 1023)."""
    number = (min(max(micros, 0), LATEST) << 10) | (clock & 1023)
    return "".join(LETTERS[(number >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def decoded(tid: str) -> tuple[int, int]:
    """Microseconds and clock id; ValueError where it is no TID."""
    if len(tid) != LENGTH or tid[0] not in LETTERS[:16]:
        raise ValueError("no TID")
    number = 0
    for letter in tid:
        number = (number << 5) | LETTERS.index(letter)
    return number >> 10, number & 1023


def of(operation: Operation) -> str:
    """The record key of an operation: the same at every attempt."""
    digest = int.from_bytes(hashlib.sha256(operation.id.encode()).digest()[:12])
    second = operation.at // SECOND if operation.at else UNDATED + (digest >> 32) % YEAR
    return encoded(second * SECOND + (digest >> 10) % SECOND, digest & 1023)


def moment(operation: Operation, now: Micros) -> Micros:
    """When the record says that it was made: the operation's own time, so that a second attempt makes the same one."""
    return operation.at or now
