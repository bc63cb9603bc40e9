"""Structured logs: a JSON object a line, with what happened and where, and nothing of what people wrote or are.

Our own rooms log constant sentences with a few plain values. Messages of libraries may hold addresses or texts, and
messages of exceptions may too: of those only the kind and the place are written.
"""

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import msgspec

from workstation.services.profile import Profile

OURS = "workstation"
FILE = "meridian.jsonl"
LARGEST = 2_000_000
KEPT = 3
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PLAIN = (str, int, float, bool)
_LONGEST = 200


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        line: dict[str, Any] = {
            "at": round(record.created, 6),
            "level": record.levelname.lower(),
            "room": record.name,
        }
        if record.name.partition(".")[0] == OURS:
            line["event"] = str(record.msg)[:_LONGEST]
            line |= {
                name: value[:_LONGEST] if isinstance(value, str) else value
                for name, value in vars(record).items()
                if name not in _STANDARD and isinstance(value, _PLAIN)
            }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["trace"] = _places(record.exc_info[1])
        return msgspec.json.encode(line).decode()


def _places(error: BaseException | None) -> list[str]:
    if error is None:
        return []
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]]


def start(profile: Profile, level: int = logging.INFO) -> logging.Handler:
    """Write logs into the profile from now on, and nowhere else; the handler, for `stop`."""
    profile.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(profile.logs / FILE, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def stop(handler: logging.Handler) -> None:
    """End what `start` began."""
    logging.getLogger().removeHandler(handler)
    handler.close()
