"""Builds requests to a server's API; pure."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import msgspec

from workstation.net.client import Request
from workstation.net.messages import typed_server

Params = tuple[tuple[str, str], ...]

JSON = (("Accept", "application/json"),)
"""Some servers answer a failed request with a page, or with the way to a sign-in, unless they are asked for JSON."""


def base_address(server: str) -> str:
    """Scheme, host and port of what was typed: `mastodon.example`, an address with a path. ConfigurationError."""
    return typed_server(server)[0]


def typed_path(server: str) -> str:
    """The path of what was typed, without its last slash: a server below one, or only the address of a profile."""
    return typed_server(server)[1]


def part(text: str) -> str:
    """An id as a part of a path."""
    return quote(text, safe="")


class Api(msgspec.Struct, frozen=True):
    """One server and the account's token; its representation shows neither."""

    base: str
    token: str = ""
    insecure: bool = False

    def __repr__(self) -> str:
        return "Api()"

    def get(self, path: str, params: Params = ()) -> Request:
        """A read."""
        query = f"?{urlencode(params)}" if params else ""
        return Request(url=f"{self.base}{path}{query}", headers=JSON, token=self.token, insecure=self.insecure)

    def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        key: str = "",
        repeatable: bool = False,
    ) -> Request:
        """A write with a JSON body; `key` goes out as Idempotency-Key."""
        headers = [*JSON]
        if body is not None:
            headers.append(("Content-Type", "application/json"))
        if key:
            headers.append(("Idempotency-Key", key))
        return Request(
            method=method,
            url=self.base + path,
            headers=tuple(headers),
            body=b"" if body is None else msgspec.json.encode(body),
            token=self.token,
            repeatable=repeatable,
            redirects=1,
            insecure=self.insecure,
        )

    def upload(self, path: str, body: bytes, boundary: str) -> Request:
        """A file for a post to come: doing it twice does no harm, and it may take its time."""
        kind = f"multipart/form-data; boundary={boundary}"
        return Request(
            method="POST",
            url=self.base + path,
            headers=(*JSON, ("Content-Type", kind)),
            body=body,
            token=self.token,
            total=180.0,
            read=120.0,
            redirects=0,
            insecure=self.insecure,
        )

    def form(self, path: str, body: Mapping[str, str]) -> Request:
        """A form without the token: sign-in, which creates nothing that may not be there twice."""
        return Request(
            method="POST",
            url=path if "://" in path else self.base + path,
            headers=(("Content-Type", "application/x-www-form-urlencoded"),),
            body=urlencode(body).encode(),
            redirects=0,
            insecure=self.insecure,
        )
