"""A homeserver in the test's own process: rooms, a long poll with limited timelines, pages, sends by transaction id.

It answers as Synapse does, and misbehaves on demand.
"""

import asyncio
import json
import time
from bisect import bisect_right
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from operator import itemgetter
from typing import Any
from urllib.parse import unquote

from aiohttp import web

OWN, ANNA, BEN = "@shop:double", "@anna:double", "@ben:double"
TOKEN, PASSWORD = "the-token", "the-password"
ROOM = "!lobby:double"
Event = dict[str, Any]
Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]
CLIENT = "/_matrix/client/v3"


@dataclass
class Room:
    """A room: its events in order with their positions, and its state now."""

    id: str
    events: list[tuple[int, Event]] = field(default_factory=list)
    state: dict[tuple[str, str], tuple[int, Event]] = field(default_factory=dict)
    edits: dict[str, list[Event]] = field(default_factory=dict)
    """Edits of an event, in order."""

    def after(self, position: int) -> list[tuple[int, Event]]:
        """The events after a position."""
        return self.events[bisect_right(self.events, position, key=itemgetter(0)) :]

    def since(self, user: str) -> int:
        """The position at which somebody joined; -1 where they are not in it."""
        found = self.state.get(("m.room.member", user))
        return found[0] if found and found[1]["content"]["membership"] == "join" else -1


