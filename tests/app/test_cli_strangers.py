"""The command line against a server that nobody has seen: what it cannot do is one clear line, never a traceback."""

import asyncio
import json
import threading
from collections.abc import Iterator

import pytest

from tests.app.conftest import Meridian
from tests.connectors.stranger import TOKEN, Stranger, always, stranger

PATIENCE = 60.0


class Running:
    """A stranger in a thread of its own, because the command line runs a loop of its own."""

    def __init__(self) -> None:
        self.server: Stranger
        self.base = ""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    async def _serve(self) -> None:
        async with stranger() as (self.server, self.base):
            self._ready.set()
            await self._end.wait()

    def close(self) -> None:
        """End it."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(PATIENCE)
        self._loop.close()


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch, meridian: Meridian) -> Iterator[Running]:
    """A stranger with a channel "m" on it."""
    monkeypatch.setenv("TOKEN", TOKEN)
    made = Running()
    added = meridian("channels", "add", "mastodon", "--name", "m", "--server", made.base, "--secret-env", "TOKEN")
    assert added.code == 0, added.err
    yield made
    made.close()


def test_the_whole_way_on_the_least_of_servers(running: Running, meridian: Meridian) -> None:
    tested = meridian("channels", "test", "m")
    assert tested.code == 0, tested.err
    collected = meridian("collect", "--seconds", "1")
    assert (collected.code, collected.err) == (0, "")
    assert "m: received 3 = stored 3 + merged 0 + filtered 0 + unreadable 0; lost 0" in collected.out
    rows = [json.loads(line) for line in meridian("export", "messages", "--format", "jsonl").out.splitlines()]
    assert sorted(row["remote_id"] for row in rows) == ["1001", "1002", "1003"]
    answered = meridian("reply", "1002", "--text", "We look into it", "--wait")
    assert answered.code == 0, answered.err
    assert [post["in_reply_to_id"] for post in running.server.posts] == ["1002"]
    again = meridian("collect", "--seconds", "1")
    assert "received 0 = stored 0" in again.out


def test_what_is_not_possible_is_said(running: Running, meridian: Meridian) -> None:
    assert meridian("collect", "--seconds", "1").code == 0
    for action, words in (
        ("favourite", "no longer exists"),
        ("delete", "our own"),
        ("resolve_report", "moderator"),
        ("mute", "exists"),
    ):
        acted = meridian("act", "1001", action, "--wait")
        assert acted.code == 1
        assert words in acted.err
        assert acted.err.count("\n") == 1
    edited = meridian("act", "1001", "edit")
    assert edited.code == 2
    assert "--text" in edited.err


def test_a_list_that_is_refused_is_told_with_what_the_others_brought(running: Running, meridian: Meridian) -> None:
    running.server.odd["/api/v1/notifications"] = always({"error": "outside the authorized scopes"}, 403)
    collected = meridian("collect", "--seconds", "1")
    assert collected.code == 0
    assert "stored 3" in collected.out
    assert "notifications" in collected.err
    assert "outside the authorized scopes" in collected.err
    assert collected.err.count("\n") == 1


def test_the_wrong_address_is_called_that(running: Running, meridian: Meridian) -> None:
    for path in ("/api/v1/instance", "/api/v1/accounts/verify_credentials"):
        running.server.odd[path] = always({"error": "Not Found"}, 404)
    for words in (("channels", "test", "m"), ("collect", "--seconds", "1")):
        told = meridian(*words)
        assert told.code == 1
        assert running.base in told.err
        assert "is this the address of the server?" in told.err
    assert "is this the address of the server?" in meridian("doctor").out


def test_sources_that_do_not_exist_are_refused_at_once(meridian: Meridian) -> None:
    given = ("--server", "x.example", "--secret-env", "T", "--set", "sources=all")
    added = meridian("channels", "add", "mastodon", "--name", "m", *given)
    assert added.code == 1
    assert "hashtag:NAME" in added.err
