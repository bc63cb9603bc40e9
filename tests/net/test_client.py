"""Requests against honest and hostile servers: what comes back is an answer or one of our errors, in bounds."""

import asyncio
import gzip
import json
import socket

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.net.servers import raw, reset, serving
from workstation.domain.errors import AmbiguousError, ConfigurationError, ProtocolChangedError, TransientError
from workstation.net.addresses import PublicResolver
from workstation.net.client import Client, Request, links, origin
from workstation.net.errors import CertificateError, TooLargeError
from workstation.net.proxies import Proxies
from workstation.net.transport import Transport


async def echo(request: web.Request) -> web.Response:
    return web.json_response(
        {"headers": dict(request.headers), "body": (await request.read()).decode(), "query": request.query_string}
    )


async def test_a_request_and_its_answer_are_plain_data(client: Client) -> None:
    async with serving(("POST", "/echo", echo)) as base:
        request = Request(
            method="POST", url=f"{base}/echo?a=1", headers=(("X-Test", "1"),), body=b"hello", token="secret"
        )
        response = await client.request(request)
    assert response.status == 200
    assert response.good
    told = json.loads(response.body)
    assert told["body"] == "hello"
    assert told["query"] == "a=1"
    assert told["headers"]["Authorization"] == "Bearer secret"
    assert response.header("content-type").startswith("application/json")


def test_tokens_and_paths_stay_out_of_representations() -> None:
    request = Request(url="https://a.example/private/path", token="very-secret", headers=(("X", "very-secret"),))
    assert "very-secret" not in repr(request)
    assert "private" not in repr(request)


async def test_no_cookie_comes_back(client: Client) -> None:
    async def bake(_: web.Request) -> web.Response:
        response = web.Response()
        response.set_cookie("id", "1")
        return response

    async with serving(("GET", "/bake", bake), ("GET", "/echo", echo)) as base:
        await client.request(Request(url=f"{base}/bake"))
        response = await client.request(Request(url=f"{base}/echo"))
    assert "Cookie" not in json.loads(response.body)["headers"]


@pytest.mark.parametrize("repeatable", [True, False])
async def test_a_refused_connection_was_certainly_not_sent(client: Client, repeatable: bool) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TransientError):
        await client.request(Request(method="POST", url=f"http://127.0.0.1:{port}/", repeatable=repeatable))


async def _cut_before(_: bytes, writer: asyncio.StreamWriter) -> None:
    reset(writer)


