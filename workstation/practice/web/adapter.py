"""The joint of aiohttp and the API's functions: reads requests, applies faults, limits and scopes, writes answers."""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from workstation.practice import garbage
from workstation.practice.clock import iso
from workstation.practice.faults import Fault
from workstation.practice.limits import Allowance
from workstation.practice.model import Token
from workstation.practice.web.call import Answer, Call, Parameters, RefusedError, Route, Upload

if TYPE_CHECKING:
    from workstation.practice.server import Practice

UPLOAD_LIMIT = 17 << 20
_LOST = Answer(None, 0)
_CORS = {"Access-Control-Allow-Origin": "*", "X-Practice": "yes"}


class Adapter:
    """Turns routes into aiohttp's, for one network."""

    def __init__(self, practice: "Practice") -> None:
        self._practice = practice

    def routes(self, routes: tuple[Route, ...]) -> list[web.RouteDef]:
        """Return aiohttp's routes, each also with a trailing slash as Rails takes it."""
        made = []
        for route in routes:
            handler = self._handler(route)
            made += [web.route(route.method, path, handler) for path in (route.path, f"{route.path}/")]
        return made

    def _handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        name = f"{route.method} {route.path}"

        async def handle(request: web.Request) -> web.StreamResponse:
            practice = self._practice
            practice.desk.requests[name] += 1
            if route.scope == "control":
                return self._written(await self._answer(route, request), None)
            allowance = practice.limits.take(request.headers.get("Authorization", request.remote or ""))
            fault = practice.faults.request(request.method, request.path)
            answer = await self._before(fault, request) if fault else None
            if answer is None and allowance.remaining < 0:
                answer = _too_many("iso", allowance.resets_at_ms)
            if answer is None:
                answer = await self._answer(route, request)
            if answer is _LOST:
                _cut(request)
                return web.Response()
            response = self._written(answer, allowance)
            late = practice.faults.request(request.method, request.path, after=True)
            return await self._after(late, request, response) if late else response

        return handle

    async def unknown(self, request: web.Request) -> web.Response:
        """Answer to an address that this network does not have."""
        self._practice.desk.requests[f"{request.method} (unknown)"] += 1
        return self._written(Answer({"error": "Not Found"}, 404), None)

    async def gate(self, request: web.Request) -> web.Response | None:
        """Return the answer to a request for a live stream that a fault strikes."""
        fault = self._practice.faults.request(request.method, request.path)
        answer = await self._before(fault, request) if fault else None
        if answer is _LOST:
            _cut(request)
            return web.Response()
        return self._written(answer, None) if answer is not None else None

    async def _before(self, fault: Fault, request: web.Request) -> Answer | None:
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "lost_request":
            return _LOST
        elif fault.kind == "rate_limit":
            now = self._practice.network.clock.now_ms()
            return _too_many(fault.form, now + round(fault.seconds * 1000), fault.seconds)
        elif fault.kind == "server_error":
            phrase = HTTPStatus(fault.status).phrase
            return Answer({"error": phrase}, fault.status)
        elif fault.kind == "expired_token":
            return Answer({"error": "The access token expired"}, 401)
        return None

    async def _after(self, fault: Fault, request: web.Request, response: web.Response) -> web.StreamResponse:
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "garbage" and isinstance(response.body, bytes):
            response.body = garbage.spoil(fault.variant, response.body)
        elif fault.kind == "lost_answer":
            if fault.at == "within" and request.transport is not None:
                request.transport.write(_raw(response)[: fault.bytes])
                request.transport.close()
            else:
                _cut(request)
        return response

    async def _answer(self, route: Route, request: web.Request) -> Answer:
        try:
            token = self._token(route, request)
            given, files = await _read(request)
            practice = self._practice
            call = Call(
                practice.network,
                practice.credentials,
                practice.desk,
                token,
                request.match_info,
                given,
                files,
                request.headers,
                request.path,
                request.query_string,
            )
            practice.network.idempotency = practice.options.idempotency and not practice.faults.standing(
                "ignore_idempotency"
            )
            return route.handler(call)
        except RefusedError as error:
            return Answer(error.body, error.status)

    def _token(self, route: Route, request: web.Request) -> Token | None:
        authorization = request.headers.get("Authorization", "")
        value = authorization[7:].strip() if authorization.lower().startswith("bearer ") else ""
        value = value or request.query.get("access_token", "")
        practice = self._practice
        if route.scope == "control":
            if value != practice.control_token:
                raise RefusedError(401, "The control token is missing or wrong")
            return None
        token = practice.credentials.tokens.get(value)
        if token is None and value:
            revoked = value in practice.credentials.revoked
            raise RefusedError(401, f"The access token {'was revoked' if revoked else 'is invalid'}")
        if not route.scope:
            return token
        if token is None:
            raise RefusedError(401, "The access token is invalid")
        if token.expired:
            raise RefusedError(401, "The access token expired")
        if not token.allows(route.scope):
            raise RefusedError(403, "This action is outside the authorized scopes")
        account = practice.network.accounts.get(token.account_id or 0)
        if route.staff and (account is None or not account.role):
            raise RefusedError(403, "This action is not allowed")
        if account is not None and (account.disabled or account.suspended):
            raise RefusedError(403, "Your login is currently disabled")
        return token

    def _written(self, answer: Answer, allowance: Allowance | None) -> web.Response:
        body = answer.body if isinstance(answer.body, bytes) else msgspec.json.encode(answer.body)
        stated = allowance.headers() if allowance and answer.status != HTTPStatus.TOO_MANY_REQUESTS else {}
        headers = {**_CORS, **stated, **answer.headers}
        self._practice.desk.answers[answer.status] += 1
        return web.Response(
            body=body, status=answer.status, headers=headers, content_type=answer.content_type, charset="utf-8"
        )


