"""The Mastodon API: the practice network, in a thread of its own."""

from collections.abc import Mapping
from contextlib import ExitStack
from urllib.parse import urlsplit

from tests.conformance.kit import Address, Kit, Refusal
from tests.practice_network import QUIET, PracticeNetwork, network_in_thread
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Operation
from workstation.practice.stage import mentions_agent

STATUSES = "/api/v1/statuses"
FORMS = {"seconds": "seconds", "date": "date", "ISO time": "iso", "unsaid": "none"}


class MastodonKit(Kit):
    """See Kit."""

    kind = "mastodon"
    posts = True
    refusals = (Refusal("seconds", 1.0), Refusal("date", 5.0), Refusal("ISO time", 5.0), Refusal("unsaid"))
    write_marker = b"POST /api/v1/statuses"

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._said: list[str] = []

    async def start(self) -> Mapping[str, Address]:
        """See Kit."""
        self.network: PracticeNetwork = self._stack.enter_context(network_in_thread(QUIET))
        self.secret = self.network.tokens["agent"]
        return {name: _address(url) for name, url in self._urls().items()}

    def _urls(self) -> dict[str, str]:
        return {"api": self.network.base_url, "streaming": self.network.streaming_url}

    def config(self, reached: Mapping[str, Address]) -> ChannelConfig:
        """See Kit."""
        host, port = reached["api"]
        there, at = reached["streaming"]
        settings = {"streaming_url": f"ws://{there}:{at}", "sources": "mentions, direct, home"}
        return ChannelConfig(0, "mastodon", "double", f"http://{host}:{port}", secret="env:SECRET", settings=settings)

    async def close(self) -> None:
        """See Kit."""
        self._stack.close()

    async def say(self, text: str) -> str:
        """See Kit."""
        return str(self.network.post(text)["id"])

    async def edit(self, remote_id: str, text: str) -> None:
        """See Kit."""
        self.network.control("POST", "edit", id=remote_id, text=mentions_agent(text))

    async def delete(self, remote_id: str) -> None:
        """See Kit."""
        self.network.control("POST", "delete", id=remote_id)

    def written(self) -> list[str]:
        """See Kit."""
        self.network.control("DELETE", "faults")
        agent = self.network.account_ids["agent"]
        found = self.network.request("GET", f"/api/v1/accounts/{agent}/statuses?limit=40")
        return [status["content"] for status in reversed(found)]

    def refuse(self, refusal: Refusal, times: int = 1) -> None:
        """See Kit."""
        self.network.faults(
            {
                "kind": "rate_limit", "method": "POST", "path": STATUSES, "times": times,
                "seconds": refusal.seconds or 1.0, "form": FORMS[refusal.name],
            }
        )  # fmt: skip

    def expire(self) -> None:
        """See Kit."""
        self.network.faults({"kind": "expired_token", "times": 0})

    async def spoil(self) -> None:
        """See Kit."""
        self.network.faults({"kind": "garbage_event", "times": 1})
        self.network.post("this one is spoilt on the stream")

    async def babble(self) -> None:
        """See Kit."""
        self.network.faults({"kind": "garbage", "method": "GET", "times": 1})
        self.network.faults({"kind": "drop_sockets"})

    def limit(self, operation: Operation) -> int:
        """See Kit."""
        return 500


def _address(url: str) -> Address:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


KIT = MastodonKit