class Homeserver:
    """The server: what is public here is what tests do to it."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.invited: dict[str, list[Event]] = {}
        self.account_data: list[Event] = []
        self.ignored: dict[str, Any] = {}
        self.asked: list[str] = []
        self.reports: list[tuple[str, dict[str, Any]]] = []
        self.joined: list[str] = []
        self.tokens = {TOKEN}
        self.refresh_tokens: set[str] = set()
        self.lasts = 0
        self.versions = ["v1.1", "v1.11"]
        self.media: dict[str, tuple[str, bytes]] = {}
        self.well_known: dict[str, Any] | None = None
        self.forgotten = False
        """Whether the tokens of /sync that it gave before are unknown now."""
        self.babble: list[bytes] = []
        """What the next answers to /sync are instead."""
        self.refusals: list[tuple[dict[str, str], dict[str, Any]]] = []
        """Headers and bodies of the next refusals of writes."""
        self.finds_events = True
        self.unseen: set[str] = set()
        """Events that pages leave out, though they count."""
        self.instead: dict[str, Handle] = {}
        """What answers in place of the server, by the last part of the address."""
        self._position = 0
        self._serial = 0
        self._sent: dict[str, str] = {}
        self._news = asyncio.Condition()
        self._closing = False
        self._clock = 0

    # -- what tests do -------------------------------------------------------------------------------------------

    def room(self, room_id: str = ROOM, *people: str, name: str = "", rule: str = "invite", levels: Any = None) -> Room:
        """Make a room that we are in, with these people."""
        made = self.rooms[room_id] = Room(room_id)
        first = people[0] if people else OWN
        self.put(made, first, "m.room.create", {"room_version": "10"}, state_key="")
        for user in (*people, OWN):
            self.put(made, user, "m.room.member", {"membership": "join", "displayname": user[1:5].title()},
                     state_key=user)  # fmt: skip
        self.put(made, first, "m.room.power_levels", levels or {"users": {first: 100}}, state_key="")
        self.put(made, first, "m.room.join_rules", {"join_rule": rule}, state_key="")
        if name:
            self.put(made, first, "m.room.name", {"name": name}, state_key="")
        return made

    def put(self, room: Room, sender: str, kind: str, content: Any, **more: Any) -> str:
        """Append an event, without telling those who wait; its id."""
        self._position += 1
        self._serial += 1
        self._clock = max(self._clock + 1, int(time.time() * 1_000))
        event = {
            "event_id": f"${self._serial:06d}-Zq/+=",
            "type": kind,
            "sender": sender,
            "origin_server_ts": self._clock,
            "content": content,
            "unsigned": {},
            **more,
        }
        room.events.append((self._position, event))
        relation = content.get("m.relates_to") if isinstance(content, dict) else None
        if isinstance(relation, dict) and relation.get("rel_type") == "m.replace":
            room.edits.setdefault(relation["event_id"], []).append(event)
        if "state_key" in event:
            room.state[kind, event["state_key"]] = self._position, event
        return str(event["event_id"])

    async def close(self) -> None:
        """Let nobody wait any longer."""
        self._closing = True
        await self.told()

    async def told(self) -> None:
        """Wake those who wait."""
        async with self._news:
            self._news.notify_all()

    async def write(self, text: str, sender: str = ANNA, room: str = ROOM, more: Event | None = None) -> str:
        """Somebody writes; `more` is part of the content."""
        content = {"msgtype": "m.text", "body": text} | (more or {})
        found = self.put(self.rooms[room], sender, "m.room.message", content)
        await self.told()
        return found

    async def append(self, kind: str, content: Any, sender: str = ANNA, room: str = ROOM, **more: Any) -> str:
        """An event of any type."""
        found = self.put(self.rooms[room], sender, kind, content, **more)
        await self.told()
        return found

    async def edit(self, event_id: str, text: str, sender: str = ANNA, room: str = ROOM) -> str:
        """Somebody changes a message."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event_id}
        content = {**new, "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
        return await self.append("m.room.message", content, sender, room)

    async def redact(self, event_id: str, sender: str = ANNA, room: str = ROOM) -> str:
        """Somebody takes an event away."""
        number = self._empty(self.rooms[room], event_id, sender)
        await self.told()
        return number

    def _empty(self, room: Room, event_id: str, sender: str, **unsigned: Any) -> str:
        number = self.put(room, sender, "m.room.redaction", {"redacts": event_id}, redacts=event_id, unsigned=unsigned)
        event = self.find(room, event_id)
        because = self.find(room, number)
        if event is not None and because is not None:
            event["content"] = {}
            event["unsigned"] = {"redacted_because": because}
        return number

    def find(self, room: Room, event_id: str) -> Event | None:
        """An event by its id."""
        return next((event for _, event in room.events if event.get("event_id") == event_id), None)

    async def invite(self, room_id: str, inviter: str = ANNA) -> None:
        """Somebody invites us into a room of theirs."""
        self.rooms[room_id] = Room(room_id)
        for kind, key, content in (
            ("m.room.create", "", {"room_version": "10"}),
            ("m.room.member", inviter, {"membership": "join", "displayname": "Anna"}),
            ("m.room.member", OWN, {"membership": "invite", "is_direct": True}),
        ):
            self.put(self.rooms[room_id], inviter, kind, content, state_key=key)
        self.invited[room_id] = [event for _, event in self.rooms[room_id].events]
        self._position += 1
        await self.told()

    def own_texts(self) -> list[str]:
        """What our account has written."""
        found = (each for room in self.rooms.values() for each in room.events)
        return [
            event["content"].get("body", "")
            for _, event in sorted(found, key=lambda each: each[0])
            if event["sender"] == OWN and event["type"] == "m.room.message"
        ]

    # -- what it answers -----------------------------------------------------------------------------------------

    def application(self) -> web.Application:
        """The server as aiohttp runs it."""
        made = web.Application(client_max_size=8 << 20)
        made.router.add_route("*", "/{path:.*}", self._answer)
        return made

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0]
        self.asked.append(f"{request.method} {path}")
        if path == "/_matrix/client/versions":
            return web.json_response({"versions": self.versions}, headers={"Server": "Double/1"})
        if path == "/.well-known/matrix/client" and self.well_known is not None:
            return web.json_response(self.well_known)
        if path == f"{CLIENT}/login":
            return await self._login(request)
        if path == f"{CLIENT}/refresh":
            return await self._refresh(request)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return refusal(401, "M_UNKNOWN_TOKEN", "Unknown access token")
        if request.method != "GET" and self.refusals:
            headers, body = self.refusals.pop(0)
            return web.json_response({"errcode": "M_LIMIT_EXCEEDED", **body}, status=429, headers=headers)
        parts = [unquote(each) for each in path.split("/")[2:]]
        return await self._dispatch(request, parts)

    async def _dispatch(self, request: web.Request, parts: list[str]) -> web.StreamResponse:
        if parts[-1] in self.instead:
            return await self.instead[parts[-1]](request)
        match parts:
            case ["client", _, "account", "whoami"]:
                return web.json_response({"user_id": OWN, "device_id": "DEVICE"})
            case ["client", _, "profile", _]:
                return web.json_response({"displayname": "The shop"})
            case ["client", _, "sync"]:
                return await self._sync(request)
            case ["client", _, "events", event_id] if self.finds_events:
                for room in self.rooms.values():
                    if self.find(room, event_id) is not None:
                        return web.json_response({"event_id": event_id, "room_id": room.id})
                return refusal(404, "M_NOT_FOUND", "Event not found.")
            case ["client", _, "join", room_id]:
                return await self._join(room_id)
            case ["client", _, "joined_rooms"]:
                return web.json_response(
                    {"joined_rooms": [room.id for room in self.rooms.values() if room.since(OWN) >= 0]}
                )
            case ["client", _, "rooms", room_id, *rest] if room_id in self.rooms:
                return await self._in_room(request, self.rooms[room_id], rest)
        return await self._on_account(request, parts)

    async def _on_account(self, request: web.Request, parts: list[str]) -> web.StreamResponse:
        match parts:
            case ["client", _, "user", _, "account_data", "m.ignored_user_list"]:
                if request.method == "PUT":
                    self.ignored = (await request.json())["ignored_users"]
                return web.json_response({"ignored_users": self.ignored})
            case ["client", "v1", "media", _, _, media] if media in self.media and "v1.11" in self.versions:
                return web.Response(body=self.media[media][1], content_type=self.media[media][0])
            case ["media", "v3", _, _, media] if media in self.media and "v1.11" not in self.versions:
                return web.Response(body=self.media[media][1], content_type=self.media[media][0])
        return refusal(404, "M_UNRECOGNIZED", "Unrecognized request")

    async def _in_room(self, request: web.Request, room: Room, rest: list[str]) -> web.StreamResponse:
        match rest:
            case ["messages"]:
                return self._messages(request, room)
            case ["context", event_id]:
                return self._context(room, event_id)
            case ["event", event_id]:
                event = self.find(room, event_id)
                shown = self._shown(room, event) if event else None
                return web.json_response(shown) if shown else refusal(404, "M_NOT_FOUND", "Event not found.")
            case ["relations", event_id, kind]:
                found = [each for _, each in reversed(room.events) if _relates(each, event_id, kind)]
                return web.json_response({"chunk": found})
            case ["state", kind, *key]:
                known = room.state.get((kind, key[0] if key else ""))
                return web.json_response(known[1]["content"]) if known else refusal(404, "M_NOT_FOUND", "None")
            case ["send", kind, txn]:
                return await self._send(room, kind, txn, await request.json())
            case ["redact", event_id, txn]:
                if txn not in self._sent:
                    self._sent[txn] = self._empty(room, event_id, OWN, transaction_id=txn)
                    await self.told()
                return web.json_response({"event_id": self._sent[txn]})
            case ["report", event_id]:
                self.reports.append((event_id, await request.json()))
                return web.json_response({})
            case [("kick" | "ban" | "unban" | "leave") as act]:
                given = await request.json()
                content = {"membership": "ban" if act == "ban" else "leave", "reason": given.get("reason", "")}
                self.put(room, OWN, "m.room.member", content, state_key=given.get("user_id", OWN))
                await self.told()
                return web.json_response({})
        return refusal(404, "M_UNRECOGNIZED", "Unrecognized request")

    async def _send(self, room: Room, kind: str, txn: str, content: Any) -> web.Response:
        if len(json.dumps(content, ensure_ascii=False).encode()) > 65_000:
            return refusal(413, "M_TOO_LARGE", "event too large")
        if txn not in self._sent:
            self._sent[txn] = self.put(room, OWN, kind, content, unsigned={"transaction_id": txn})
            await self.told()
        return web.json_response({"event_id": self._sent[txn]})

    async def _join(self, room_id: str) -> web.Response:
        if room_id not in self.rooms:
            return refusal(404, "M_NOT_FOUND", "No such room")
        self.joined.append(room_id)
        self.invited.pop(room_id, None)
        content = {"membership": "join", "displayname": "The shop"}
        self.put(self.rooms[room_id], OWN, "m.room.member", content, state_key=OWN)
        await self.told()
        return web.json_response({"room_id": room_id})

    async def _login(self, request: web.Request) -> web.Response:
        given = await request.json()
        user = given.get("identifier", {}).get("user")
        if given.get("password") != PASSWORD or user not in {OWN, "shop"}:
            return refusal(403, "M_FORBIDDEN", "Invalid username or password")
        return web.json_response(self._tokens())

    async def _refresh(self, request: web.Request) -> web.Response:
        given = (await request.json()).get("refresh_token")
        if given not in self.refresh_tokens:
            return refusal(401, "M_UNKNOWN_TOKEN", "Unknown refresh token")
        self.refresh_tokens.discard(given)
        return web.json_response(self._tokens())

    def _tokens(self) -> dict[str, Any]:
        self._serial += 1
        made = f"token-{self._serial}"
        self.tokens.add(made)
        told: dict[str, Any] = {"access_token": made, "user_id": OWN, "device_id": "DEVICE"}
        if self.lasts:
            self.refresh_tokens.add(f"refresh-{self._serial}")
            told |= {"refresh_token": f"refresh-{self._serial}", "expires_in_ms": self.lasts}
        return told

    async def _sync(self, request: web.Request) -> web.Response:
        since = request.query.get("since", "")
        if since and self.forgotten:
            self.forgotten = False
            return refusal(400, "M_UNKNOWN", "Unknown stream token")
        start = int(since[1:]) if since else -1
        wait = int(request.query.get("timeout", "0")) / 1_000
        limit = json.loads(request.query["filter"])["room"]["timeline"]["limit"]
        if wait and start >= self._position and not self.babble and not self._closing:
            try:
                async with asyncio.timeout(wait), self._news:
                    await self._news.wait_for(lambda: self._position > start or bool(self.babble) or self._closing)
            except TimeoutError:
                pass
        if self.babble:
            return web.Response(body=self.babble.pop(0), content_type="application/json")
        return web.json_response(self._since(start, limit))

    def _since(self, start: int, limit: int) -> dict[str, Any]:
        joined = {}
        for room in self.rooms.values():
            entered = room.since(OWN)
            if entered < 0:
                continue
            after = -1 if entered > start else start
            fresh = room.after(after)
            if not fresh:
                continue
            shown, left = fresh[-limit:], fresh[:-limit]
            known = dict(room.state) if after < 0 else {key: each for key, each in room.state.items()
                                                        if each[0] > after}  # fmt: skip
            people = sum(1 for kind, _ in room.state if kind == "m.room.member")
            joined[room.id] = {
                "summary": {"m.joined_member_count": people, "m.invited_member_count": 0},
                "state": {"events": [event for _, event in known.values()]},
                "timeline": {
                    "events": [self._shown(room, event) for _, event in shown],
                    "limited": bool(left),
                    "prev_batch": f"t{shown[0][0] - 1}",
                },
            }
        invited = {room: {"invite_state": {"events": state}} for room, state in self.invited.items()}
        return {
            "next_batch": f"s{self._position}",
            "account_data": {"events": self.account_data},
            "rooms": {"join": joined, "invite": invited},
        }

    def _shown(self, room: Room, event: Event) -> Event:
        """The event with the latest of its author's edits, as servers bundle it."""
        if not isinstance(event, dict) or "event_id" not in event:
            return event
        edits = room.edits.get(event["event_id"], ())
        edits = [each for each in edits if each["sender"] == event["sender"] and each["content"]]
        if not edits:
            return event
        return event | {"unsigned": event.get("unsigned", {}) | {"m.relations": {"m.replace": edits[-1]}}}

    def _messages(self, request: web.Request, room: Room) -> web.Response:
        start = int(request.query["from"][1:]) if "from" in request.query else self._position
        end = int(request.query["to"][1:]) if "to" in request.query else -1
        senders = json.loads(request.query.get("filter", "{}")).get("senders")
        limit = int(request.query.get("limit", "10"))
        found = [(position, event) for position, event in reversed(room.events) if end < position <= start]
        if senders is not None:
            found = [each for each in found if each[1].get("sender") in senders]
        page, more = found[:limit], len(found) > limit
        told: dict[str, Any] = {"start": f"t{start}"}
        told["chunk"] = [self._shown(room, event) for _, event in page if event["event_id"] not in self.unseen]
        if more:
            told["end"] = f"t{page[-1][0] - 1}"
        return web.json_response(told)

    def _context(self, room: Room, event_id: str) -> web.Response:
        at = next((number for number, (_, each) in enumerate(room.events) if each.get("event_id") == event_id), -1)
        if at < 0:
            return refusal(404, "M_NOT_FOUND", "Event not found.")
        before = room.events[max(0, at - 10) : at][::-1]
        return web.json_response(
            {
                "event": self._shown(room, room.events[at][1]),
                "events_before": [self._shown(room, event) for _, event in before],
                "events_after": [self._shown(room, event) for _, event in room.events[at + 1 : at + 11]],
                "start": f"t{(before[-1] if before else room.events[at])[0] - 1}",
            }
        )


def refusal(status: int, code: str, words: str) -> web.Response:
    """A refusal as the API has them."""
    return web.json_response({"errcode": code, "error": words}, status=status)


def later(form: str, seconds: float) -> tuple[dict[str, str], dict[str, Any]]:
    """Headers and body of a refusal that names a wait in this form."""
    match form:
        case "milliseconds":
            return {}, {"retry_after_ms": int(seconds * 1_000)}
        case "seconds":
            return {"Retry-After": str(int(seconds))}, {"retry_after_ms": 60_000}
        case "date":
            return {"Retry-After": formatdate(time.time() + seconds, usegmt=True)}, {}
        case _:
            return {}, {}


def _relates(event: Any, target: str, kind: str) -> bool:
    content = event.get("content") if isinstance(event, dict) else None
    relation = content.get("m.relates_to") if isinstance(content, dict) else None
    return isinstance(relation, dict) and relation.get("event_id") == target and relation.get("rel_type") == kind
