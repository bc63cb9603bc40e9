"""Requests of the client-server API; pure. The token is put on by the session."""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from workstation.connectors.matrix.names import part
from workstation.net.client import Request

V3 = "/_matrix/client/v3"
JSON = (("Accept", "application/json"),)
WRITE_JSON = (*JSON, ("Content-Type", "application/json"))
PAGE_CAP = 8 << 20
SYNC_CAP = 32 << 20
"""Bytes of an answer with many rooms."""
POLL_MILLIS = 30_000
Params = tuple[tuple[str, str], ...]

QUIET = {"not_types": ["*"]}
STATE = [
    "m.room.create",
    "m.room.name",
    "m.room.canonical_alias",
    "m.room.join_rules",
    "m.room.encryption",
    "m.room.power_levels",
    "m.room.tombstone",
    "m.room.member",
]
"""Of a room's state only what is used."""
EVENTS = {"lazy_load_members": True}


def sync_filter(limit: int) -> str:
    """What /sync is to tell: no presence, no typing, no receipts, members only where somebody speaks."""
    return msgspec.json.encode(
        {
            "presence": QUIET,
            "account_data": {"types": ["m.direct"]},
            "room": {
                "ephemeral": QUIET,
                "account_data": QUIET,
                "state": {"types": STATE, "lazy_load_members": True},
                "timeline": {"limit": limit, "lazy_load_members": True},
            },
        }
    ).decode()


def room_path(room: str, *rest: str) -> str:
    """An address below a room's."""
    return "/".join((f"{V3}/rooms/{part(room)}", *(part(each) for each in rest)))


class Api(msgspec.Struct, frozen=True):
    """One homeserver; `base` has neither a path of the API nor a last slash."""

    base: str
    insecure: bool = False

    def get(self, path: str, params: Params = (), cap: int = PAGE_CAP) -> Request:
        """A read."""
        query = f"?{urlencode(params)}" if params else ""
        return Request(url=f"{self.base}{path}{query}", headers=JSON, cap=cap, insecure=self.insecure)

    def write(
        self, method: str, path: str, body: Mapping[str, object] | None = None, *, repeatable: bool = False
    ) -> Request:
        """A write with a JSON body."""
        return Request(
            method=method,
            url=self.base + path,
            headers=WRITE_JSON,
            body=msgspec.json.encode(body if body is not None else {}),
            repeatable=repeatable,
            redirects=1,
            insecure=self.insecure,
        )

    def sync(self, since: str, wait: int, limit: int) -> Request:
        """A long poll of at most `wait` milliseconds; without `since` the latest of every room."""
        params = {"filter": sync_filter(limit), "timeout": str(wait), "set_presence": "offline"}
        if since:
            params["since"] = since
        seconds = wait / 1_000
        return msgspec.structs.replace(
            self.get(f"{V3}/sync", tuple(params.items()), SYNC_CAP), total=seconds + 60, read=seconds + 30
        )

    def messages(
        self, room: str, start: str, end: str = "", limit: int = 100, senders: tuple[str, ...] = ()
    ) -> Request:
        """A page of a room backwards from a token (empty: from its end) to another one."""
        chosen = EVENTS | {"senders": list(senders)} if senders else EVENTS
        params = {"dir": "b", "limit": str(limit), "filter": msgspec.json.encode(chosen).decode()}
        params |= {"from": start} if start else {}
        params |= {"to": end} if end else {}
        return self.get(room_path(room, "messages"), tuple(params.items()))

    def context(self, room: str, event: str, limit: int) -> Request:
        """An event and what stands around it."""
        chosen = msgspec.json.encode(EVENTS).decode()
        return self.get(room_path(room, "context", event), (("limit", str(limit)), ("filter", chosen)))

    def event(self, room: str, event: str) -> Request:
        """One event as it is now, with the latest of its edits."""
        return self.get(room_path(room, "event", event))

    def relations(self, room: str, event: str, kind: str, limit: int = 50) -> Request:
        """What relates to an event in that way (m.thread, m.annotation), newest first."""
        path = f"/_matrix/client/v1/rooms/{part(room)}/relations/{part(event)}/{part(kind)}"
        return self.get(path, (("limit", str(limit)), ("dir", "b")))

    def send(self, room: str, kind: str, txn: str, content: Mapping[str, object]) -> Request:
        """An event into a room; the same `txn` never makes a second one."""
        return self.write("PUT", room_path(room, "send", kind, txn), content)

    def redact(self, room: str, event: str, txn: str, reason: str = "") -> Request:
        """Take the content of an event away."""
        return self.write("PUT", room_path(room, "redact", event, txn), {"reason": reason} if reason else {})
