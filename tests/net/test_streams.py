"""WebSockets and server-sent events: order, ends with a reason, caps, and nothing read that nobody has room for."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import WSMsgType, web
from hypothesis import given
from hypothesis import strategies as st

from tests.net.servers import serving
from workstation.domain.errors import ChannelError, ProtocolChangedError
from workstation.net.client import Client, Request
from workstation.net.errors import ClosedError, RefusedError, TooLargeError
from workstation.net.sse import Event, Parser


async def _all(client: Client, url: str, **options: object) -> tuple[list[bytes], ChannelError]:
    socket = await client.websocket(url, **options)  # type: ignore[arg-type]
    found: list[bytes] = []
    try:
        while True:
            found += await socket.receive()
    except ChannelError as error:
        return found, error
    finally:
        await socket.close()


async def test_messages_come_in_order_and_the_end_with_its_code(client: Client) -> None:
    async def talk(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for index in range(1_000):
            await socket.send_str(str(index))
        await socket.close(code=1012)
        return socket

    async with serving(("GET", "/", talk)) as base:
        found, error = await _all(client, base.replace("http", "ws"))
    assert found == [str(index).encode() for index in range(1_000)]
    assert isinstance(error, ClosedError)
    assert error.status == 1012


async def test_what_is_sent_arrives(client: Client) -> None:
    async def echo(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await socket.send_str(f"{message.data} {request.headers.get('Authorization')}")
        return socket

    async with serving(("GET", "/", echo)) as base:
        socket = await client.websocket(base.replace("http", "ws"), token="t")
        await socket.send("hello")
        assert await socket.receive() == [b"hello Bearer t"]
        await socket.close()
        with pytest.raises(ClosedError):
            await socket.send("again")


async def test_a_message_over_the_cap_ends_the_socket(client: Client) -> None:
    async def flood(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str("small")
        await socket.send_str("x" * 200_000)
        async for _ in socket:
            pass
        return socket

    async with serving(("GET", "/", flood)) as base:
        found, error = await _all(client, base.replace("http", "ws"), cap=100_000)
    assert found == [b"small"]
    assert isinstance(error, ChannelError)


async def test_a_cut_connection_is_an_end(client: Client) -> None:
    async def cut(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str("one")
        assert request.transport is not None
        request.transport.abort()
        return socket

    async with serving(("GET", "/", cut)) as base:
        found, error = await _all(client, base.replace("http", "ws"))
    assert found in ([b"one"], [])
    assert error.retryable


async def test_a_refusal_tells_its_status(client: Client) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=401)

    async with serving(("GET", "/", refuse)) as base:
        with pytest.raises(RefusedError) as caught:
            await client.websocket(base.replace("http", "ws"))
        assert caught.value.status == 401
        with pytest.raises(RefusedError):
            await anext(client.stream(Request(url=base)))


async def test_a_redirect_does_not_lead_out_of_tls(client: Client) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://stranger.example/"})

    async with serving(("GET", "/", elsewhere)) as base:
        with pytest.raises(ProtocolChangedError):
            await client.websocket(base.replace("http", "ws"), protocols=("a-token",))


async def test_a_slow_reader_makes_the_server_wait(client: Client) -> None:
    sent = 0
    blocked = asyncio.Event()

    async def flood(request: web.Request) -> web.WebSocketResponse:
        nonlocal sent
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        try:
            while True:
                async with asyncio.timeout(0.5):
                    await socket.send_bytes(b"x" * 100_000)
                sent += 1
        except (TimeoutError, ConnectionError):
            blocked.set()
        return socket

    async with serving(("GET", "/", flood)) as base:
        from workstation.net import websocket

        socket = await client.websocket(base.replace("http", "ws"))
        socket._most = 20
        await asyncio.wait_for(blocked.wait(), 30)
        assert websocket.BUFFERED_MESSAGES > 20
        assert len(socket._buffer) <= 21
        await socket.close()
    assert sent < 1_000


async def _fed(pieces: AsyncIterator[bytes], parser: Parser, found: list[Event]) -> None:
    async for piece in pieces:
        found += parser.feed(piece)


async def test_a_stream_of_events(client: Client) -> None:
    async def events(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b":)\n\nevent: update\nda")
        await response.write(b'ta: {"id":"1"}\n\n')
        return response

    parser = Parser()
    found: list[Event] = []
    async with serving(("GET", "/", events)) as base:
        pieces = client.stream(Request(url=base))
        with pytest.raises(ClosedError):
            await _fed(pieces, parser, found)
    assert found == [Event("update", b'{"id":"1"}')]


def test_events_as_the_standard_has_them() -> None:
    text = b"data: a\r\ndata: b\r\n\r\nevent: x\rdata:c\r\rid: 7\nretry: 5\n: comment\ndata:  d\n\n"
    text += b"data\n\nevent: none\n\n"
    found = Parser().feed(text)
    assert [(event.name, event.data, event.id) for event in found] == [
        ("message", b"a\nb", ""),
        ("x", b"c", ""),
        ("message", b" d", "7"),
        ("message", b"", "7"),
    ]


@given(st.lists(st.integers(1, 40)), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_events_do_not_depend_on_where_the_pieces_end(cuts: list[int], end: bytes) -> None:
    text = b"event: update\ndata: one\n\n:thump\n\nevent: delete\ndata: 2\ndata: 3\n\n".replace(b"\n", end)
    parser, found, rest = Parser(), [], text
    for cut in cuts:
        found += parser.feed(rest[:cut])
        rest = rest[cut:]
    found += parser.feed(rest)
    found += parser.feed(b"\n")
    assert found == [Event("update", b"one"), Event("delete", b"2\n3")]


@pytest.mark.parametrize("text", [b"data: " + b"x" * 200, b"data: xxxxxxxxxx\n" * 20])
def test_an_event_over_the_cap(text: bytes) -> None:
    with pytest.raises(TooLargeError):
        Parser(100).feed(text)
