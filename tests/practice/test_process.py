"""The network as a process: it says when it is ready, survives a restart with its state, and is never left behind."""

import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.practice_network import PracticeNetwork
from workstation.practice.options import Options
from workstation.practice.process import launch, main

PATIENCE = 60.0
ROOT = Path(__file__).resolve().parents[2]


class Process:
    """A started network."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workstation.practice", "--rate", "0", "--languages", "en,de", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        assert self.process.stdout is not None
        self.hello: dict[str, Any] = json.loads(self.process.stdout.readline())
        self.network = PracticeNetwork(
            self.hello["base_url"],
            self.hello["streaming_url"],
            self.hello["tokens"],
            self.hello["control_token"],
            self.hello["account_ids"],
            self.hello,
        )

    def end(self) -> int:
        """Close its standard input and return its exit code."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait(PATIENCE)
            self.process.stdout.close()


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[PracticeNetwork]:
    process = Process(*arguments)
    try:
        yield process.network
    finally:
        code = process.end()
    assert code == 0


def _gone(base_url: str) -> bool:
    address = urlsplit(base_url)
    assert address.hostname is not None
    try:
        socket.create_connection((address.hostname, address.port or 0), timeout=PATIENCE).close()
    except OSError:
        return True
    return False


def test_ends_when_its_input_is_closed() -> None:
    with started() as network:
        assert network.request("GET", "/api/v1/instance")["title"] == "Meridian practice network"
    assert _gone(network.base_url)


def test_an_answer_is_found_again_after_a_restart(tmp_path: Path) -> None:
    state = str(tmp_path / "deep" / "state.json")
    with started("--state", state, "--backlog", "40") as network:
        token = network.tokens["agent"]
        question = network.post("where is my parcel?", acct="ada_test@north.practice.invalid", visibility="direct")
        network.control("POST", "report", id=question["id"], comment="test", acct="ben_test")
        said = {"status": "@ada_test@north.practice.invalid On its way.", "in_reply_to_id": question["id"]}
        answer = network.request("POST", "/api/v1/statuses", token, said | {"visibility": "direct"})
        mine = network.request("GET", "/api/v1/accounts/verify_credentials", token)
        before = network.control("POST", "step", count=25)
        told = network.request("GET", "/api/v1/notifications?limit=80", token)
        home = network.request("GET", "/api/v1/timelines/home?limit=40", token)
        public = network.request("GET", "/api/v1/timelines/public?limit=40", token)
    with started("--state", state) as again:
        assert again.base_url == network.base_url
        assert again.tokens == network.tokens
        context = again.request("GET", f"/api/v1/statuses/{question['id']}/context", token)
        assert [status["id"] for status in context["descendants"]] == [answer["id"]]
        assert again.request("GET", "/api/v1/accounts/verify_credentials", token)["id"] == mine["id"]
        conversations = again.request("GET", "/api/v1/conversations?limit=40", token)
        assert answer["id"] in {conversation["last_status"]["id"] for conversation in conversations}
        later = again.request("GET", "/api/v1/timelines/home?limit=40", token)
        assert [status["id"] for status in later] == [status["id"] for status in home]
        assert [status["content"] for status in later] == [status["content"] for status in home]
        now = again.request("GET", "/api/v1/timelines/public?limit=40", token)
        assert [status["id"] for status in now] == [status["id"] for status in public]
        kept = again.request("GET", "/api/v1/notifications?limit=80", token)
        assert [(item["id"], item["type"]) for item in kept] == [(item["id"], item["type"]) for item in told]
        reports = again.request("GET", "/api/v1/admin/reports", again.tokens["moderator"])
        assert "test" in {report["comment"] for report in reports}
        more = again.control("POST", "step", count=5)
        assert (before["played"], more["played"]) == (25, 5)
        newest = again.request("GET", "/api/v1/timelines/public?limit=1", token)
        assert int(newest[0]["id"]) > int(public[0]["id"])


@pytest.mark.parametrize("content", [b"", b"{", b'{"version": 99, "found": true}', b"[1]"])
def test_an_unreadable_state_is_an_empty_one(tmp_path: Path, content: bytes) -> None:
    state = tmp_path / "state.json"
    state.write_bytes(content)
    with started("--state", str(state), "--backlog", "5") as network:
        assert network.statistics()["statuses"] >= 1
    assert json.loads(state.read_bytes())["found"] is True


def test_a_port_in_use_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code = main(["--port", str(taken.getsockname()[1]), "--backlog", "0", "--languages", "en"])
    assert code == 1
    assert capsys.readouterr().err.startswith("practice: cannot serve:")


def test_launched_by_multiprocessing() -> None:
    process, hello = launch(Options(rate=0.0, backlog=0, languages=("en",)))
    try:
        with urlopen(Request(f"{hello['base_url']}/health"), timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            assert answer.read() == b"OK"
    finally:
        process.terminate()
        process.join(PATIENCE)
        process.close()


def test_a_launched_network_does_not_outlive_who_launched_it() -> None:
    program = (
        "import sys; from workstation.practice.options import Options; from workstation.practice.process import launch;"
        "print(launch(Options(rate=0.0, backlog=0, languages=('en',)))[1]['base_url'], flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    with parent:
        assert parent.stdout is not None
        base_url = parent.stdout.readline().strip()
        assert not _gone(base_url)
        parent.kill()
        # It writes where its parent did: that ends when the last of them has gone.
        assert parent.stdout.read() == ""
    while sys.platform == "win32" and not _gone(base_url):
        continue  # there it inherits nothing that could tell
    assert _gone(base_url)
