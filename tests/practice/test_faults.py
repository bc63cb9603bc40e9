"""Faults on demand: each does what it says, as often as it was told, and then all is well again."""

import json
import threading
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
import websocket
from mastodon import Mastodon
from mastodon.errors import MastodonNetworkError, MastodonRatelimitError, MastodonUnauthorizedError

from tests.practice.conftest import Connect
from tests.practice_network import PracticeNetwork
from workstation.practice.faults import Fault
from workstation.practice.garbage import VARIANTS

STATUSES = "/api/v1/statuses"
PATIENCE = 60.0


def _get(practice: PracticeNetwork, path: str) -> requests.Response:
    token = {"Authorization": f"Bearer {practice.tokens['agent']}"}
    return requests.get(practice.base_url + path, headers=token, timeout=PATIENCE)


def _send(practice: PracticeNetwork, text: str, key: str = "k") -> requests.Response:
    headers = {"Authorization": f"Bearer {practice.tokens['agent']}", "Idempotency-Key": key}
    return requests.post(practice.base_url + STATUSES, {"status": text}, headers=headers, timeout=PATIENCE)


@pytest.mark.parametrize("form", ["seconds", "iso", "date", "none"])
def test_too_many_requests_in_every_form(practice: PracticeNetwork, form: str) -> None:
    practice.faults({"kind": "rate_limit", "form": form, "seconds": 7})
    answer = _get(practice, "/api/v1/timelines/home")
    assert (answer.status_code, answer.json()) == (429, {"error": "Too many requests"})
    if form == "seconds":
        assert answer.headers["Retry-After"] == "7"
    if form == "date":
        assert parsedate_to_datetime(answer.headers["Retry-After"]).tzinfo is not None
    assert answer.headers.get("X-RateLimit-Reset", "").endswith("Z") is (form in ("seconds", "iso"))
    assert _get(practice, "/api/v1/timelines/home").status_code == 200


def test_the_real_limit(practices: Callable[..., PracticeNetwork], connect: Connect) -> None:
    client = connect(practices(request_limit=3, request_window=3_600))
    for _ in range(3):
        client.timeline_home()
    assert client.ratelimit_remaining == 0
    with pytest.raises(MastodonRatelimitError):
        client.timeline_home()
    assert client.ratelimit_limit in (3, 300)


@pytest.mark.parametrize(
    ("fault", "posted"),
    [
        ({"kind": "lost_request"}, 0),
        ({"kind": "lost_answer"}, 1),
        ({"kind": "lost_answer", "at": "within", "bytes": 1}, 1),
        ({"kind": "lost_answer", "at": "within", "bytes": 400}, 1),
    ],
)
def test_a_lost_answer_is_not_a_lost_post(practice: PracticeNetwork, fault: dict[str, Any], posted: int) -> None:
    practice.faults(fault | {"method": "POST", "path": STATUSES})
    with pytest.raises(requests.exceptions.RequestException):
        _send(practice, "once")
    lines = practice.statistics()["posts"]
    assert [len(line["created"]) for line in lines] == [1] * posted
    assert _send(practice, "once").status_code == 200
    line = practice.statistics()["posts"][0]
    assert (line["attempts"], len(line["created"])) == (1 + posted, 1)


def test_a_forgotten_key_posts_twice(practice: PracticeNetwork) -> None:
    practice.faults({"kind": "ignore_idempotency", "times": 0})
    first, second = (_send(practice, "twice").json()["id"] for _ in range(2))
    assert first != second
    assert len(practice.statistics()["posts"][0]["created"]) == 2
    practice.control("DELETE", "faults")
    assert _send(practice, "twice").json()["id"] == second


def test_expired_token_and_server_error(practice: PracticeNetwork, agent: Mastodon) -> None:
    practice.faults({"kind": "expired_token", "times": 2}, {"kind": "server_error", "status": 502, "path": "home"})
    with pytest.raises(MastodonUnauthorizedError):
        agent.me()
    with pytest.raises(websocket.WebSocketBadStatusException):
        _socket(practice, "user")
    assert _get(practice, "/api/v1/timelines/home").status_code == 502
    assert agent.me().username == "larkmoor_care"
    assert [fault["hits"] for fault in practice.control("GET", "faults")] == [2, 1]


def test_slow_answers(practice: PracticeNetwork) -> None:
    practice.faults({"kind": "slow", "seconds": 30, "method": "POST", "path": STATUSES})
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.post(
            practice.base_url + STATUSES,
            {"status": "slow"},
            timeout=0.3,
            headers={"Authorization": f"Bearer {practice.tokens['agent']}"},
        )
    assert len(practice.statistics()["posts"][0]["created"]) == 1


