"""Recorded lines and records: each is read or counted with a reason, each key is mapped or ignored with one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workstation.connectors.bluesky import jetstream
from workstation.connectors.bluesky.directory import Directory
from workstation.connectors.bluesky.ignored import IGNORED, unmapped
from workstation.connectors.bluesky.parse import Parser

FOLDER = Path(__file__).resolve().parents[3].parent / "shared" / "fixtures" / "bluesky"

pytestmark = [
    pytest.mark.needs_fixtures,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="shared fixtures are not here"),
]


def lines() -> Iterator[bytes]:
    """Every recorded line of Jetstream."""
    for path in sorted((FOLDER / "jetstream").glob("*.jsonl")):
        yield from path.read_bytes().splitlines()


def record(name: str) -> Any:
    """A recorded answer."""
    return json.loads((FOLDER / "records" / name).read_text(encoding="utf-8"))


def test_every_line_is_read_or_counted() -> None:
    parser = Parser("did:plc:nobody", Directory())
    reader = jetstream.Reader(jetstream.wanted([jetstream.EVERYTHING], [], [], replies=True), parser)
    posts = 0
    for line in lines():
        event = json.loads(line)
        outcome = reader.read(line)
        assert outcome.at == event["time_us"]
        assert outcome.reject is None
        if outcome.post is None:
            assert event.get("commit", {}).get("collection") != "app.bsky.feed.post"
            continue
        posts += 1
        message = reader.message(outcome.post)
        commit = event["commit"]
        assert message.remote_id == f"at://{event['did']}/{commit['collection']}/{commit['rkey']}"
        assert message.text.split()[:1] == commit["record"]["text"].split()[:1] or not commit["record"]["text"]
    assert posts


def test_every_key_of_a_line_is_mapped_or_ignored_with_a_reason() -> None:
    assert {path for line in lines() for path in unmapped("Event", json.loads(line))} == set()


def test_every_key_of_a_record_is_mapped_or_ignored_with_a_reason() -> None:
    for entity, found in (
        ("Described", record("did_doc.json")),
        ("Thread", record("thread_view_post_with_embed_media.json")),
        ("Profile", [*record("get_follows.json")["follows"], record("get_follows.json")["subject"]]),
        ("Record", record("like_record.json")),
        ("PostRecord", record("extended_post_record.json")["value"]),
        ("SubjectRecord", [record(name)["value"] for name in ("like_record.json", "extended_like_record.json")]),
    ):
        assert unmapped(entity, found) == [], entity


LEXICONS = (
    ("PostRecord", "app/bsky/feed/post.json", "main"),
    ("PostView", "app/bsky/feed/defs.json", "postView"),
    ("PostViewer", "app/bsky/feed/defs.json", "viewerState"),
    ("FeedItem", "app/bsky/feed/defs.json", "feedViewPost"),
    ("Reason", "app/bsky/feed/defs.json", "reasonRepost"),
    ("ThreadNode", "app/bsky/feed/defs.json", "threadViewPost"),
    ("ThreadNode", "app/bsky/feed/defs.json", "blockedPost"),
    ("ThreadNode", "app/bsky/feed/defs.json", "notFoundPost"),
    ("GateView", "app/bsky/feed/defs.json", "threadgateView"),
    ("GateRecord", "app/bsky/feed/threadgate.json", "main"),
    ("SubjectRecord", "app/bsky/feed/like.json", "main"),
    ("SubjectRecord", "app/bsky/feed/repost.json", "main"),
    ("Notification", "app/bsky/notification/listNotifications.json", "notification"),
    ("Profile", "app/bsky/actor/defs.json", "profileViewBasic"),
    ("Profile", "app/bsky/actor/defs.json", "profileViewDetailed"),
    ("ActorViewer", "app/bsky/actor/defs.json", "viewerState"),
    ("Facet", "app/bsky/richtext/facet.json", "main"),
    ("ByteSlice", "app/bsky/richtext/facet.json", "byteSlice"),
    ("Picture", "app/bsky/embed/images.json", "image"),
    ("Picture", "app/bsky/embed/images.json", "viewImage"),
    ("Picture", "app/bsky/embed/gallery.json", "image"),
    ("Picture", "app/bsky/embed/gallery.json", "viewImage"),
    ("Embed", "app/bsky/embed/video.json", "main"),
    ("Embed", "app/bsky/embed/video.json", "view"),
    ("Embed", "app/bsky/embed/recordWithMedia.json", "view"),
    ("External", "app/bsky/embed/external.json", "external"),
    ("External", "app/bsky/embed/external.json", "viewExternal"),
    ("Quoted", "app/bsky/embed/record.json", "viewRecord"),
    ("Quoted", "app/bsky/embed/record.json", "viewBlocked"),
    ("Quoted", "app/bsky/embed/record.json", "viewDetached"),
    ("Quoted", "app/bsky/feed/defs.json", "generatorView"),
    ("Quoted", "app/bsky/graph/defs.json", "listView"),
    ("Quoted", "app/bsky/graph/defs.json", "starterPackViewBasic"),
    ("Quoted", "app/bsky/labeler/defs.json", "labelerView"),
    ("Label", "com/atproto/label/defs.json", "label"),
    ("EventView", "tools/ozone/moderation/defs.json", "modEventView"),
    ("ModEvent", "tools/ozone/moderation/defs.json", "modEventReport"),
    ("SubjectStatus", "tools/ozone/moderation/defs.json", "subjectStatusView"),
    ("Subject", "tools/ozone/moderation/defs.json", "recordView"),
    ("Subject", "tools/ozone/moderation/defs.json", "repoView"),
)


@pytest.mark.parametrize(("entity", "path", "name"), LEXICONS)
def test_every_property_of_a_lexicon_is_mapped_or_ignored_with_a_reason(entity: str, path: str, name: str) -> None:
    found = json.loads((FOLDER / "lexicons" / path).read_text(encoding="utf-8"))["defs"][name]
    properties = found.get("record", found)["properties"]
    assert unmapped(entity, dict.fromkeys(properties)) == []


def test_a_key_that_nobody_has_heard_of_is_found() -> None:
    assert unmapped("PostRecord", {"text": "", "somethingNew": 1}) == ["PostRecord.somethingNew"]
    assert all(reason for reasons in IGNORED.values() for reason in reasons)
