"""Faults on demand: what a network can do wrong, each a number of times or with a probability."""

import random
from dataclasses import asdict, dataclass
from typing import Any
from weakref import WeakKeyDictionary

from workstation.practice import garbage
from workstation.practice.hub import Subscriber

REQUEST_KINDS = (
    "rate_limit",
    "slow",
    "lost_request",
    "lost_answer",
    "server_error",
    "expired_token",
    "garbage",
)
STREAM_KINDS = ("duplicate", "reorder", "garbage_event", "silence")
TRAFFIC_KINDS = ("edits", "deletions")
STATE_KINDS = ("ignore_idempotency",)
NOW_KINDS = ("drop_sockets",)
KINDS = REQUEST_KINDS + STREAM_KINDS + TRAFFIC_KINDS + STATE_KINDS + NOW_KINDS
FORMS = ("seconds", "iso", "date", "none")


@dataclass(slots=True)
class Fault:
    """One fault: which requests it meets, how often, and how it shows.

    `times` 0 means until it is cleared. `at` of a slow or lost answer: "before" the request is carried out, "after"
    it, or "within" the answer, of which `bytes` bytes are sent.
    """

    kind: str
    method: str = ""
    path: str = ""
    times: int = 1
    probability: float = 1.0
    seconds: float = 1.0
    status: int = 503
    form: str = "seconds"
    at: str = "after"
    bytes: int = 64
    variant: str = "truncated"
    hits: int = 0

    @classmethod
    def parse(cls, values: dict[str, Any]) -> "Fault":
        """Build a fault from what was posted; ValueError says what does not fit."""
        known = set(cls.__dataclass_fields__) - {"hits"}
        unknown = set(values) - known
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        if values.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        try:
            fault = cls(
                **{
                    name: cls.__dataclass_fields__[name].type(value)  # type: ignore[operator] # plain types only
                    for name, value in values.items()
                }
            )
        except TypeError as error:
            raise ValueError(str(error)) from error
        if fault.form not in FORMS or fault.variant not in garbage.VARIANTS:
            raise ValueError(f"form must be one of {FORMS}, variant one of {garbage.VARIANTS}")
        return fault

    def left(self) -> bool:
        """Tell whether the fault can strike again."""
        return self.times <= 0 or self.hits < self.times


class Faults:
    """The faults that are set now; consulted on every request and on every live event."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"faults:{seed}")
        self._set: list[Fault] = []
        self._held: WeakKeyDictionary[Subscriber, bytes] = WeakKeyDictionary()
        self.active = False

    def add(self, fault: Fault) -> None:
        """Set a fault."""
        self._set.append(fault)
        self._refresh()

    def clear(self) -> None:
        """Set everything right again."""
        self._set.clear()
        self._refresh()

    def listing(self) -> list[dict[str, Any]]:
        """Return the faults that are set, with how often each struck."""
        return [asdict(fault) for fault in self._set]

    def request(self, method: str, path: str, after: bool = False) -> Fault | None:
        """Return the fault that strikes a request, before it is carried out or after."""
        for fault in self._set:
            late = fault.kind in ("garbage", "lost_answer") or (fault.kind == "slow" and fault.at != "before")
            if fault.kind not in REQUEST_KINDS or late is not after:
                continue
            if (fault.method and fault.method.upper() != method) or fault.path not in path:
                continue
            if self._strikes(fault):
                return fault
        return None

    def standing(self, kind: str) -> bool:
        """Tell whether a fault of that kind is set, without using it up."""
        return any(fault.kind == kind and fault.left() for fault in self._set)

    def strikes(self, kind: str) -> Fault | None:
        """Return a fault of that kind if it strikes now."""
        for fault in self._set:
            if fault.kind == kind and self._strikes(fault):
                return fault
        return None

    def mangle(self, subscriber: Subscriber, data: bytes) -> list[bytes]:
        """Return what is really sent instead of one live event."""
        if self.standing("silence"):
            self.strikes("silence")
            return []
        pieces = [data]
        if self.strikes("duplicate"):
            pieces.append(data)
        spoiled = self.strikes("garbage_event")
        if spoiled is not None:
            pieces.insert(0, garbage.event(spoiled.variant, subscriber.websocket))
        held = self._held.pop(subscriber, None)
        if held is not None:
            pieces.append(held)
        elif self.strikes("reorder"):
            self._held[subscriber] = pieces.pop()
        return pieces

    def release(self, subscriber: Subscriber) -> bytes:
        """Give out what was held back for a reordering."""
        return self._held.pop(subscriber, b"")

    def _strikes(self, fault: Fault) -> bool:
        if not fault.left() or (fault.probability < 1.0 and self._random.random() >= fault.probability):
            return False
        fault.hits += 1
        self._refresh()
        return True

    def _refresh(self) -> None:
        self.active = bool(self._held) or any(fault.kind in STREAM_KINDS and fault.left() for fault in self._set)