def _too_many(form: str, resets_at_ms: int, seconds: float = 0.0) -> Answer:
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"}
    if form in ("iso", "seconds"):
        headers["X-RateLimit-Reset"] = iso(resets_at_ms)
    if form == "seconds":
        headers["Retry-After"] = str(max(1, round(seconds)))
    if form == "date":
        headers["Retry-After"] = formatdate(resets_at_ms / 1000, usegmt=True)
    return Answer({"error": "Too many requests"}, 429, headers)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _raw(response: web.Response) -> bytes:
    """Return an answer as it stands on the wire, for cutting it at any byte."""
    body = response.body if isinstance(response.body, bytes) else b""
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items() if name.lower() != "content-length"]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def _read(request: web.Request) -> tuple[Parameters, dict[str, Upload]]:
    values: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    for name, value in request.query.items():
        _put(values, name, value)
    if request.method in ("GET", "HEAD") and request.content_type != "application/json":
        return Parameters(values), files
    if request.content_type == "application/json":
        raw = await request.read()
        try:
            body = msgspec.json.decode(raw) if raw else {}
        except (msgspec.DecodeError, RecursionError) as error:
            raise RefusedError(400, "The request body is not JSON") from error
        if isinstance(body, dict):
            values.update(body)
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        try:
            form = await request.post()
        except (HttpProcessingError, ValueError) as error:
            raise RefusedError(400, "The request body is not a form") from error
        for name, field in form.items():
            if isinstance(field, web.FileField):
                files[name] = Upload(field.content_type, field.file.read())
            elif isinstance(field, str):
                _put(values, name, field)
    return Parameters(values), files


def _put(values: dict[str, Any], name: str, value: str) -> None:
    """Put a value where a name in the manner of Rails says: plain, list[], or object[key]."""
    if name.endswith("[]"):
        values.setdefault(name[:-2], [])
        if isinstance(values[name[:-2]], list):
            values[name[:-2]].append(value)
    elif name.endswith("]") and "[" in name:
        outer, inner = name[:-1].split("[", 1)
        values.setdefault(outer, {})
        if isinstance(values[outer], dict):
            values[outer][inner] = value
    else:
        values[name] = value
