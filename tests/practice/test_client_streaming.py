"""Live streams as Mastodon.py sees them, over server-sent events and over the multiplexed WebSocket."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

import pytest
import websocket
from mastodon import Mastodon, StreamListener

from tests.practice.conftest import Connect
from tests.practice_network import PracticeNetwork

CUSTOMER = "ada_test@north.practice.invalid"
PATIENCE = 60.0
Handle = Any  # Mastodon.py's stream handles have no types


class Listener(StreamListener):
    """Puts every event into a queue."""

    def __init__(self) -> None:
        self.events: Queue[tuple[str, Any]] = Queue()

    def on_update(self, status: Any) -> None:
        self.events.put(("update", status.id))

    def on_notification(self, notification: Any) -> None:
        self.events.put(("notification", notification.type))

    def on_delete(self, status_id: Any) -> None:
        self.events.put(("delete", str(status_id)))

    def on_status_update(self, status: Any) -> None:
        self.events.put(("status.update", status.id))

    def on_conversation(self, conversation: Any) -> None:
        self.events.put(("conversation", conversation.last_status.id))

    def on_abort(self, err: Exception) -> None:
        self.events.put(("abort", type(err).__name__))

    def on_websocket_error(self, error: Exception, stream: Any = None) -> None:
        self.events.put(("error", str(error)))

    def take(self, count: int) -> list[tuple[str, Any]]:
        return [self.events.get(timeout=PATIENCE) for _ in range(count)]


def listening(practice: PracticeNetwork, count: int) -> None:
    """Wait until the network has so many open streams; asking is the only way to know."""
    while practice.statistics()["listeners"] < count:
        continue


@contextmanager
def closing(handle: Handle) -> Iterator[Handle]:
    try:
        yield handle
    finally:
        handle.close()
        handle.join(PATIENCE)


Open = Callable[[Mastodon, Listener], Handle]


def over_sse(client: Mastodon, listener: Listener) -> Handle:
    return client.stream_user(listener, run_async=True)


def over_websocket(client: Mastodon, listener: Listener) -> Handle:
    untyped: Any = client
    handle = untyped.stream_open_websocket(listener)
    client.stream_user(listener, websocket_handle=handle)
    return handle


@pytest.mark.parametrize("transport", [over_sse, over_websocket])
def test_the_life_of_a_mention(practice: PracticeNetwork, agent: Mastodon, transport: Open) -> None:
    author = practice.post("first", acct=CUSTOMER)["account"]["id"]
    agent.account_follow(author)
    listener = Listener()
    with closing(transport(agent, listener)):
        listening(practice, 1)
        status = practice.post("hello", acct=CUSTOMER)["id"]
        practice.control("POST", "edit", id=status, text="@larkmoor_care hello, corrected")
        practice.control("POST", "delete", id=status)
        assert listener.take(4) == [
            ("update", status),
            ("notification", "mention"),
            ("status.update", status),
            ("delete", status),
        ]


@pytest.mark.parametrize("transport", ["sse", "websocket"])
def test_each_stream_carries_its_own(practice: PracticeNetwork, agent: Mastodon, transport: str) -> None:
    author = practice.post("first", acct=CUSTOMER)["account"]["id"]
    agent.account_follow(author)
    regulars = agent.list_create("Regulars")
    agent.list_accounts_add(regulars.id, [author])
    opened: dict[str, Callable[..., Any]] = {
        "public": agent.stream_public,
        "local": lambda listener, **more: agent.stream_public(listener, local=True, **more),
        "remote": lambda listener, **more: agent.stream_public(listener, remote=True, **more),
        "tag": lambda listener, **more: agent.stream_hashtag("tents", listener, **more),
        "list": lambda listener, **more: agent.stream_list(regulars.id, listener, **more),
        "direct": agent.stream_direct,
    }
    listeners = {name: Listener() for name in opened}
    handles: list[Handle] = []
    more: dict[str, Any] = {"run_async": True}
    if transport == "websocket":
        untyped: Any = agent
        socket = untyped.stream_open_websocket(Listener())
        handles.append(socket)
        more = {"websocket_handle": socket}
    for name, stream in opened.items():
        handle = stream(listeners[name], **more)
        if transport == "sse":
            handles.append(handle)
    try:
        if transport == "sse":
            listening(practice, len(opened))
        else:
            _subscribed(socket, listeners)
        local = practice.post("from here #tents", acct="ben_test", mention=False)["id"]
        remote = practice.post("from afar", acct=CUSTOMER, mention=False)["id"]
        direct = practice.post("between us", acct=CUSTOMER, visibility="direct")["id"]
        assert listeners["public"].take(2) == [("update", local), ("update", remote)]
        assert listeners["local"].take(1) == [("update", local)]
        assert listeners["remote"].take(1) == [("update", remote)]
        assert listeners["tag"].take(1) == [("update", local)]
        assert listeners["list"].take(1) == [("update", remote)]
        assert listeners["direct"].take(1) == [("conversation", direct)]
    finally:
        for handle in handles:
            handle.close()
            handle.join(PATIENCE)


def _subscribed(socket: Handle, listeners: dict[str, Listener]) -> None:
    """Wait until every subscription has taken effect: a refusal asked for last is told to every listener."""
    socket.subscribe("nonsense")
    for listener in listeners.values():
        assert listener.take(1)[0][0] == "error"


def test_a_muted_author_is_not_heard(practice: PracticeNetwork, agent: Mastodon) -> None:
    muted = practice.post("first", acct=CUSTOMER)["account"]["id"]
    agent.account_mute(muted)
    listener = Listener()
    with closing(agent.stream_public(listener, run_async=True)):
        listening(practice, 1)
        practice.post("unheard", acct=CUSTOMER)
        heard = practice.post("heard", acct="ben_test")["id"]
        assert listener.take(1) == [("update", heard)]


def test_unsubscribing_ends_a_stream(practice: PracticeNetwork) -> None:
    socket = _socket(practice, "?stream=public")
    try:
        listening(practice, 1)
        socket.send(json.dumps({"type": "subscribe", "stream": "hashtag", "tag": "Tents"}))
        socket.send(json.dumps({"type": "unsubscribe", "stream": "public"}))
        socket.send("not json")
        socket.send(json.dumps({"type": "subscribe", "stream": "nonsense"}))
        assert json.loads(socket.recv()) == {"error": "Unknown stream type", "status": 404}
        status = practice.post("see #tents", mention=False)["id"]
        event = json.loads(socket.recv())
        assert event["stream"] == ["hashtag", "tents"]
        assert json.loads(event["payload"])["id"] == status
    finally:
        socket.close()


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_stream_needs_a_token(practice: PracticeNetwork, token: str) -> None:
    practice.tokens["agent"] = token
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        _socket(practice, "")
    assert caught.value.status_code == 401


def test_a_network_without_websocket_still_has_sse(practices: Callable[..., PracticeNetwork], connect: Connect) -> None:
    network = practices(websocket=False)
    with pytest.raises(websocket.WebSocketBadStatusException) as caught:
        _socket(network, "")
    assert caught.value.status_code == 404
    listener = Listener()
    client = connect(network)
    assert client.stream_healthy()
    with closing(client.stream_public(listener, run_async=True)):
        listening(network, 1)
        status = network.post("heard", mention=False)["id"]
        assert listener.take(1) == [("update", status)]


def _socket(network: PracticeNetwork, query: str) -> websocket.WebSocket:
    header = [f"Authorization: Bearer {network.tokens['agent']}"] if network.tokens["agent"] else []
    return websocket.create_connection(
        f"{network.streaming_url}/api/v1/streaming{query}", header=header, timeout=PATIENCE
    )