async def _cut_in_head(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 O")
    await writer.drain()
    reset(writer)


async def _cut_in_body(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    reset(writer)


async def _truncated(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")


async def _truncated_chunk(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}")


async def _closed(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _garbage(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\x01\x02 this is not http\r\n\r\n")


async def _bad_gzip(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!")


async def _silent(_: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()  # until the test is over


async def _endless(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\nx\r\n")
        await writer.drain()
        await asyncio.sleep(0)  # a drain that need not wait gives nobody else a turn


BROKEN = [_cut_before, _cut_in_head, _cut_in_body, _truncated, _truncated_chunk, _closed, _garbage, _bad_gzip]


@pytest.mark.parametrize("handler", BROKEN)
async def test_a_read_that_breaks_off_is_tried_again(client: Client, handler: object) -> None:
    async with raw(handler) as base:  # type: ignore[arg-type]
        with pytest.raises((TransientError, ProtocolChangedError)):
            await client.request(Request(url=base))


@pytest.mark.parametrize("handler", BROKEN)
async def test_a_write_that_breaks_off_is_ambiguous(client: Client, handler: object) -> None:
    async with raw(handler) as base:  # type: ignore[arg-type]
        with pytest.raises(AmbiguousError):
            await client.request(Request(method="POST", url=base, body=b"x", repeatable=False))


@pytest.mark.parametrize(("handler", "read"), [(_silent, 0.1), (_endless, 5.0)])
async def test_silence_and_endless_answers_end_in_time(client: Client, handler: object, read: float) -> None:
    async with raw(handler) as base:  # type: ignore[arg-type]
        with pytest.raises(TransientError):
            await client.request(Request(url=base, total=0.3, read=read))
        with pytest.raises(AmbiguousError):
            await client.request(Request(method="POST", url=base, total=0.3, read=read, repeatable=False))


async def test_a_body_over_the_cap_is_an_error_with_its_beginning(client: Client) -> None:
    async def big(_: web.Request) -> web.Response:
        return web.Response(body=b"[" + b"x" * 300_000)

    async with serving(("GET", "/", big)) as base:
        with pytest.raises(TooLargeError) as caught:
            await client.request(Request(url=base, cap=100_000))
    assert caught.value.head.startswith(b"[x")
    assert len(caught.value.head) <= 64 << 10


async def test_a_gzip_bomb_stops_at_the_cap(client: Client) -> None:
    bomb = gzip.compress(b"0" * (200 << 20), 9)

    async def explode(_: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})

    async with serving(("GET", "/", explode)) as base:
        with pytest.raises(TooLargeError):
            await client.request(Request(url=base))


async def test_huge_headers_are_refused(client: Client) -> None:
    async def flood(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * 200_000 + b"\r\nContent-Length: 0\r\n\r\n")

    async with raw(flood) as base:
        with pytest.raises((ProtocolChangedError, TransientError)):
            await client.request(Request(url=base))


async def test_a_redirect_loop_ends(client: Client) -> None:
    async def again(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": str(request.url)})

    async with serving(("GET", "/", again)) as base:
        with pytest.raises(ProtocolChangedError):
            await client.request(Request(url=base))


async def test_a_token_does_not_follow_to_another_origin(client: Client) -> None:
    async with serving(("GET", "/echo", echo)) as other:

        async def away(_: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": f"{other}/echo"})

        async def within(_: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": "/echo"})

        async with serving(("GET", "/away", away), ("GET", "/within", within), ("GET", "/echo", echo)) as base:
            gone = await client.request(Request(url=f"{base}/away", token="t", headers=(("Authorization", "x"),)))
            stayed = await client.request(Request(url=f"{base}/within", token="t"))
    assert "Authorization" not in json.loads(gone.body)["headers"]
    assert json.loads(stayed.body)["headers"]["Authorization"] == "Bearer t"


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_write_is_never_turned_into_a_read(client: Client, status: int) -> None:
    async def away(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": "/echo"})

    async with serving(("POST", "/", away), ("GET", "/echo", echo)) as base:
        with pytest.raises(ProtocolChangedError):
            await client.request(Request(method="POST", url=base, repeatable=False))


async def test_a_write_follows_within_its_origin(client: Client) -> None:
    async def moved(_: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": "/echo"})

    async with serving(("POST", "/", moved), ("POST", "/echo", echo)) as base:
        response = await client.request(Request(method="POST", url=base, body=b"x", repeatable=False))
    assert json.loads(response.body)["body"] == "x"


async def test_each_write_has_a_connection_of_its_own(client: Client) -> None:
    peers: list[object] = []

    async def note(request: web.Request) -> web.Response:
        transport = request.transport
        assert transport is not None
        peers.append(transport.get_extra_info("peername"))
        return web.Response()

    async with serving(("*", "/", note)) as base:
        for _ in range(2):
            await client.request(Request(method="POST", url=base, repeatable=False))
    assert len(set(peers)) == 2


@pytest.mark.parametrize("url", ["http://example.org/", "ftp://a.example/", "https://", "http://[::1", "http://a:b/"])
async def test_addresses_that_are_never_asked(client: Client, url: str) -> None:
    with pytest.raises(ConfigurationError):
        await client.request(Request(url=url))


PRIVATE = [
    "127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "[::1]", "[::ffff:10.0.0.1]", "100.64.0.1", "127.1",
    "2130706433", "0x7f.1", "0177.0.0.1", "localhost.", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
]  # fmt: skip


@pytest.mark.parametrize("host", ["①27.0.0.1", "127。0。0。1", "１２７.0.0.1"])
async def test_another_way_of_writing_does_not_lead_to_this_machine(client: Client, host: str) -> None:
    async with serving(("GET", "/", echo)) as base:
        port = base.rpartition(":")[2]
        with pytest.raises(TransientError, match="private"):
            await client.request(Request(url=f"http://{host}:{port}/", public_only=True, insecure=True))


@pytest.mark.parametrize("host", PRIVATE)
async def test_a_stranger_s_address_must_not_be_private(client: Client, host: str) -> None:
    with pytest.raises(TransientError):
        await client.request(Request(url=f"http://{host}:1/", public_only=True, insecure=True))


async def test_a_redirect_must_not_lead_into_a_private_network(client: Client) -> None:
    async def inwards(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"})

    async with serving(("GET", "/", inwards)) as base:
        with pytest.raises(TransientError):
            await client.request(Request(url=f"{base}/", public_only=True, home=origin(base)))


async def test_the_client_opens_again_after_it_was_closed(client: Client) -> None:
    async with serving(("GET", "/", echo)) as base:
        await client.request(Request(url=base))
        await client.close()
        assert (await client.request(Request(url=base))).good


def test_link_headers() -> None:
    header = '<https://a.example/x?max_id=1>; rel="next", <https://a.example/x?min_id=2>; rel="prev"'
    assert links(header) == {"next": "https://a.example/x?max_id=1", "prev": "https://a.example/x?min_id=2"}
    assert links("<broken") == {}
    assert links("") == {}
    assert links("<https://a.example/,;>; title=\"a, b\"; rel='prev first'") == {
        "prev": "https://a.example/,;",
        "first": "https://a.example/,;",
    }


def test_proxies_of_the_machine() -> None:
    proxies = Proxies({"https": "proxy.example:3128", "no": "inside.example,.corp.example"})
    assert proxies.of("https://a.example/x") == "http://proxy.example:3128"
    assert proxies.of("wss://a.example/x") == "http://proxy.example:3128"
    assert proxies.of("http://a.example/x") is None
    assert proxies.of("https://inside.example/") is None
    assert proxies.of("https://a.corp.example/") is None
    assert proxies.of("https://127.0.0.1/") is None


async def test_a_proxy_that_is_away_was_certainly_not_reached() -> None:
    transport = Transport("test", Proxies({"http": "http://127.0.0.1:1"}))
    with pytest.raises(TransientError):
        await transport.request(Request(method="POST", url="http://a.example/", repeatable=False, insecure=True))
    await transport.close()


class Names(AbstractResolver):
    """Resolves every name to the same addresses."""

    def __init__(self, *hosts: str) -> None:
        self._hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=found, port=port, family=family, proto=0, flags=0)
            for found in self._hosts
        ]

    async def close(self) -> None:
        return None


async def test_a_name_must_not_point_into_a_private_network() -> None:
    mixed = PublicResolver(Names("10.0.0.1", "93.184.216.34", "127.0.0.1", "fe80::1"))
    assert [found["host"] for found in await mixed.resolve("a.example")] == ["93.184.216.34"]
    with pytest.raises(OSError, match="private"):
        await PublicResolver(Names("192.168.0.1")).resolve("a.example")
    await mixed.close()


@pytest.mark.parametrize("repeatable", [True, False])
async def test_what_does_not_speak_tls_was_not_told_anything(client: Client, repeatable: bool) -> None:
    async with raw(_garbage, head=False) as base:
        with pytest.raises(TransientError):
            await client.request(Request(url=base.replace("http", "https"), repeatable=repeatable))


async def test_a_server_without_tls_is_not_called_one_with_a_bad_certificate(client: Client) -> None:
    async with serving(("POST", "/echo", echo)) as base:
        with pytest.raises(TransientError) as caught:
            await client.request(Request(url=base.replace("http:", "https:") + "/echo"))
    assert "https" in str(caught.value)
    assert not isinstance(caught.value, CertificateError)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
async def test_a_write_without_an_answer_is_tried_once(client: Client, method: str) -> None:
    heads: list[bytes] = []

    async def lose(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        reset(writer)

    async with raw(lose) as base:
        with pytest.raises(AmbiguousError):
            await client.request(Request(method=method, url=f"{base}/thing", repeatable=False))
    assert len(heads) == 1
