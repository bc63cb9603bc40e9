"""Fixtures for tests that need a social network: a practice network per test, on a loop in a thread of its own.

Import what you need into your conftest or test module: `from tests.practice_network import practice, practices`.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from workstation.practice.options import Options
from workstation.practice.server import Practice, running

QUIET = Options(rate=0.0, backlog=0, languages=("en", "de"), reply_delay=0.05, heartbeat=5.0, thump=0.2)


@dataclass
class PracticeNetwork:
    """A running network as a test sees it: addresses, tokens, and the control API (blocking calls)."""

    base_url: str
    streaming_url: str
    tokens: dict[str, str]
    control_token: str
    account_ids: dict[str, str]
    description: dict[str, Any] = field(default_factory=dict)

    def control(self, method: str, name: str, **values: Any) -> Any:
        """Call the control API and return its JSON."""
        return self.request(method, f"/practice/{name}", self.control_token, values or None)

    def request(self, method: str, path: str, token: str = "", values: dict[str, Any] | None = None) -> Any:
        """Make any request and return its JSON; an error status raises urllib's HTTPError."""
        data = None if values is None else json.dumps(values).encode()
        headers = {"Content-Type": "application/json"} if data is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = Request(self.base_url + path, data=data, headers=headers, method=method)  # noqa: S310 - loopback
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            error.close()
            raise

    def post(self, text: str, **values: Any) -> dict[str, Any]:
        """Let a customer write to the desk now; returns the status."""
        posted: dict[str, Any] = self.control("POST", "post", text=text, **values)
        return posted

    def faults(self, *faults: dict[str, Any]) -> None:
        """Set faults."""
        self.control("POST", "faults", faults=list(faults))

    def statistics(self) -> dict[str, Any]:
        """Return what was played, sent, asked and received."""
        statistics: dict[str, Any] = self.control("GET", "statistics")
        return statistics


@contextmanager
def network_in_thread(options: Options = QUIET) -> Iterator[PracticeNetwork]:
    """Serve a network in a thread for as long as the block lasts."""
    ready: list[PracticeNetwork | BaseException] = []
    started = threading.Event()
    stop: list[Callable[[], object]] = []

    async def serve() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with running(options) as practice:
            stop.append(lambda: loop.call_soon_threadsafe(over.set))
            ready.append(_described(practice))
            started.set()
            await over.wait()

    def work() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - handed to the test's thread
            ready.append(error)
            started.set()

    thread = threading.Thread(target=work, name="practice network")
    thread.start()
    try:
        assert started.wait(30), "the practice network did not start"
        network = ready[0]
        if isinstance(network, BaseException):
            raise network
        yield network
    finally:
        for end in stop:
            end()
        thread.join(30)
        failure = ready[-1]
        if isinstance(failure, BaseException):
            raise failure


def _described(practice: Practice) -> PracticeNetwork:
    description = practice.description()
    return PracticeNetwork(
        description["base_url"],
        description["streaming_url"],
        description["tokens"],
        description["control_token"],
        description["account_ids"],
        description,
    )


@pytest.fixture
def practice() -> Iterator[PracticeNetwork]:
    """A quiet network: nothing happens on it but what the test makes happen."""
    with network_in_thread() as network:
        yield network


@pytest.fixture
def practices() -> Iterator[Callable[..., PracticeNetwork]]:
    """A factory: `practices(rate=50, limit_characters=300)` starts a network with those options."""
    with ExitStack() as stack:

        def start(**values: Any) -> PracticeNetwork:
            return stack.enter_context(network_in_thread(replace(QUIET, **values)))

        yield start
