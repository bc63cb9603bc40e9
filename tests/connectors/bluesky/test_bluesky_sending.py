"""Sending and moderating: once, at keys of our own, with what the network wants named."""

from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web

from tests.conformance.doubles.bluesky import ALICE, BOB, OWN, POST, Habits, Network, failure, iso
from tests.connectors.bluesky.conftest import Opening
from workstation.connectors.bluesky import pictures, tid
from workstation.domain.errors import (
    AmbiguousError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ReplyNotAllowedError,
    TooLongError,
)
from workstation.domain.messages import Mark
from workstation.domain.outbox import Act, Operation
from workstation.domain.posts import PictureData

AT = 1_795_340_525_000_000
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x80\x00\x00\x01\xe0\x08\x02" + b"\x00" * 20


def do(act: Act, target: str = "", account: str = ALICE, text: str = "", at: int = AT, **more: Any) -> Operation:
    options = {name: value for name, value in more.items() if name not in {"language", "spoiler"}}
    kept = {name: value for name, value in more.items() if name in {"language", "spoiler"}}
    return Operation(str(uuid4()), act, target=target, account=account, text=text, at=at, options=options, **kept)


async def test_a_reply_names_its_thread_and_whom_it_mentions(network: Network, channel_of: Opening) -> None:
    first = network.say("where is it?")
    second = network.answer(first, "yes, where?", BOB)
    channel = await channel_of(sources="mentions")
    operation = do(
        Act.REPLY, second.uri, BOB, "Grüße @alice.test, @nobody.example: https://a.example #soon", language="de"
    )
    sent = await channel.send(operation)
    record = network.records[sent.remote_id].value
    assert sent.remote_id == f"at://{OWN}/{POST}/{tid.of(operation)}"
    assert sent.address.endswith(f"/post/{tid.of(operation)}")
    assert record["reply"] == {
        "root": {"uri": first.uri, "cid": first.cid},
        "parent": {"uri": second.uri, "cid": second.cid},
    }
    assert record["langs"] == ["de"]
    assert record["createdAt"] == iso(AT)[:-4] + "Z"
    features = [facet["features"][0] for facet in record["facets"]]
    assert [feature.get("did", feature.get("uri", feature.get("tag"))) for feature in features] == [
        ALICE, "https://a.example", "soon",
    ]  # fmt: skip
    assert sent.batch is not None
    assert sent.batch.messages[0].operation == operation.id
    assert sent.batch.messages[0].text == (await channel.refresh((sent.remote_id,))).messages[0].text


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("at", [AT, 0])
async def test_the_same_operation_again_is_the_same_post(
    strict: bool, at: int, habits: Habits, network: Network, channel_of: Opening
) -> None:
    habits.strict_swap = strict
    channel = await channel_of(sources="mentions")
    operation = do(Act.POST, text="once", at=at)
    assert await channel.find_sent(operation, 0) is None
    one, two = await channel.send(operation), await channel.send(operation)
    assert one.remote_id == two.remote_id
    assert network.written() == ["once"]
    found = await channel.find_sent(operation, 0)
    assert found is not None
    assert found.remote_id == one.remote_id