@pytest.mark.parametrize("variant", VARIANTS)
def test_garbage_spares_the_neighbours(practice: PracticeNetwork, variant: str) -> None:
    for number in range(3):
        practice.post(f"number {number}", acct="ben_test")
    practice.faults({"kind": "garbage", "variant": variant, "path": "/notifications"})
    raw = _get(practice, "/api/v1/notifications").content
    if variant in ("truncated", "html_page", "empty"):
        with pytest.raises(ValueError, match=r"\w"):
            json.loads(raw)
    elif variant == "deep":
        assert b"[" * 1_000 in raw
    else:
        body = json.loads(raw)
        assert len(body) == 3
        assert body[1]["status"]["content"].endswith("number 1</p>")
        assert body[0] != _get(practice, "/api/v1/notifications").json()[0]
    if variant == "huge":
        assert len(raw) > 10_000_000


@pytest.mark.parametrize("variant", [item for item in VARIANTS if item not in ("truncated", "html_page", "empty")])
def test_hostile_posts_arrive_as_they_are(practice: PracticeNetwork, agent: Mastodon, variant: str) -> None:
    made = practice.control("POST", "hostile", variant=variant, acct="ben_test")
    assert agent.status(made["id"]).content == agent.notifications()[0].status.content


def test_duplicates_reordering_silence_and_garbage_on_a_socket(practice: PracticeNetwork) -> None:
    socket = _socket(practice, "public")
    try:
        while not practice.statistics()["listeners"]:
            continue
        practice.faults({"kind": "duplicate"})
        twice = practice.post("twice", mention=False)["id"]
        assert _ids(socket, 2) == [twice, twice]
        practice.faults({"kind": "reorder"})
        late, early = (practice.post(text, mention=False)["id"] for text in ("late", "early"))
        assert sorted(_ids(socket, 2)) == [late, early]
        practice.faults({"kind": "reorder"})
        alone = practice.post("alone", mention=False)["id"]
        assert _ids(socket, 1) == [alone], "an event that nothing follows is late, not lost"
        practice.faults({"kind": "garbage_event", "variant": "wrong_types"})
        whole = practice.post("whole", mention=False)["id"]
        assert json.loads(socket.recv())["stream"] == 7
        assert _ids(socket, 1) == [whole]
        practice.faults({"kind": "silence"})
        practice.post("unheard", mention=False)
        heard = practice.post("heard", mention=False)["id"]
        assert _ids(socket, 1) == [heard]
        practice.faults({"kind": "drop_sockets"})
        with pytest.raises((websocket.WebSocketException, OSError)):
            socket.recv()
    finally:
        socket.close()


def test_edits_and_deletions_in_the_traffic(practices: Callable[..., PracticeNetwork]) -> None:
    network = practices(languages=("ja",))
    network.faults({"kind": "edits", "times": 5}, {"kind": "deletions", "times": 3})
    network.control("POST", "step", count=20)
    emitted = network.statistics()["emitted"]
    assert emitted["edit"] >= 5
    assert emitted["delete"] >= 3


def test_faults_do_not_reach_the_control(practice: PracticeNetwork, agent: Mastodon) -> None:
    practice.faults({"kind": "lost_request", "times": 0})
    with pytest.raises(MastodonNetworkError):
        agent.me()
    practice.control("DELETE", "faults")
    assert agent.me().id == practice.account_ids["agent"]


@pytest.mark.parametrize(
    "values", [{"kind": "nonsense"}, {"kind": "slow", "seconds": "soon"}, {"kind": "slow", "mode": 1}, {}]
)
def test_unknown_faults_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Fault.parse(values)


def test_the_control_needs_its_token(practice: PracticeNetwork) -> None:
    answer = requests.get(f"{practice.base_url}/practice/statistics", timeout=PATIENCE)
    assert answer.status_code == 401


def test_concurrent_attempts_under_one_key_make_one_post(practice: PracticeNetwork) -> None:
    threads = [threading.Thread(target=_send, args=(practice, "once", "same")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    line = practice.statistics()["posts"][0]
    assert (line["attempts"], len(line["created"])) == (8, 1)


def _socket(practice: PracticeNetwork, stream: str) -> websocket.WebSocket:
    return websocket.create_connection(
        f"{practice.streaming_url}/api/v1/streaming?stream={stream}",
        timeout=PATIENCE,
        header=[f"Authorization: Bearer {practice.tokens['agent']}"],
    )


def _ids(socket: websocket.WebSocket, count: int) -> list[str]:
    return [json.loads(json.loads(socket.recv())["payload"])["id"] for _ in range(count)]
