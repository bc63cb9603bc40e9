"""Strangers' JSON: decoded whole or not at all, and looked into without trusting its shape; pure."""

import json
import re
from collections.abc import Iterable

import msgspec

from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import Micros

DEPTH = 80
"""Levels of an answer that are read when there are more than the decoder can hold."""
LATEST = 300_000_000
"""How far ahead of ours the clock of a server may be; what claims to come from later is from now."""
# A text that never ends reaches to the end: looked for anew at each of its quotes, it would take for ever.
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
Values = dict[str, object]
EMPTY: Values = {}


def decoded(body: bytes, where: str) -> Values:
    """The object in an answer; ProtocolChangedError where there is none.

    What is nested too deeply becomes null: it must not make its neighbours unreadable.
    """
    try:
        found = _decoded(body)
    except RecursionError:
        try:
            found = _decoded(pruned(body))
        except (RecursionError, ValueError):
            raise ProtocolChangedError(where=where) from None
    except ValueError:
        raise ProtocolChangedError(where=where) from None
    if not isinstance(found, dict):
        raise ProtocolChangedError(where=where)
    return found


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except msgspec.MsgspecError:
        # Halves of surrogate pairs and the like, which some servers let through.
        found: object = json.loads(body.decode("utf-8", "replace"))
        return found


def pruned(body: bytes, depth: int = DEPTH) -> bytes:
    """The same JSON with null in place of everything below that depth."""
    pieces: list[bytes] = []
    level = kept = 0
    for token in TOKEN.finditer(body):
        mark = token[0]
        if mark in b"[{":
            level += 1
            if level == depth + 1:
                pieces += (body[kept : token.start()], b"null")
        elif mark in b"]}":
            if level == depth + 1:
                kept = token.end()
            level -= 1
    return b"".join((*pieces, body[kept:])) if level <= depth else body


def values(found: object, key: str) -> Values:
    """The object at a key; empty where there is something else."""
    inner = found.get(key) if isinstance(found, dict) else None
    return inner if isinstance(inner, dict) else EMPTY


def text(found: object, key: str) -> str:
    """The text at a key; empty where there is something else."""
    inner = found.get(key) if isinstance(found, dict) else None
    return inner if isinstance(inner, str) else ""


def number(found: object, key: str) -> int:
    """The whole number at a key; 0 where there is something else or one that no database holds."""
    inner = found.get(key) if isinstance(found, dict) else None
    if isinstance(inner, bool) or not isinstance(inner, int | float):
        return 0
    return int(inner) if -(2.0**52) < inner < 2.0**52 else 0


def items(found: object, key: str) -> list[object]:
    """The list at a key; empty where there is something else."""
    inner = found.get(key) if isinstance(found, dict) else None
    return inner if isinstance(inner, list) else []


def texts(found: Iterable[object], most: int) -> list[str]:
    """The texts in a list, at most so many."""
    return [item for item in found if isinstance(item, str)][:most]


def moment(millis: int, now: Micros) -> Micros:
    """A server's time in milliseconds as ours; now where it is none or lies ahead. Senders choose it freely."""
    at = millis * 1_000
    return at if 0 < at <= now + LATEST else now