async def test_a_key_that_is_met_twice_overwrites_nothing(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    operation = do(Act.POST, text="ours")
    network.put(OWN, POST, {"$type": POST, "text": "another one", "createdAt": iso(AT)}, tid.of(operation))
    with pytest.raises(InvalidError):
        await channel.send(operation)
    assert network.written() == ["another one"]


async def test_a_write_without_an_answer_is_ambiguous(habits: Habits, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")

    async def fault(_: web.Request) -> web.StreamResponse:
        return web.Response(status=502)

    habits.odd["com.atproto.repo.putRecord"] = fault
    with pytest.raises(AmbiguousError):
        await channel.send(do(Act.POST, text="perhaps"))


async def test_warnings_are_labels_and_words(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    operation = do(Act.POST, text="look", spoiler="blood")
    sent = await channel.send(operation)
    record = network.records[sent.remote_id].value
    assert record["labels"]["values"] == [{"val": "graphic-media"}]
    assert record["text"] == "blood\n\nlook"
    assert channel.measure(operation).used == len("blood\n\nlook")
    named = await channel.send(do(Act.POST, text="look", spoiler="Nudity"))
    assert network.records[named.remote_id].value["text"] == "look"
    assert network.records[named.remote_id].value["labels"]["values"] == [{"val": "nudity"}]


async def test_what_is_too_long_is_not_sent(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    with pytest.raises(TooLongError):
        await channel.send(do(Act.POST, text="x" * 301))
    assert network.written() == []


async def test_what_is_gone_or_closed_cannot_be_answered(habits: Habits, network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    gone = network.say("gone")
    network.delete(gone.uri)
    with pytest.raises(GoneError):
        await channel.send(do(Act.REPLY, gone.uri, text="too late"))
    closed = network.say("closed")

    async def view(_: web.Request) -> web.StreamResponse:
        return web.json_response({"posts": [network.view(closed) | {"viewer": {"replyDisabled": True}}]})

    habits.odd["app.bsky.feed.getPosts"] = view
    with pytest.raises(ReplyNotAllowedError):
        await channel.send(do(Act.REPLY, closed.uri, text="may we?"))
    assert network.written() == []


async def test_a_blocked_author_cannot_be_answered(habits: Habits, network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    said = network.say("hello")

    async def blocked(_: web.Request) -> web.StreamResponse:
        return failure("BlockedByActor", "Requester is blocked by actor")

    habits.odd["app.bsky.feed.getPosts"] = blocked
    with pytest.raises(ReplyNotAllowedError):
        await channel.send(do(Act.REPLY, said.uri, text="hello"))


async def test_pictures(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="mentions")
    names = [await channel.attach(PictureData("image/png", PNG, alt)) for alt in ("one, two", "")]
    sent = await channel.send(do(Act.POST, text="look", media=",".join(names)))
    images = network.records[sent.remote_id].value["embed"]["images"]
    assert [image["alt"] for image in images] == ["one, two", ""]
    assert images[0]["aspectRatio"] == {"width": 640, "height": 480}
    assert images[0]["image"]["mimeType"] == "image/png"
    with pytest.raises(InvalidError):
        await channel.attach(PictureData("image/png", b"x" * 1_000_001))
    with pytest.raises(InvalidError):
        await channel.attach(PictureData("image/svg+xml", b"<svg/>"))
    with pytest.raises(InvalidError):
        await channel.send(do(Act.POST, text="look", media="not-ours"))


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (PNG, (640, 480)),
        (b"GIF89a\x40\x01\xc8\x00" + b"\0" * 9, (320, 200)),
        (b"\xff\xd8\xff\xe0\x00\x10" + b"\0" * 14 + b"\xff\xc0\x00\x11\x08\x00\xc8\x01\x40" + b"\0" * 9, (320, 200)),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\x01\x00\xc7\x00\x00", (320, 200)),
        (b"\xff\xd8\xff", (0, 0)),
        (b"", (0, 0)),
        (PNG[:18], (0, 0)),
    ],
)
def test_sizes_of_pictures(data: bytes, size: tuple[int, int]) -> None:
    assert pictures.size(data) == size


@pytest.mark.parametrize(
    ("act", "undo", "mark", "collection"),
    [
        (Act.FAVOURITE, Act.UNFAVOURITE, Mark.FAVOURITED, "app.bsky.feed.like"),
        (Act.BOOST, Act.UNBOOST, Mark.BOOSTED, "app.bsky.feed.repost"),
    ],
)
async def test_reactions_are_made_once_and_taken_back_whole(
    act: Act, undo: Act, mark: Mark, collection: str, network: Network, channel_of: Opening
) -> None:
    said = network.post("nice")
    channel = await channel_of(sources="home")

    def mine() -> list[str]:
        return [uri for uri in network.records if uri.startswith(f"at://{OWN}/{collection}/")]

    operation = do(act, said.uri)
    for _ in range(2):
        sent = await channel.send(operation)
        assert sent.batch is not None
        assert sent.batch.messages[0].marks == (mark,)
    assert mine() == [f"at://{OWN}/{collection}/{tid.of(operation)}"]
    assert await channel.find_sent(operation, 0) is not None
    network.put(
        OWN, collection, {"subject": {"uri": said.uri, "cid": said.cid}, "createdAt": iso(AT)}
    )  # by another app
    back = do(undo, said.uri)
    assert await channel.find_sent(back, 0) is None
    await channel.send(back)
    assert mine() == []
    assert await channel.find_sent(back, 0) is not None
    await channel.send(back)  # again changes nothing


async def test_a_repost_by_its_page(network: Network, channel_of: Opening) -> None:
    said = network.post("pass it on")
    channel = await channel_of(sources="home")
    rkey = said.uri.rpartition("/")[2]
    await channel.send(do(Act.BOOST, address=f"https://bsky.app/profile/alice.test/post/{rkey}"))
    assert any("/app.bsky.feed.repost/" in uri for uri in network.records)
    with pytest.raises(GoneError):
        await channel.send(do(Act.BOOST, address="https://elsewhere.example/1"))


async def test_deleting_is_for_our_own(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="own")
    sent = await channel.send(do(Act.POST, text="oops"))
    operation = do(Act.DELETE, sent.remote_id)
    assert await channel.find_sent(operation, 0) is None
    await channel.send(operation)
    assert network.written() == []
    assert await channel.find_sent(operation, 0) is not None
    with pytest.raises(PermissionDeniedError):
        await channel.send(do(Act.DELETE, network.post("theirs").uri))


async def test_edits_are_honest(network: Network, channel_of: Opening) -> None:
    offer = (await (await channel_of()).open()).capabilities.offer(Act.EDIT)
    assert offer is not None
    assert not offer.available
    channel = await channel_of(edits="1")
    first = network.say("hello")
    sent = await channel.send(do(Act.REPLY, first.uri, text="anwser"))
    operation = do(Act.EDIT, sent.remote_id, text="answer")
    assert await channel.find_sent(operation, 0) is None
    await channel.send(operation)
    record = network.records[sent.remote_id].value
    assert record["text"] == "answer"
    assert record["reply"]["parent"]["uri"] == first.uri
    assert await channel.find_sent(operation, 0) is not None


async def test_answers_are_hidden_in_our_threads_only(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="own")
    ours = await channel.send(do(Act.POST, text="ours"))
    answers = [network.answer(network.records[ours.remote_id], text) for text in ("rude", "ruder")]
    for answer in answers:
        sent = await channel.send(do(Act.HIDE, answer.uri))
        assert sent.batch is not None
        assert Mark.HIDDEN in sent.batch.messages[0].marks
    gate = network.records[ours.remote_id.replace(POST, "app.bsky.feed.threadgate")]
    assert gate.value["hiddenReplies"] == [answer.uri for answer in answers]
    assert gate.value["post"] == ours.remote_id
    again = await channel_of(sources="own")  # another run of the desk knows it too
    assert Mark.HIDDEN in (await again.refresh((answers[0].uri,))).messages[0].marks
    back = do(Act.UNHIDE, answers[0].uri)
    assert await channel.find_sent(back, 0) is None
    await channel.send(back)
    assert await channel.find_sent(back, 0) is not None
    assert network.records[gate.uri].value["hiddenReplies"] == [answers[1].uri]
    with pytest.raises(PermissionDeniedError):
        await channel.send(do(Act.HIDE, network.answer(network.post("theirs"), "rude").uri))


async def test_mutes_and_blocks(network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="home")
    for act, undo in ((Act.MUTE, Act.UNMUTE), (Act.BLOCK, Act.UNBLOCK)):
        operation, back = do(act), do(undo)
        assert await channel.find_sent(operation, 0) is None
        await channel.send(operation)
        assert await channel.find_sent(operation, 0) is not None
        assert await channel.find_sent(back, 0) is None
        await channel.send(back)
        assert await channel.find_sent(back, 0) is not None
    assert not network.mutes
    assert not any("/app.bsky.graph.block/" in uri for uri in network.records)


async def test_reports_say_why_and_about_what(network: Network, channel_of: Opening) -> None:
    said = network.post("buy my pills")
    channel = await channel_of(sources="home")
    await channel.send(do(Act.REPORT, said.uri, category="spam", comment="pills"))
    await channel.send(do(Act.REPORT, said.uri, category="rude", whole_account="1"))
    first, second = [body for nsid, body in network.bodies if nsid.endswith("createReport")]
    assert first["reasonType"] == "com.atproto.moderation.defs#reasonSpam"
    assert first["subject"] == {"$type": "com.atproto.repo.strongRef", "uri": said.uri, "cid": said.cid}
    assert second["subject"] == {"$type": "com.atproto.admin.defs#repoRef", "did": ALICE}
    with pytest.raises(AmbiguousError):
        await channel.find_sent(do(Act.REPORT, said.uri), 0)


async def test_moderators_act_once(network: Network, channel_of: Opening) -> None:
    said = network.post("buy my pills")
    subject = {"$type": "com.atproto.repo.strongRef", "uri": said.uri, "cid": said.cid}
    network.report({"reasonType": "com.atproto.moderation.defs#reasonSpam", "subject": subject}, BOB)
    channel = await channel_of(sources="reports")
    now = network.tick()
    for act, name in (
        (Act.ESCALATE_REPORT, "modEventEscalate"),
        (Act.TAKE_DOWN, "modEventTakedown"),
        (Act.REVERSE_TAKE_DOWN, "modEventReverseTakedown"),
        (Act.LABEL, "modEventLabel"),
        (Act.UNLABEL, "modEventLabel"),
        (Act.RESOLVE_REPORT, "modEventAcknowledge"),
    ):
        operation = do(act, "report:1", at=now, label="spam, rude", comment="seen", hours="24")
        await channel.send(operation)
        count = len(network.events)
        sent = await channel.send(operation)
        assert len(network.events) == count
        event = network.events[-1]["event"]
        assert (event["$type"].partition("#")[2], event["comment"]) == (name, "seen")
        assert await channel.find_sent(operation, 0) is not None
        assert sent.batch is not None
    assert sent.batch is not None
    assert sent.batch.messages[0].marks == (Mark.RESOLVED,)
    labels = [event["event"] for event in network.events if event["event"]["$type"].endswith("Label")]
    assert [(event["createLabelVals"], event["negateLabelVals"]) for event in labels] == [
        (["spam", "rude"], []),
        ([], ["spam", "rude"]),
    ]
    with pytest.raises(InvalidError):
        await channel.send(do(Act.LABEL, "report:1"))
    with pytest.raises(GoneError):
        await channel.send(do(Act.RESOLVE_REPORT, "report:99"))
    with pytest.raises(ReplyNotAllowedError):
        await channel.send(do(Act.REPLY, "report:1", text="thanks"))
    await channel.send(do(Act.FAVOURITE, "report:1"))  # means the post that it is about
    assert any("/app.bsky.feed.like/" in uri for uri in network.records)


async def test_who_is_no_moderator_cannot_moderate(habits: Habits, network: Network, channel_of: Opening) -> None:
    habits.moderator = False
    channel = await channel_of(sources="home")
    with pytest.raises(PermissionDeniedError):
        await channel.send(do(Act.TAKE_DOWN, network.post("x").uri))


async def test_two_who_hide_at_once_both_succeed(habits: Habits, network: Network, channel_of: Opening) -> None:
    channel = await channel_of(sources="own")
    ours = await channel.send(do(Act.POST, text="ours"))
    mine, theirs = (network.answer(network.records[ours.remote_id], text) for text in ("rude", "ruder"))
    gate = ours.remote_id.replace(POST, "app.bsky.feed.threadgate")

    async def meanwhile(request: web.Request) -> web.StreamResponse:
        del habits.odd["com.atproto.repo.putRecord"]
        record = {"$type": "app.bsky.feed.threadgate", "post": ours.remote_id, "hiddenReplies": [theirs.uri]}
        network.put(OWN, "app.bsky.feed.threadgate", record, gate.rpartition("/")[2])
        return await network.handle(request)

    habits.odd["com.atproto.repo.putRecord"] = meanwhile
    await channel.send(do(Act.HIDE, mine.uri))
    assert network.records[gate].value["hiddenReplies"] == [theirs.uri, mine.uri]
