"""A real WordPress as others use it: by the standard library, which shares no line with ours."""

import base64
import json
import urllib.error
import urllib.request
from typing import Any

from tests.servers.running import Server

Item = dict[str, Any]


class Visitors:
    """Visitors who write, and the agent who looks at what is there."""

    def __init__(self, server: Server) -> None:
        self._base = server["BASE"]
        said = f"{server['AGENT_USER']}:{server['AGENT_APP_PASSWORD']}"
        self._agent = "Basic " + base64.b64encode(said.encode()).decode()

    def call(self, method: str, path: str, body: Item | None = None, *, agent: bool = True) -> Any:
        """A request; its decoded answer."""
        request = urllib.request.Request(f"{self._base}/wp/v2{path}", method=method)  # noqa: S310 - our own address
        request.add_header("User-Agent", "Somebody")
        if agent:
            request.add_header("Authorization", self._agent)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def write(self, text: str, name: str = "Vera", **values: Any) -> str:
        """A visitor comments; the id. It waits for approval."""
        body = {"post": 1, "content": text, "author_name": name, "author_email": f"{name}@example.org"} | values
        return str(self.call("POST", "/comments", body, agent=False)["id"])

    def comment(self, number: str) -> Item:
        """A comment as the agent sees it; empty where it is gone."""
        try:
            found: Item = self.call("GET", f"/comments/{number}?context=edit")
        except urllib.error.HTTPError as error:
            error.close()
            return {}
        return found

    def change(self, number: str, **values: Any) -> None:
        """Somebody else changes a comment, in the site's own pages."""
        self.call("POST", f"/comments/{number}", values)

    def remove(self, number: str) -> None:
        """Somebody else deletes a comment for good."""
        self.call("DELETE", f"/comments/{number}?force=true")

    def empty(self) -> None:
        """Delete all comments."""
        while found := self.call("GET", "/comments?context=edit&status=any&type=all&per_page=100&_fields=id"):
            for item in found:
                self.remove(item["id"])
