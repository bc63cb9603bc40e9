"""A WordPress site on loopback: the part of its REST API that comments need, with its codes and its quirks."""

import base64
import json
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from html import escape
from typing import Any

from aiohttp import web

from tests.conformance.kit import Address

USER, PASSWORD, OWN = "agent", "abcd EFGH 1234", 7
MODERATOR = {"moderate_comments": True, "edit_posts": True, "edit_published_posts": True, "edit_others_posts": True}
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
STATUSES = {"approved": "approved", "approve": "approved", "hold": "hold", "spam": "spam", "trash": "trash"}


class Site:
    """Comments in the order of their ids. Its attributes set what it does next."""

    def __init__(self, prefix: str = "/wp-json", *, plain: bool = False) -> None:
        self.comments: dict[int, dict[str, Any]] = {}
        self.posts: dict[int, str] = {1: "Hello &amp; welcome"}
        self.capabilities: dict[str, bool] = dict(MODERATOR)
        self.accepts = True
        self.closed = False
        self.dedupes = True
        self.refusals: list[tuple[int, dict[str, str], bytes]] = []
        self.babble: list[bytes] = []
        self.asked: list[str] = []
        self.trash = True
        self.base = ""
        self.wordpress = True
        self.redirect = ("", "")
        self._prefix = prefix
        self._plain = plain
        self._next = 1
        self._seconds = 0
        self._runner = web.AppRunner(self._application(), shutdown_timeout=0.1)

    async def start(self) -> Address:
        """Begin to serve."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return "127.0.0.1", int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """End."""
        await self._runner.cleanup()

    def _application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    # -- what people do ------------------------------------------------------------------------------------------

    def comment(self, text: str, name: str = "Alice", **values: Any) -> int:
        """Somebody writes; a raw item if `item` is given."""
        number = self._next
        self._next += 1
        self._seconds += 1
        when = START + timedelta(seconds=self._seconds)
        markup = escape(text, quote=False)
        base: dict[str, Any] = {
            "id": number, "post": 1, "parent": 0, "author": 0, "author_name": name,
            "author_email": f"{name}@example.org",
            "author_ip": "203.0.113.9", "author_user_agent": "Browser", "date": f"{when:%Y-%m-%dT%H:%M:%S}",
            "date_gmt": f"{when:%Y-%m-%dT%H:%M:%S}", "content": {"rendered": f"<p>{markup}</p>\n", "raw": markup},
            "link": f"http://site.example/hello/#comment-{number}", "status": "approved", "type": "comment",
            "author_avatar_urls": {"24": f"http://avatars.example/{name}?s=24", "96": f"http://avatars.example/{name}?s=96"},
        }  # fmt: skip
        self.comments[number] = base | values
        return number

    def change(self, number: int, text: str) -> None:
        """The text is another one from now on."""
        markup = escape(text, quote=False)
        self.comments[number]["content"] = {"rendered": f"<p>{markup}</p>\n", "raw": markup}

    def own_texts(self) -> list[str]:
        """What the agent wrote."""
        return [each["content"]["raw"] for each in self.comments.values() if each.get("author") == OWN]

    # -- the API -------------------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        if not self.wordpress:
            return web.Response(text="<html><p>Hello</p></html>", content_type="text/html")
        if self.redirect[0] and path.startswith(self.redirect[0]):
            return web.Response(status=301, headers={"Location": request.path_qs.replace(*self.redirect, 1)})
        root = f"http://{request.host}{self._prefix}"
        if self._plain:
            root = f"http://{request.host}{self._prefix}/?rest_route="
            if "rest_route" not in request.query:
                return self._page(root)
            route = request.query["rest_route"]
        elif path.startswith(self._prefix):
            route = path[len(self._prefix) :] or "/"
        else:
            return self._page(root)
        self.asked.append(f"{request.method} {route}")
        signed = self.accepts and request.headers.get("Authorization") == _basic(USER, PASSWORD)
        return await self._route(request, route.rstrip("/") or "/", signed=signed)

    def _page(self, root: str) -> web.Response:
        link = f'<{root.removesuffix("/")}/>; rel="https://api.w.org/"'
        return web.Response(text="<html><p>A site</p></html>", content_type="text/html", headers={"Link": link})

    async def _route(self, request: web.Request, route: str, *, signed: bool) -> web.StreamResponse:
        if route == "/":
            return web.json_response({"name": "A site", "home": f"http://{request.host}", "namespaces": ["wp/v2"]})
        if route == "/wp/v2/users/me":
            if not signed:
                return _error(401, "rest_not_logged_in", "You are not currently logged in.")
            return web.json_response({"id": OWN, "name": "Agent", "username": USER, "capabilities": self.capabilities})
        if route == "/wp/v2/posts":
            wanted = [int(part) for part in request.query.get("include", "").split(",") if part]
            found = [{"id": one, "title": {"rendered": self.posts[one]}} for one in wanted if one in self.posts]
            return web.json_response(found)
        if route == "/wp/v2/comments":
            return await (self._list(request, signed) if request.method == "GET" else self._create(request, signed))
        if route.startswith("/wp/v2/comments/"):
            return await self._one(request, int(route.rpartition("/")[2]), signed)
        return _error(404, "rest_no_route", "No route was found matching the URL and request method.")

    async def _list(self, request: web.Request, signed: bool) -> web.Response:
        if self.babble:
            return web.Response(body=self.babble.pop(0), content_type="application/json")
        query = request.query
        moderates = signed and self.capabilities.get("moderate_comments", False)
        if query.get("context") == "edit" and not moderates:
            return _error(403 if signed else 401, "rest_forbidden_context", "Sorry, you are not allowed.")
        found = [self.comments[number] for number in sorted(self.comments, reverse=True)]
        if query.get("status", "approve") != "any":
            found = [each for each in found if each["status"] == "approved"]
        if query.get("type", "comment") != "all":
            found = [each for each in found if each["type"] == "comment"]
        for name, field in (("include", "id"), ("post", "post"), ("author", "author")):
            if query.get(name):
                wanted = {int(part) for part in query[name].split(",")}
                found = [each for each in found if each[field] in wanted]
        if query.get("author_email"):
            found = [each for each in found if each["author_email"] == query["author_email"]]
        offset, size = int(query.get("offset", "0")), int(query.get("per_page", "10"))
        part = [
            self._shown(each, moderates and query.get("context") == "edit") for each in found[offset : offset + size]
        ]
        return web.json_response(part, headers={"X-WP-Total": str(len(found))})

    def _shown(self, item: dict[str, Any], edit: bool) -> dict[str, Any]:
        if edit or not isinstance(item.get("content"), dict):
            return item
        hidden = {"author_email", "author_ip", "author_user_agent"}
        shown = {key: value for key, value in item.items() if key not in hidden}
        return shown | {"content": {"rendered": item["content"]["rendered"]}}

    async def _create(self, request: web.Request, signed: bool) -> web.Response:
        if not signed:
            return _error(401, "rest_comment_login_required", "Sorry, you must be logged in to comment.")
        if self.refusals:
            status, headers, body = self.refusals.pop(0)
            return web.Response(status=status, headers=headers, body=body, content_type="application/json")
        told = json.loads(await request.read())
        if self.closed:
            return _error(403, "rest_comment_closed", "Sorry, comments are closed for this item.")
        same = (told["post"], told["parent"], told["content"])
        if self.dedupes and any((e["post"], e["parent"], e["content"]["raw"]) == same for e in self._mine()):
            return _error(
                409, "comment_duplicate", "Duplicate comment detected; it looks as though you&#8217;ve said it."
            )
        number = self.comment("", "Agent", author=OWN, parent=told["parent"], post=told["post"])
        item = self.comments[number]
        item["author_user_agent"] = told.get("author_user_agent", "Meridian")
        item["content"] = {"rendered": f"<p>{told['content']}</p>\n", "raw": told["content"]}
        if not self.capabilities.get("moderate_comments"):
            item["status"] = "hold"
        return web.json_response(self._shown(item, bool(self.capabilities.get("moderate_comments"))), status=201)

    def _mine(self) -> list[dict[str, Any]]:
        return [each for each in self.comments.values() if each["author"] == OWN and each["status"] != "trash"]

    async def _one(self, request: web.Request, number: int, signed: bool) -> web.Response:
        item = self.comments.get(number)
        if item is None:
            return _error(404, "rest_comment_invalid_id", "Invalid comment ID.")
        moderates = signed and self.capabilities.get("moderate_comments", False)
        if request.method == "GET":
            if item["status"] != "approved" and not (moderates or (signed and item["author"] == OWN)):
                return _error(403 if signed else 401, "rest_cannot_read", "Sorry, you are not allowed to read this.")
            return web.json_response(self._shown(item, moderates and request.query.get("context") == "edit"))
        if not moderates:
            return _error(
                403 if signed else 401, "rest_cannot_edit", "Sorry, you are not allowed to edit this comment."
            )
        told = json.loads(await request.read() or b"{}")
        if request.method == "DELETE":
            return self._delete(item, force=bool(told.get("force")))
        # As WordPress does: who asks is written into the comment, unless somebody else is named.
        item["author_ip"] = told.get("author_ip", "127.0.0.1")
        item["author_user_agent"] = told.get("author_user_agent", request.headers.get("User-Agent", ""))
        if "content" in told:
            item["content"] = {"rendered": f"<p>{told['content']}</p>\n", "raw": told["content"]}
        if "status" in told:
            if told["status"] in {"unspam", "untrash"}:
                item["status"] = item.pop("before", "approved")
            else:
                item["before"] = item["status"]
                item["status"] = STATUSES[told["status"]]
        return web.json_response(item)

    def _delete(self, item: dict[str, Any], *, force: bool) -> web.Response:
        if force:
            del self.comments[item["id"]]
            return web.json_response({"deleted": True, "previous": item})
        if not self.trash:
            return _error(501, "rest_trash_not_supported", "The comment does not support trashing.")
        if item["status"] == "trash":
            return _error(410, "rest_already_trashed", "The comment has already been trashed.")
        item["before"], item["status"] = item["status"], "trash"
        return web.json_response(item)


def later(name: str, seconds: float) -> tuple[int, dict[str, str], bytes]:
    """An answer that says "later" in one of its forms."""
    if name == "flood":
        said = {"code": "comment_flood", "message": "You are posting comments too quickly. Slow down.", "data": {}}
        return 400, {}, json.dumps(said).encode()
    forms = {
        "seconds": {"Retry-After": str(int(seconds))},
        "date": {"Retry-After": formatdate(datetime.now(UTC).timestamp() + seconds, usegmt=True)},
    }
    return 429, forms.get(name, {}), b"{}"


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message, "data": {"status": status}}, status=status)
