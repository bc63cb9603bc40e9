"""Every key of the recorded answers is read, or ignored with a reason; and everything recorded can be read."""

import json
import re
from pathlib import Path

import pytest

from tests.connectors.recorded import Exchange, exchanges
from workstation.connectors.mastodon import events, ignored, parse
from workstation.connectors.mastodon.directory import Directory
from workstation.connectors.mastodon.ignored import ENDPOINTS, IGNORED, NESTED, STREAMED, STRUCTS, entity_at, unmapped
from workstation.connectors.mastodon.parse import Parser
from workstation.net.sse import Parser as EventParser

pytestmark = pytest.mark.needs_fixtures
MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")


@pytest.fixture(scope="module")
def recorded() -> list[Exchange]:
    """All recorded exchanges of Mastodon servers."""
    root = Path(__file__).resolve().parents[2].parent / "shared" / "fixtures" / "mastodon"
    return list(exchanges(root))


def test_every_address_is_known(recorded: list[Exchange]) -> None:
    strange = {item.path for item in recorded if entity_at(item.path) is None}
    assert not strange


def test_every_key_is_read_or_ignored_with_a_reason(recorded: list[Exchange]) -> None:
    strange: set[str] = set()
    for item in recorded:
        entity = entity_at(item.path)
        if entity:
            strange.update(f"{path}  ({item.cassette})" for path in unmapped(entity, item.json()))
    assert not strange


def test_every_streamed_key_is_read_or_ignored(recorded: list[Exchange]) -> None:
    strange: set[str] = set()
    seen = 0
    for item in filter(_streamed, recorded):
        for event in EventParser().feed(item.body + b"\n\n"):
            seen += 1
            entity = STREAMED.get(event.name)
            assert entity or event.name in events.FILTERED | {"delete"}, event.name
            if entity:
                strange.update(unmapped(entity, json.loads(event.data)))
    assert seen
    assert not strange


def _streamed(item: Exchange) -> bool:
    return item.headers.get("content-type", "").startswith("text/event-stream")


def test_every_recorded_status_is_read(recorded: list[Exchange]) -> None:
    parser = Parser("1", "localhost", Directory())
    read = 0
    for item in recorded:
        if item.status != 200:
            continue
        entity, found = entity_at(item.path), item.json()
        if isinstance(found, dict):
            raws = [item.body]
        elif isinstance(found, list):
            raws = [bytes(raw) for raw in parse.items(item.body, item.path)]
        else:
            continue
        for raw in raws:
            read += _read(parser, entity or "", raw)
    assert read > 100


def _read(parser: Parser, entity: str, raw: bytes) -> int:
    if entity == "Status" and b'"scheduled_at"' not in raw and raw != b"{}":
        message = parser.status(raw)
        assert message.remote_id
        assert message.created_at
        assert not MARKUP.search(message.text)
        return 1
    if entity == "Notification" and raw != b"{}":
        parser.notification(raw)
        return 1
    if entity == "Conversation":
        parser.conversation(raw)
        return 1
    if entity == "AdminReport":
        assert parser.report(raw).text
        return 1
    return 0


def test_no_key_is_both_read_and_ignored() -> None:
    for entity, structs in STRUCTS.items():
        read = {field for struct in structs for field in struct.__struct_fields__}
        both = read & {key for keys in IGNORED[entity].values() for key in keys.split()}
        assert not both, (entity, both)


def test_tables_name_only_what_exists() -> None:
    assert set(STRUCTS) == set(IGNORED)
    assert {name for nested in NESTED.values() for name in nested.values()} <= set(STRUCTS)
    assert {entity for _, entity in ENDPOINTS} <= set(STRUCTS)
    assert all(reason.strip() for reasons in IGNORED.values() for reason in reasons)
    assert all(reason.strip() for _, reason in ignored.UNREAD)


def test_an_unknown_key_is_found() -> None:
    status = {"id": "1", "account": {"id": "1", "acct": "a", "surprise": 1}, "reblog": {"new_key": None}}
    assert unmapped("Status", [status]) == ["Status.account.surprise", "Status.reblog.new_key"]
