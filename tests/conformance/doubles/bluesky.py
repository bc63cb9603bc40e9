"""A small network of the AT Protocol in the test's own process: PDS, AppView, Ozone and Jetstream behind one address.

It answers as the reference servers do (names of errors, statuses, pages newest first), and misbehaves on demand.
"""

import asyncio
import base64
import hashlib
import json
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from aiohttp import WSMsgType, web

Record = dict[str, Any]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

OWN, ALICE, BOB = "did:plc:shop", "did:plc:alice", "did:plc:bob"
OZONE = "did:plc:ozone"
HANDLES = {OWN: "shop.test", ALICE: "alice.test", BOB: "bob.test"}
PASSWORD = "the-password"
POST = "app.bsky.feed.post"
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
MOD = "tools.ozone.moderation.defs#"


def now() -> int:
    """Microseconds."""
    return time.time_ns() // 1_000


def iso(at: int) -> str:
    """As the lexicons write it."""
    return datetime.fromtimestamp(at / 1e6, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def tid(at: int) -> str:
    """A record key."""
    number = at << 10
    return "".join(LETTERS[(number >> shift) & 31] for shift in range(60, -1, -5))


def jwt(kind: str, serial: int, seconds: float) -> str:
    """A token that says when it ends."""
    said = {"scope": kind, "sub": OWN, "aud": "did:web:double", "iat": int(time.time()), "exp": time.time() + seconds}
    parts = ({"alg": "none"}, said | {"jti": str(serial)})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + ".x"


def failure(error: str, message: str = "", status: int = 400, **headers: str) -> web.Response:
    """An error of XRPC."""
    return web.json_response({"error": error, "message": message or error}, status=status, headers=headers)


@dataclass
class Stored:
    """A record with its version and the time by which it is sorted."""

    uri: str
    cid: str
    value: Record
    at: int


@dataclass
class Habits:
    """What a test changes."""

    page: int = 50
    life: float = 7_200.0
    """Seconds that an access token holds."""
    expired_status: int = 400
    """400 ExpiredToken, or 401 without a name."""
    moderator: bool = True
    strict_swap: bool = False
    """Refuse to write again what is there."""
    refusals: list[dict[str, str]] = field(default_factory=list)
    """Headers of the next 429 of writes."""
    spoilt: list[bytes] = field(default_factory=list)
    """Bodies of the next reads of notifications."""
    odd: dict[str, Answer] = field(default_factory=dict)
    """Answers of a test's own, by method name."""


class Network:
    """The network. What is public here is what tests do to it."""

    def __init__(self, habits: Habits | None = None) -> None:
        self.habits = habits or Habits()
        self.records: dict[str, Stored] = {}
        self.posts: dict[str, list[Stored]] = {}
        """Posts of each account and, under "", of all, oldest first."""
        self.asked: list[str] = []
        self.bodies: list[tuple[str, Any]] = []
        self.notices: list[Record] = []
        self.events: list[Record] = []
        self.statuses: dict[str, Record] = {}
        self.lines: list[tuple[int, bytes]] = []
        self.mutes: set[str] = set()
        self.views: dict[str, Record] = {}
        """What views of posts say besides, by address."""
        self.tokens: set[str] = set()
        self.refreshes: set[str] = set()
        self.password = PASSWORD
        self.blobs: dict[str, bytes] = {}
        self.externals: set[str] = set()
        self.sockets: list[web.WebSocketResponse] = []
        self.cursors: list[str] = []
        self.hellos: list[str] = []
        self.base = ""
        """Where the account's document says that it is."""
        self.reached = ""
        self._serial = 0
        self._last = 0
        self._news = asyncio.Event()

    # -- what tests do -------------------------------------------------------------------------------------------

    def tick(self) -> int:
        """A moment of its own."""
        self._last = max(now(), self._last + 1)
        return self._last

    def put(self, did: str, collection: str, value: Record, rkey: str = "") -> Stored:
        """Write a record, as the network then knows it."""
        at = self.tick()
        uri = f"at://{did}/{collection}/{rkey or tid(at)}"
        cid = "bafy" + hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:48]
        before = self.records.get(uri)
        if before is None:
            made = self.records[uri] = Stored(uri, cid, value, at)
            for name in (did, "") if collection == POST else ():
                self.posts.setdefault(name, []).append(made)
        else:
            made, made.cid, made.value = before, cid, value
        self._line(did, "update" if before else "create", collection, uri, value, cid)
        if before is None and collection == POST and did != OWN:
            self._notify(made, did)
        return made

    def say(self, text: str, did: str = ALICE, **more: Any) -> Stored:
        """Somebody writes to us."""
        named = f"@{HANDLES[OWN]} {text}"
        facet = {
            "index": {"byteStart": 0, "byteEnd": len(HANDLES[OWN]) + 1},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": OWN}],
        }
        value = {"$type": POST, "text": named, "createdAt": iso(now()), "langs": ["en"], "facets": [facet], **more}
        return self.put(did, POST, value)

    def post(self, text: str, did: str = ALICE, **more: Any) -> Stored:
        """Somebody posts."""
        return self.put(did, POST, {"$type": POST, "text": text, "createdAt": iso(now()), "langs": ["en"], **more})

    def answer(self, to: Stored, text: str, did: str = ALICE) -> Stored:
        """Somebody answers a post."""
        parent = {"uri": to.uri, "cid": to.cid}
        root = to.value.get("reply", {}).get("root", parent)
        return self.post(text, did, reply={"root": root, "parent": parent})

    def notice(self, reason: str, record: Record, did: str = ALICE) -> None:
        """Something else happens to us: a like, a follow."""
        at = self.tick()
        self.notices.append(self._notification(f"at://{did}/x.y.z/{tid(at)}", reason, record, did, at))

    def edit(self, uri: str, text: str) -> None:
        """Somebody changes a post."""
        found = self.records[uri]
        did, collection, rkey = uri[5:].split("/")
        self.put(did, collection, found.value | {"text": text}, rkey)

    def delete(self, uri: str) -> None:
        """Somebody takes a record back."""
        did, collection, _ = uri[5:].split("/")
        gone = self.records.pop(uri, None)
        if gone is not None:
            for name in (did, "") if collection == POST else ():
                self.posts[name].remove(gone)
            self.notices = [item for item in self.notices if item["uri"] != uri]
            self._line(did, "delete", collection, uri, None, "")

    def written(self) -> list[str]:
        """Texts of our posts, in order."""
        found = [item for uri, item in self.records.items() if uri.startswith(f"at://{OWN}/{POST}/")]
        return [item.value["text"] for item in sorted(found, key=lambda item: item.at)]

    def stream_lines(self, *lines: bytes) -> None:
        """Lines of Jetstream, as they are."""
        self.lines += [(self.tick(), line) for line in lines]
        self._wake()

    def expire(self) -> None:
        """Accept no access token that was given so far."""
        self.tokens.clear()

    def lock_out(self) -> None:
        """Accept no sign-in any more."""
        self.tokens.clear()
        self.refreshes.clear()
        self.password = "another one"

    def _line(self, did: str, operation: str, collection: str, uri: str, value: Record | None, cid: str) -> None:
        at = self.tick()
        commit: Record = {"rev": tid(at), "operation": operation, "collection": collection}
        commit["rkey"] = uri.rpartition("/")[2]
        if value is not None:
            commit |= {"record": value, "cid": cid}
        line = {"did": did, "time_us": at, "kind": "commit", "commit": commit}
        self.lines.append((at, json.dumps(line).encode()))
        self._wake()

    def _wake(self) -> None:
        told, self._news = self._news, asyncio.Event()
        told.set()

    def _notify(self, made: Stored, did: str) -> None:
        value = made.value
        reply = value.get("reply", {})
        reason = ""
        if any(part["uri"].startswith(f"at://{OWN}/") for part in reply.values()):
            reason = "reply"
        elif any(item.get("did") == OWN for facet in value.get("facets", []) for item in facet["features"]):
            reason = "mention"
        if reason:
            self.notices.append(self._notification(made.uri, reason, value, did, made.at, made.cid))

    def _notification(self, uri: str, reason: str, record: Any, did: str, at: int, cid: str = "bafy0") -> Record:
        who = self.profile(did)
        return {
            "uri": uri, "cid": cid, "author": who, "reason": reason, "record": record, "isRead": False,
            "indexedAt": iso(at), "labels": [],
        }  # fmt: skip

    # -- views ---------------------------------------------------------------------------------------------------

    @staticmethod
    def profile(did: str) -> Record:
        """profileViewBasic."""
        handle = HANDLES.get(did, f"{did.rpartition(':')[2]}.test")
        return {"did": did, "handle": handle, "displayName": handle.partition(".")[0].title(), "labels": []}

    def _mine(self, collection: str, uri: str) -> str:
        for name, item in self.records.items():
            if name.startswith(f"at://{OWN}/{collection}/") and item.value["subject"]["uri"] == uri:
                return name
        return ""

    def view(self, item: Stored) -> Record:
        """postView."""
        viewer = {
            name: uri
            for name, collection in (("like", "app.bsky.feed.like"), ("repost", "app.bsky.feed.repost"))
            if (uri := self._mine(collection, item.uri))
        }
        did = item.uri[5:].partition("/")[0]
        return {
            "uri": item.uri, "cid": item.cid, "author": self.profile(did), "record": item.value, "replyCount": 0,
            "indexedAt": iso(item.at), "viewer": viewer, "labels": [],
        } | self.views.get(item.uri, {})  # fmt: skip

    def _posts(self, did: str = "") -> Iterator[Stored]:
        """Newest first."""
        return reversed(self.posts.get(did, []))

    def _page(self, request: web.Request, name: str, items: Iterable[tuple[int, Record]]) -> web.Response:
        """A page of what comes newest first; the cursor is the time of its last item."""
        before = int(request.query.get("cursor", "0") or 0)
        limit = min(int(request.query.get("limit", "50")), self.habits.page)
        rest = list(islice(((at, item) for at, item in items if not before or at < before), limit + 1))
        body: Record = {name: [item for _, item in rest[:limit]]}
        if len(rest) > limit:
            body["cursor"] = str(rest[limit - 1][0])
        return web.json_response(body, headers={"atproto-content-labelers": f"{OZONE};redact"})

    # -- the server ------------------------------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Any request of XRPC."""
        nsid = request.match_info["nsid"]
        self.asked.append(nsid)
        if nsid in self.habits.odd:
            return await self.habits.odd[nsid](request)
        public = {
            "com.atproto.server.createSession": self._create,
            "com.atproto.server.refreshSession": self._refresh,
            "com.atproto.server.describeServer": self._describe,
        }
        if nsid in public:
            return await public[nsid](request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            if self.habits.expired_status == 401:
                return web.Response(status=401)
            return failure("ExpiredToken", "Token has expired", self.habits.expired_status)
        if request.method == "POST":
            return await self._write(request, nsid)
        return await self._read(request, nsid)

    async def _create(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["password"] != self.password or body["identifier"] not in (OWN, HANDLES[OWN]):
            return failure("AuthenticationRequired", "Invalid identifier or password", 401)
        return self._session()

    async def _refresh(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.refreshes:
            return failure("ExpiredToken", "Token has been revoked", 400)
        self.refreshes.discard(token)
        return self._session()

    async def _describe(self, _: web.Request) -> web.Response:
        return web.json_response({"did": "did:web:double", "availableUserDomains": [".test"]})

    def _session(self) -> web.Response:
        self._serial += 1
        access, refresh = jwt("access", self._serial, self.habits.life), jwt("refresh", self._serial, 9e6)
        self.tokens.add(access)
        self.refreshes.add(refresh)
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.base}
        return web.json_response(
            {"did": OWN, "handle": HANDLES[OWN], "accessJwt": access, "refreshJwt": refresh, "active": True,
             "didDoc": {"id": OWN, "service": [service]}}
        )  # fmt: skip

    async def _read(self, request: web.Request, nsid: str) -> web.StreamResponse:
        query = request.query
        match nsid.rpartition(".")[2]:
            case "listNotifications":
                if self.habits.spoilt:
                    return web.Response(body=self.habits.spoilt.pop(0), content_type="application/json")
                stamped = ((_micros(item["indexedAt"]), item) for item in reversed(self.notices))
                return self._page(request, "notifications", stamped)
            case "getAuthorFeed":
                mine = self._posts(query["actor"])
                return self._page(request, "feed", ((item.at, {"post": self.view(item)}) for item in mine))
            case "getTimeline" | "getFeed" | "getListFeed":
                return self._page(request, "feed", ((item.at, {"post": self.view(item)}) for item in self._posts()))
            case "searchPosts":
                words = query["q"].lower()
                found = (item for item in self._posts() if words in item.value["text"].lower())
                return self._page(request, "posts", ((item.at, self.view(item)) for item in found))
        return await self._one(request, nsid)

    async def _one(self, request: web.Request, nsid: str) -> web.StreamResponse:
        query = request.query
        match nsid.rpartition(".")[2]:
            case "getPosts":
                wanted = [self.records[uri] for uri in query.getall("uris") if uri in self.records]
                return web.json_response({"posts": [self.view(item) for item in wanted]})
            case "getProfiles":
                return web.json_response({"profiles": [self.profile(did) for did in query.getall("actors")]})
            case "getProfile":
                viewer = {"muted": query["actor"] in self.mutes}
                return web.json_response(self.profile(query["actor"]) | {"viewer": viewer})
            case "getPostThread":
                return self._thread(query["uri"])
            case "getRecord":
                return self._record(f"at://{query['repo']}/{query['collection']}/{query['rkey']}")
            case "listRecords":
                return self._list(request)
            case "resolveHandle":
                did = next((did for did, handle in HANDLES.items() if handle == query["handle"]), "")
                return web.json_response({"did": did}) if did else failure("HandleNotFound")
        fixed: dict[str, Record] = {
            "getServices": {"views": []},
            "getFeedGenerator": {"view": {"displayName": "What's hot"}},
            "getList": {"list": {"name": "Friends"}, "items": []},
        }
        if nsid.rpartition(".")[2] in fixed:
            return web.json_response(fixed[nsid.rpartition(".")[2]])
        if nsid.startswith("tools.ozone."):
            return self._ozone(request, nsid)
        return failure("MethodNotImplemented", "Method Not Implemented", 501)

    def _record(self, uri: str) -> web.Response:
        found = self.records.get(uri)
        if found is None:
            return failure("RecordNotFound", "Could not locate record")
        return web.json_response({"uri": found.uri, "cid": found.cid, "value": found.value})

    def _list(self, request: web.Request) -> web.Response:
        prefix = f"at://{request.query['repo']}/{request.query['collection']}/"
        rows = [item for uri, item in self.records.items() if uri.startswith(prefix)]
        shown = ((item.at, {"uri": item.uri, "cid": item.cid, "value": item.value}) for item in reversed(rows))
        return self._page(request, "records", shown)

    def _thread(self, uri: str) -> web.Response:
        found = self.records.get(uri)
        if found is None:
            return failure("NotFound", f"Post not found: {uri}")
        return web.json_response({"thread": self._up(found) | {"replies": self._down(found)}})

    def _up(self, item: Stored) -> Record:
        node: Record = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.view(item)}
        parent = item.value.get("reply", {}).get("parent", {}).get("uri")
        if parent:
            above = self.records.get(parent)
            gone = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": parent, "notFound": True}
            node["parent"] = self._up(above) if above else gone
        return node

    def _down(self, item: Stored) -> list[Record]:
        below = [
            other for other in self._posts() if other.value.get("reply", {}).get("parent", {}).get("uri") == item.uri
        ]
        kind = "app.bsky.feed.defs#threadViewPost"
        return [{"$type": kind, "post": self.view(other), "replies": self._down(other)} for other in below]

    async def _write(self, request: web.Request, nsid: str) -> web.StreamResponse:
        if self.habits.refusals:
            return failure("RateLimitExceeded", "Rate Limit Exceeded", 429, **self.habits.refusals.pop(0))
        if nsid == "com.atproto.repo.uploadBlob":
            data = await request.read()
            cid = "bafk" + hashlib.sha256(data).hexdigest()[:40]
            self.blobs[cid] = data
            blob = {"$type": "blob", "ref": {"$link": cid}, "mimeType": request.content_type, "size": len(data)}
            return web.json_response({"blob": blob})
        body = await request.json()
        self.bodies.append((nsid, body))
        match nsid.rpartition(".")[2]:
            case "putRecord":
                return self._put(body)
            case "deleteRecord":
                self.delete(f"at://{body['repo']}/{body['collection']}/{body['rkey']}")
                return web.json_response({})
            case "muteActor":
                self.mutes.add(body["actor"])
                return web.json_response({})
            case "unmuteActor":
                self.mutes.discard(body["actor"])
                return web.json_response({})
            case "createReport":
                return web.json_response({"id": self.report(body, OWN)})
            case "emitEvent" if self.habits.moderator:
                return self._emit(body)
        return failure("MethodNotImplemented", "Method Not Implemented", 501)

    def _put(self, body: Record) -> web.Response:
        uri = f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
        before = self.records.get(uri)
        if "swapRecord" in body:
            same = before is not None and before.value == body["record"] and not self.habits.strict_swap
            if not same and (before.cid if before else None) != body["swapRecord"]:
                return failure("InvalidSwap", f"Record was at {before.cid if before else None}")
        if len(body["record"].get("text", "")) > 3_000:
            return failure("InvalidRequest", "Invalid app.bsky.feed.post record: string too big")
        if before is None or before.value != body["record"]:
            before = self.put(body["repo"], body["collection"], body["record"], body["rkey"])
        headers = {
            "ratelimit-limit": "5000",
            "ratelimit-remaining": "4990",
            "ratelimit-reset": str(int(time.time()) + 99),
        }
        return web.json_response({"uri": uri, "cid": before.cid, "validationStatus": "valid"}, headers=headers)

    # -- Ozone -----------------------------------------------------------------------------------------------------

    def report(self, body: Record, by: str) -> int:
        """Somebody reports."""
        kind = {"$type": f"{MOD}modEventReport", "reportType": body["reasonType"], "comment": body.get("reason", "")}
        return self._event(kind, body["subject"], by)

    def _event(self, event: Record, subject: Record, by: str) -> int:
        number = len(self.events) + 1
        about = subject.get("did") or subject["uri"][5:].partition("/")[0]
        self.events.append(
            {"id": number, "event": event, "subject": subject, "subjectBlobCids": [], "createdBy": by,
             "createdAt": iso(self.tick()), "creatorHandle": HANDLES[by], "subjectHandle": HANDLES.get(about, "")}
        )  # fmt: skip
        status = self.statuses.setdefault(
            subject.get("uri") or subject["did"],
            {"id": number, "subject": subject, "reviewState": f"{MOD}reviewOpen", "takendown": False},
        )
        states = {"modEventReport": "reviewOpen", "modEventAcknowledge": "reviewClosed",
                  "modEventEscalate": "reviewEscalated", "modEventTakedown": "reviewClosed"}  # fmt: skip
        name = event["$type"].partition("#")[2]
        status["reviewState"] = MOD + states.get(name, status["reviewState"].partition("#")[2])
        status["takendown"] = {"modEventTakedown": True, "modEventReverseTakedown": False}.get(
            name, status["takendown"]
        )
        if name != "modEventReport":
            status["lastReviewedAt"] = iso(self.tick())
        return number

    def _emit(self, body: Record) -> web.Response:
        if body.get("externalId") in self.externals:
            return failure("DuplicateExternalId")
        self.externals.add(body.get("externalId", ""))
        number = self._event(body["event"], body["subject"], body["createdBy"])
        return web.json_response(self.events[number - 1])

    def _ozone(self, request: web.Request, nsid: str) -> web.StreamResponse:
        query = request.query
        if not self.habits.moderator or request.headers.get("atproto-proxy") != f"{OZONE}#atproto_labeler":
            return failure("AuthenticationRequired", "not a moderator account", 401)
        match nsid.rpartition(".")[2]:
            case "getConfig":
                return web.json_response({"viewer": {"role": "tools.ozone.team.defs#roleModerator"}})
            case "queryEvents":
                kinds = query.getall("types", [])
                about = query.get("subject", "")
                by, after = query.get("createdBy", ""), query.get("createdAfter", "")
                found = [
                    event
                    for event in self.events
                    if (not kinds or event["event"]["$type"] in kinds)
                    and (not about or about in (event["subject"].get("uri"), event["subject"].get("did")))
                    and (not by or event["createdBy"] == by)
                    and (not after or event["createdAt"] >= after)
                ]
                return self._page(
                    request, "events", ((_micros(event["createdAt"]), event) for event in reversed(found))
                )
            case "queryStatuses":
                rows = sorted(self.statuses.values(), key=lambda row: row.get("lastReviewedAt", ""), reverse=True)
                return web.json_response({"subjectStatuses": rows})
            case "getSubjects":
                return web.json_response({"subjects": [self._subject(key) for key in query.getall("subjects")]})
            case "getEvent":
                number = int(query["id"])
                if 0 < number <= len(self.events):
                    return web.json_response(self.events[number - 1])
                return failure("InvalidRequest", f"Event not found: {number}")
        return failure("MethodNotImplemented", "Method Not Implemented", 501)

    def _subject(self, key: str) -> Record:
        did = key[5:].partition("/")[0] if key.startswith("at://") else key
        found = self.records.get(key)
        view: Record = {"type": "record" if found else "account", "subject": key, "profile": self.profile(did)}
        if found is not None:
            view["record"] = {"uri": found.uri, "cid": found.cid, "value": found.value}
        if key in self.statuses:
            view["status"] = self.statuses[key]
        return view

    # -- Jetstream -------------------------------------------------------------------------------------------------

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Lines from the cursor on, then live."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.cursors.append(request.query.get("cursor", ""))
        after = int(request.query.get("cursor", "0") or 0)
        at = bisect_right(self.lines, after, key=lambda line: line[0]) if after else len(self.lines)
        wanted = [name.encode() for name in request.query.getall("wantedCollections", [])]
        reading = asyncio.create_task(_until_closed(socket, self.hellos), name="double")
        try:
            while not reading.done() and not socket.closed:
                news = self._news
                fresh, at = self.lines[at:], len(self.lines)
                for _, line in fresh:
                    if not wanted or b'"collection"' not in line or any(name in line for name in wanted):
                        await socket.send_bytes(line)
                waiting = asyncio.create_task(news.wait(), name="double")
                await asyncio.wait({waiting, reading}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
        except ConnectionError:
            pass
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        return socket


async def _until_closed(socket: web.WebSocketResponse, heard: list[str]) -> None:
    async for message in socket:
        heard += [message.data] if message.type is WSMsgType.TEXT else []


def _micros(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1e6)


def routes(network: Network) -> web.Application:
    """The network's application."""
    app = web.Application(client_max_size=8 << 20)
    app.router.add_route("*", "/xrpc/{nsid}", network.handle)
    app.router.add_get("/subscribe", network.stream)
    return app


async def started(network: Network) -> web.AppRunner:
    """Begin to serve on a port of the system's choice."""
    runner = web.AppRunner(routes(network), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    network.base = network.reached = f"http://{host}:{port}"
    return runner


@asynccontextmanager
async def double(habits: Habits | None = None) -> AsyncIterator[Network]:
    """A running network."""
    network = Network(habits)
    runner = await started(network)
    try:
        yield network
    finally:
        for socket in network.sockets:
            await socket.close()
        await runner.cleanup()
