"""Jetstream: what is wanted of it, how it is resumed, and that every line counts once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conformance.doubles.bluesky import ALICE, BOB, OWN, POST, Network, iso
from tests.connectors.bluesky.conftest import Opening
from tests.connectors.conftest import Watch
from workstation.connectors.bluesky import jetstream
from workstation.connectors.bluesky.directory import Directory
from workstation.connectors.bluesky.jetstream import REWIND, Reader, wanted
from workstation.connectors.bluesky.parse import Parser
from workstation.domain.channels import Condition
from workstation.domain.errors import ConfigurationError
from workstation.domain.messages import Kind

AT = 1_795_340_525_123_456


def line(text: str = "hello", did: str = ALICE, operation: str = "create", **record: Any) -> bytes:
    value = {"$type": POST, "text": text, "createdAt": iso(AT), "langs": ["en-GB"]} | record
    commit = {
        "rev": "r",
        "operation": operation,
        "collection": POST,
        "rkey": "3mz2222222222",
        "record": value,
        "cid": "b",
    }
    return json.dumps({"did": did, "time_us": AT, "kind": "commit", "commit": commit}).encode()


def reader(words: str = "*", dids: str = "", languages: str = "", *, replies: bool = True) -> Reader:
    wants = wanted(words.split(","), dids.split(","), languages.split(","), replies)
    return Reader(wants, Parser(OWN, Directory()))


def matches(found: Reader, data: bytes) -> bool:
    outcome = found.read(data)
    assert outcome.reject is None
    return outcome.post is not None


THEIRS = {"root": {"uri": f"at://{BOB}/{POST}/3m", "cid": "b"}, "parent": {"uri": f"at://{BOB}/{POST}/3m", "cid": "b"}}
OURS = {"root": {"uri": f"at://{OWN}/{POST}/3m", "cid": "b"}, "parent": {"uri": f"at://{BOB}/{POST}/3m", "cid": "b"}}
NAMED = [{"index": {"byteStart": 0, "byteEnd": 1}, "features": [{"$type": "x#mention", "did": OWN}]}]
TAGGED = [{"index": {"byteStart": 0, "byteEnd": 1}, "features": [{"$type": "x#tag", "tag": "Acme"}]}]


@pytest.mark.parametrize(
    ("wants", "text", "record", "found"),
    [
        ({"words": "acme"}, "I love ACME!", {}, True),
        ({"words": "acme"}, "acmeology", {}, False),
        ({"words": "C++"}, "c++ is fine", {}, True),
        ({"words": "lost parcel,acme"}, "a Lost Parcel", {}, True),
        ({"words": "#acme"}, "x", {"facets": TAGGED}, True),
        ({"words": "#acme"}, "x", {"tags": ["ACME"]}, True),
        ({"words": "#acme"}, "acme", {}, False),
        ({"words": "日本"}, "日本 ", {}, True),
        ({"words": "*", "languages": "de"}, "x", {}, False),
        ({"words": "*", "languages": "en"}, "x", {}, True),
        ({"words": "*", "replies": False}, "x", {"reply": THEIRS}, False),
        ({"words": "*", "dids": BOB}, "x", {}, False),
        ({"words": "", "dids": ALICE}, "x", {}, True),
        ({"words": "acme", "replies": False}, "x", {"reply": OURS}, True),
        ({"words": "acme"}, "x", {"facets": NAMED}, True),
    ],
)
def test_what_is_wanted(wants: dict[str, Any], text: str, record: dict[str, Any], found: bool) -> None:
    assert matches(reader(**wants), line(text, **record)) is found


def test_wanting_nothing_would_be_the_whole_network() -> None:
    with pytest.raises(ConfigurationError):
        wanted([], [], [], replies=True)
    with pytest.raises(ConfigurationError):
        wanted([], ["alice.test"], [], replies=True)


def test_addresses() -> None:
    wants = wanted(["a"], [ALICE], [], replies=True)
    assert jetstream.address("jetstream.example", 0, wants) == (
        "wss://jetstream.example/subscribe?wantedCollections=app.bsky.feed.post&wantedDids=did%3Aplc%3Aalice"
    )
    assert f"cursor={AT - REWIND}" in jetstream.address("ws://127.0.0.1:1/subscribe", AT, wants)
    with pytest.raises(ConfigurationError):
        jetstream.address("ftp://x", 0, wants)
    many = wanted([], [f"did:plc:a{number}" for number in range(500)], [], replies=True)
    assert "wantedDids" not in jetstream.address("j.example", 0, many)
    assert len(json.loads(jetstream.hello(many))["payload"]["wantedDids"]) == 500


def test_changes_and_deletions() -> None:
    found = reader().read(line("new words", operation="update"))
    assert found.post is not None
    assert found.post.edited_at == AT
    gone = json.dumps({"did": ALICE, "time_us": AT, "kind": "commit",
                       "commit": {"rev": "r", "operation": "delete", "collection": POST, "rkey": "3m"}})  # fmt: skip
    outcome = reader().read(gone.encode())
    assert outcome.deletion is not None
    assert outcome.deletion.remote_id == f"at://{ALICE}/{POST}/3m"


def test_a_new_handle_is_learned() -> None:
    found = reader()
    parser = found._parser
    parser.profile(json.dumps({"did": ALICE, "handle": "alice.test"}).encode())
    said = {"did": ALICE, "time_us": AT, "kind": "identity", "identity": {"did": ALICE, "handle": "Alice.example"}}
    outcome = found.read(json.dumps(said).encode())
    assert (outcome.post, outcome.reject) == (None, None)
    assert parser.stranger(ALICE).handle == "alice.example"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"null",
        b'{"did": 1, "time_us": 2, "kind": "commit"}',
        line()[:-20],
        line().replace(b'"text": "hello"', b'"text": ["hello"]'),
        line().replace(b'"record"', b'"recorded"'),
        line().replace(b'"hello"', b"[" * 5_000 + b"]" * 5_000),
        line(did="nonsense"),
        b"\xff\xfe\x00",
    ],
)
def test_what_cannot_be_read_is_a_reject(data: bytes) -> None:
    found = reader()
    outcome = found.read(data)
    if outcome.post is not None:
        with pytest.raises(ValueError, match=r"no (post|DID)"):
            found.message(outcome.post)
    else:
        assert outcome.reject is not None
        assert outcome.reject.code == "protocol_changed"


@given(st.binary(max_size=300))
def test_any_bytes_are_an_outcome(data: bytes) -> None:
    outcome = reader().read(data)
    assert (outcome.reject is not None) or outcome.post is None


# -- on a network ------------------------------------------------------------------------------------------------------


def settings(network: Network, **more: str) -> dict[str, str]:
    stream = network.reached.replace("http", "ws") + "/subscribe"
    return {"sources": "mentions", "jetstream": stream, "jetstream_words": "acme", "poll_seconds": "3600"} | more


async def test_posts_come_live_and_the_rest_is_counted(network: Network, channel_of: Opening) -> None:
    async with Watch(await channel_of(**settings(network))) as watch:  # type: ignore[arg-type]
        await watch.live(Condition.LIVE)
        wanted_one = network.post("an ACME anvil", BOB)
        network.post("nothing of interest")
        network.stream_lines(b"rubbish")
        mention = network.say("hello")
        await watch.until(lambda: {wanted_one.uri, mention.uri} <= set(watch.ids("jetstream")))
        await watch.until(lambda: sum(batch.received for batch in watch.batches if batch.source == "jetstream") == 4)
        batches = [batch for batch in watch.batches if batch.source == "jetstream"]
        assert sum(len(batch.rejects) for batch in batches) == 1
        assert sum(batch.filtered for batch in batches) == 1
        found = {message.remote_id: message for message in watch.messages("jetstream")}
        assert found[mention.uri].kind is Kind.MENTION
        assert found[wanted_one.uri].author.handle == "bob.test"
        assert all(batch.live for batch in batches)


async def test_a_stream_that_breaks_off_is_resumed_a_little_earlier(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(**settings(network))
    channel._pace = channel._paced()
    async with Watch(channel) as watch:  # type: ignore[arg-type]
        await watch.live(Condition.LIVE)
        first = network.post("acme one")
        await watch.until(lambda: first.uri in watch.ids("jetstream"))
        for socket in network.sockets:
            await socket.close()
        second = network.post("acme two")
        await watch.until(lambda: second.uri in watch.ids("jetstream"))
        assert int(network.cursors[-1]) > 0
        saved = watch.cursors
    third = network.post("acme three")
    async with Watch(channel, saved) as again:  # type: ignore[arg-type]
        await again.until(lambda: third.uri in again.ids("jetstream"))


async def test_edits_and_deletions_come_by_the_stream(network: Network, channel_of: Opening) -> None:
    async with Watch(await channel_of(**settings(network))) as watch:  # type: ignore[arg-type]
        await watch.live(Condition.LIVE)
        post = network.post("acme is grate")
        network.edit(post.uri, "acme is great")
        network.delete(post.uri)
        await watch.until(lambda: any(batch.deletions for batch in watch.batches))
        last = watch.messages("jetstream")[-1]
        assert (last.text, last.edited_at > 0) == ("acme is great", True)


async def test_many_accounts_are_told_once_the_stream_is_open(network: Network, channel_of: Opening) -> None:
    dids = ",".join([ALICE, *(f"did:plc:a{number}" for number in range(200))])
    channel = await channel_of(**settings(network, jetstream_words="", jetstream_dids=dids))
    async with Watch(channel) as watch:  # type: ignore[arg-type]
        await watch.live(Condition.LIVE)
        await watch.until(lambda: network.hellos)
    assert json.loads(network.hellos[0])["type"] == "options_update"


async def test_a_stream_that_cannot_be_had_stops_nothing_else(network: Network, channel_of: Opening) -> None:
    broken = settings(network, jetstream="ws://127.0.0.1:9/subscribe", poll_seconds="0")
    said = network.say("hello")
    async with Watch(await channel_of(**broken)) as watch:  # type: ignore[arg-type]
        await watch.until(lambda: said.uri in watch.ids("mentions"))
        await watch.until(lambda: watch.health[-1].error is not None)
        await watch.live(Condition.POLLING)


async def test_what_concerns_us_says_the_same_as_its_notification(network: Network, channel_of: Opening) -> None:
    quoted = network.post("first", OWN)
    record = {"$type": "app.bsky.embed.record", "record": {"uri": quoted.uri, "cid": quoted.cid}}
    async with Watch(await channel_of(**settings(network, poll_seconds="0"))) as watch:  # type: ignore[arg-type]
        await watch.live(Condition.LIVE)
        said = network.say("look", embed=record)
        author = network.profile(OWN)
        shown = {
            "$type": "app.bsky.embed.record#viewRecord",
            "uri": quoted.uri,
            "author": author,
            "value": quoted.value,
        }
        network.views[said.uri] = {"embed": {"$type": "app.bsky.embed.record#view", "record": shown}}
        await watch.until(lambda: said.uri in watch.ids("jetstream") and said.uri in watch.ids("mentions"))
        texts = {message.text for message in watch.messages() if message.remote_id == said.uri}
        assert texts == {"@shop.test look\n\n> @shop.test:\n> first"}
