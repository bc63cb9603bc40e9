"""Traffic: customers speak, answer back, form a wave; every event arrives; memory is bounded."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import websocket

from tests.practice.conftest import Connect
from tests.practice_network import PracticeNetwork
from workstation.practice.scenario import KINDS

Practices = Callable[..., PracticeNetwork]
PATIENCE = 60.0


def _socket(network: PracticeNetwork, query: str) -> websocket.WebSocket:
    return websocket.create_connection(
        f"{network.streaming_url}/api/v1/streaming?{query}",
        timeout=PATIENCE,
        header=[f"Authorization: Bearer {network.tokens['agent']}"],
    )


def _await_listener(network: PracticeNetwork) -> None:
    while not network.statistics()["listeners"]:
        continue


def _pages(client: Any, **options: Any) -> list[Any]:
    page = client.notifications(limit=80, **options)
    return list(client.fetch_remaining(page)) if page else []


def test_customers_answer_back(practices: Practices, connect: Connect) -> None:
    network = practices(languages=("de", "he", "zh"))
    client = connect(network)
    network.control("POST", "step", count=150)
    asked = [item.status for item in _pages(client, types=["mention"])][:40]
    socket = _socket(network, "stream=user:notification")
    _await_listener(network)
    answers = {client.status_post("We are looking into it.", in_reply_to_id=status.id).id: status for status in asked}
    try:
        told = json.loads(json.loads(socket.recv())["payload"])
    finally:
        socket.close()
    status = told["status"]
    customer = answers[status["in_reply_to_id"]]
    assert told["type"] == "mention"
    assert status["account"]["id"] == customer.account.id
    assert status["language"] == customer.language
    assert status["visibility"] == customer.visibility
    assert {"thanks", "followup", "angry"} & set(network.statistics()["emitted"])


def test_nobody_answers_back_where_that_was_asked_for(practices: Practices, connect: Connect) -> None:
    network = practices(languages=("en",), replies=False)
    client = connect(network)
    network.control("POST", "step", count=40)
    for item in _pages(client, types=["mention"]):
        client.status_post("Hello.", in_reply_to_id=item.status.id)
    assert not {"thanks", "followup", "angry"} & set(network.statistics()["emitted"])


def test_a_burst_is_a_wave_of_near_duplicates(practice: PracticeNetwork, connect: Connect) -> None:
    made = practice.control("POST", "burst", count=120, incident="crisis_stove")["ids"]
    assert len(made) == len(set(made)) == 120
    mentions = _pages(connect(practice), types=["mention"])
    assert [item.status.id for item in mentions] == made[::-1]
    assert all("Glimt" in item.status.content for item in mentions)


def test_nothing_is_lost_at_full_speed(practices: Practices) -> None:
    network = practices(rate=5_000.0, total=4_000, paused=True, languages=("en", "ar", "ja"), crisis_every=0)
    socket = _socket(network, "stream=public")
    _await_listener(network)
    seen: list[str] = []
    try:
        network.control("POST", "resume")
        while network.statistics()["played"] < 4_000:
            continue
        network.control("POST", "post", text="the last one", mention=False)
        while True:
            event = json.loads(socket.recv())
            if event["event"] == "update":
                status = json.loads(event["payload"])
                if "the last one" in status["content"]:
                    break
                seen.append(status["id"])
    finally:
        socket.close()
    assert seen == sorted(set(seen))
    statistics = network.statistics()
    sent = statistics["streams"]["public"]
    played = sum(statistics["emitted"][kind] for kind in KINDS)
    assert played == 4_000
    assert len(seen) + 1 <= sent
    assert len(seen) > 2_500
    assert statistics["dropped_slow"] == 0


def test_memory_is_bounded(practices: Practices, connect: Connect) -> None:
    network = practices(capacity=1_000, languages=("en",))
    network.control("POST", "step", count=3_000)
    assert network.statistics()["statuses"] <= 1_000
    assert len(connect(network).timeline_public(limit=40)) == 40


def test_history_is_spread_over_days_and_hours(practices: Practices, connect: Connect) -> None:
    network = practices(backlog=300, backlog_days=14)
    client = connect(network)
    statuses = client.fetch_remaining(client.timeline_public(limit=40))
    moments = [status.created_at for status in statuses]
    assert moments == sorted(moments, reverse=True)
    assert len({moment.date() for moment in moments}) > 8
    assert len({moment.hour for moment in moments}) > 12
    assert len(_pages(client, types=["mention"])) > 100


def test_rate_pause_and_resume(practice: PracticeNetwork) -> None:
    assert practice.control("POST", "pause")["paused"]
    assert practice.control("POST", "rate", rate=12.5) == {"paused": True, "rate": 12.5, "played": 0}
    assert practice.control("POST", "step", count=7)["played"] == 7
    assert not practice.control("POST", "resume")["paused"]
    with pytest.raises(OSError, match="422"):
        practice.control("POST", "rate", rate=1_000_000)
    with pytest.raises(OSError, match="422"):
        practice.control("POST", "burst", incident="nonsense")
