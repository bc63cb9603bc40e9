"""After an erasure no byte of a person is left in any file, and a catch-up does not bring them back."""

import base64
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote

import msgspec
import pytest

from tests.services.privacy_world import ADA, BOB, MARKS, World, fill, opened
from workstation.domain.actions import AddNote
from workstation.domain.messages import Author, Batch, IncomingMessage, Kind
from workstation.domain.privacy import OnHoldError, OurselvesError, Preview, Progress, Stage, TermKind
from workstation.services import logs
from workstation.services.profile import Profile
from workstation.store.database import Transaction
from workstation.store.personal import PLACES, Reach


@pytest.fixture
async def world(profile: Path) -> AsyncIterator[World]:
    async with opened(profile) as found:
        yield found


def spellings(mark: str) -> list[bytes]:
    """How the bytes of a mark may look in a file."""
    found = []
    for text in (mark, mark.upper(), mark.lower(), mark.title(), normalize("NFD", mark), normalize("NFC", mark)):
        found += [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
        found += [json.dumps(text)[1:-1].encode(), quote(text).encode(), quote(text, safe="").encode()]
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + mark.encode() + b"yyy")
        found.append(coded[4:-8] if len(coded) > 20 else coded[4:])
    return [each for each in dict.fromkeys(found) if len(each) >= 4]


def left_in(folder: Path) -> list[str]:
    """Marks in the bytes or the names of files."""
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        data = path.read_bytes()
        for mark in MARKS:
            found += [
                f"{path.relative_to(folder)}: {spelling!r} at {data.find(spelling)}"
                for spelling in spellings(mark)
                if spelling in data or spelling in str(path.relative_to(folder)).encode()
            ]
    return found


async def erase_ada(world: World, *also: str) -> Preview:
    person = await world.desk.privacy.named(ADA.handle)
    preview = await world.desk.privacy.preview(person, also)
    erased = await world.desk.privacy.erase(person, preview.terms, world.told.append)
    assert not erased.left, erased.left
    return preview


async def test_no_byte_is_left_while_the_desk_is_open_nor_after(world: World, profile: Path, tmp_path: Path) -> None:
    await fill(world)
    exports = tmp_path / "exports"
    exports.mkdir()
    await world.export(exports / "messages.jsonl", "jsonl")
    await world.export(exports / "messages.csv", "csv")
    await world.export(exports / f"asked by {ADA.handle}.csv", "csv")
    await world.export(exports / "deleted since.csv", "csv")
    (exports / "deleted since.csv").unlink()
    await world.export_person(exports / f"{ADA.handle}.jsonl")
    assert left_in(profile)
    assert left_in(exports)
    preview = await erase_ada(world, "NOTEmark77", "ORDERmark88")
    assert not left_in(profile), "while it is open: database, journal, caches, logs, copies"
    assert not left_in(exports)
    assert sorted(path.name for path in exports.iterdir()) == ["asked by […].csv", "messages.csv", "messages.jsonl"]
    assert "parcel of bob" in (exports / "messages.jsonl").read_text()
    assert "parcel of bob" in (exports / "messages.csv").read_text()
    for place in ("accounts", "messages", "answers", "shared", "revisions", "cases", "notes", "drafts", "mentions",
                  "pictures", "files", "exports", "backups", "evidence", "outbox", "unsent"):  # fmt: skip
        assert preview.count(place), place
    await world.close()
    assert not left_in(profile), "after it is closed"


async def test_a_catch_up_does_not_bring_anybody_back(world: World, profile: Path) -> None:
    batches = await fill(world)
    await erase_ada(world, "NOTEmark77", "ORDERmark88")
    kept = await world.dump()
    for batch in batches:
        await world.desk.store.messages.accept(world.channel, batch)
    await world.desk.store.messages.accept(world.channel, again(batches[0]))
    assert await world.dump() == kept
    await world.desk.store.database.checkpoint()
    assert not left_in(profile)
    ledger = await world.desk.store.messages.ledger(world.channel.id)
    assert all(not row.missing for row in ledger)
    assert sum(row.erased for row in ledger) >= 8
    assert not await world.desk.privacy.find("marker.example")


def again(batch: Batch) -> Batch:
    """The same posts as an edit, by an account that changed its id, and new ones of hers."""
    messages: list[IncomingMessage] = []
    for message in batch.messages:
        if message.author.handle == ADA.handle:
            moved = msgspec.structs.replace(message.author, remote_id="moved", name="New name")
            messages.append(msgspec.structs.replace(message, remote_id=message.remote_id + "b", author=moved))
            messages.append(msgspec.structs.replace(message, edited_at=message.created_at + 5))
    return Batch(batch.source, tuple(messages), live=True)


async def test_what_others_write_later_is_veiled(world: World, profile: Path) -> None:
    await fill(world)
    await erase_ada(world)
    said = f"ask @{ADA.handle} or @zyzzyva, she is {ADA.name}! https://marker.example/@zyzzyva/5 and Zyzzyvas shop"
    new = IncomingMessage("later", Kind.POST, BOB, said, 9_000, mentions=(ADA.handle,), spoiler=f"on {ADA.name}")
    await world.desk.store.messages.accept(world.channel, Batch("home", (new,)))
    entry = await world.desk.store.messages.by_remote(world.channel.id, "later")
    assert entry is not None
    assert entry.message.text.startswith("ask […] or […], she is […]! […] and ")
    assert entry.message.mentions == ()
    await world.desk.store.database.checkpoint()
    assert not left_in(profile)


async def test_others_keep_what_is_theirs(world: World) -> None:
    await fill(world)
    await erase_ada(world)
    entry = await world.desk.store.messages.by_remote(world.channel.id, "bob-1")
    assert entry is not None
    assert entry.message.text == "thanks […], the parcel of bob came; ask @zyzzyva@elsewhere.example or @zyzzyvas"
    assert (await world.desk.store.search.find("parcel")).entries
    assert not (await world.desk.store.search.find("zyzzyva marks")).entries
    answer = await world.desk.store.messages.by_remote(world.channel.id, "bob-2")
    assert answer is not None
    assert answer.message.reply_to.startswith("erased:")
    assert answer.case is not None
    assert {tag for tag, _ in await world.desk.store.cases.tags()} == {"vip"}
    assert [note.text for note in await world.desk.store.cases.notes(answer.case.id)] == ["same as […] has"]
    people = await world.desk.privacy.find("")
    assert {known.person.handle for known in people} == {BOB.handle, "zyzzyva@elsewhere.example"}


async def test_a_draft_under_an_open_editor_does_not_come_back(world: World) -> None:
    await fill(world)
    case = world.case
    draft = await world.desk.store.drafts.load(case)
    assert draft is not None
    await erase_ada(world)
    await world.desk.drafting.save(case, draft)
    assert await world.desk.drafting.load(case) is None


async def test_progress_is_told_in_order(world: World) -> None:
    await fill(world)
    await erase_ada(world)
    stages = [progress.stage for progress in world.told]
    assert stages == sorted(stages, key=list(Stage).index)
    assert set(stages) == set(Stage)
    assert world.told[-1] == Progress(Stage.CHECK, 1, 1)


async def test_a_hold_stops_it_with_its_reason(world: World, profile: Path) -> None:
    await fill(world)
    await world.desk.store.retention.hold("court order 7", case=world.case)
    person = await world.desk.privacy.named(ADA.handle)
    preview = await world.desk.privacy.preview(person)
    assert preview.hold is not None
    before = await world.dump()
    with pytest.raises(OnHoldError, match="court order 7"):
        await world.desk.privacy.erase(person, preview.terms)
    assert await world.dump() == before
    (hold,) = await world.desk.store.retention.holds()
    assert hold.who == ADA.handle
    await world.desk.store.retention.lift(hold.id)
    await world.desk.store.retention.hold("second", author=person.authors[0].id)
    with pytest.raises(OnHoldError, match="second"):
        await world.desk.privacy.erase(person, preview.terms)


async def test_the_desk_itself_is_nobody_to_erase(world: World) -> None:
    await fill(world)
    person = await world.desk.privacy.named("acme@desk.example")
    with pytest.raises(OurselvesError):
        await world.desk.privacy.erase(person, (await world.desk.privacy.preview(person)).terms)


async def test_somebody_who_is_only_named(world: World) -> None:
    await fill(world)
    person = await world.desk.privacy.named("@never@wrote.example")
    assert person.authors == ()
    note = AddNote(operation="x", case=world.bobs_case, text="ask never@wrote.example")
    await world.desk.store.cases.execute(note)
    preview = await world.desk.privacy.preview(person)
    assert preview.count("mentions") == 1
    erased = await world.desk.privacy.erase(person, preview.terms)
    assert (erased.masked, erased.left) == (1, ())
    hello = IncomingMessage("n", Kind.MENTION, Author("mastodon", "n", "never@wrote.example", "N"), "hello", 1)
    await world.desk.store.messages.accept(world.channel, Batch("mentions", (hello,)))
    assert await world.desk.store.messages.by_remote(world.channel.id, "n") is None


async def test_an_interrupted_erasure_is_finished(world: World, profile: Path) -> None:
    await fill(world)
    person = await world.desk.privacy.named(ADA.handle)
    preview = await world.desk.privacy.preview(person, ("NOTEmark77", "ORDERmark88"))
    begun = await world.desk.store.privacy.begin(person, preview.terms)

    class CutError(Exception):
        pass

    def cut(progress: Progress) -> None:
        if progress.stage is Stage.MENTIONS:
            raise CutError

    with contextlib.suppress(CutError):
        await world.desk.store.privacy.erase(begun, cut)
    assert left_in(profile)
    await world.close()
    async with opened(profile) as later:
        later.desk.privacy.start()
        while await later.desk.store.privacy.unfinished():
            await later.desk.store.database.read(lambda _: None)
        await later.desk.privacy.settled()
        assert not left_in(profile)


async def test_common_words_are_left_unless_asked_for(world: World) -> None:
    await fill(world)
    help_ = Author("mastodon", "h", "help@other.example", "Help")
    many = tuple(IncomingMessage(f"h{n}", Kind.POST, BOB, "please help", 10) for n in range(60))
    own = IncomingMessage("h", Kind.POST, help_, "hello", 10)
    await world.desk.store.messages.accept(world.channel, Batch("home", (own, *many)))
    person = await world.desk.privacy.named(help_.handle)
    terms = (await world.desk.privacy.preview(person)).terms
    assert [(term.on, term.hits) for term in terms if term.kind is TermKind.WORD] == [(False, 60)]
    terms = (await world.desk.privacy.preview(person, ("Help",))).terms
    assert [term.on for term in terms if term.kind is TermKind.WORD] == [True]


def test_logs_hold_nothing_and_are_masked_all_the_same(profile: Path) -> None:
    from workstation.domain.privacy import Term
    from workstation.domain.traces import Masker
    from workstation.services import forgetting

    place = Profile(profile)
    place.prepare()
    handler = logs.start(place)
    logging.getLogger("workstation.test").info("a %s", "b", extra={"leak": f"by {ADA.handle}"})
    masker = Masker((Term(ADA.handle, TermKind.HANDLE),))
    (path,) = forgetting.log_files(place)
    assert forgetting.mask_file(path, masker, in_place=True)
    logging.getLogger("workstation.test").info("goes on")
    logs.stop(handler)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["a %s", "goes on"]
    assert lines[0]["leak"] == "by […]"


FILLED = frozenset({"authors", "messages", "search", "cases", "outbox", "channels", "sources", "exports", "erasures"})
"""Tables that `fill` fills by the proper way."""


async def test_every_registered_column_is_reached(world: World, profile: Path) -> None:
    await fill(world)
    values = {
        Reach.MASK: f"about {ADA.name}, @{ADA.handle}",
        Reach.MASK_JSON: json.dumps({"k": [f"by {ADA.handle}"]}),
        Reach.SEALED: json.dumps({"handle": ADA.handle}),
        Reach.ROW: f"item of {ADA.handle}",
    }
    filled: set[str] = set()

    def plant(transaction: Transaction) -> None:
        connection = transaction.connection
        for table in {place.table for place in PLACES} - FILLED:
            places = [place for place in PLACES if place.table == table and place.reach in values]
            marks = {place.column: values[place.reach] for place in places}
            described = connection.execute(f"PRAGMA table_info({table})").fetchall()
            columns = [row for row in described if row[1] != "id"]
            number = 880_000 if table == "holds" else 990_000  # a hold on what is nobody's
            row = [marks.get(name, number if kind == "INTEGER" else f"r-{name}") for _, name, kind, *_ in columns]
            names = ", ".join(column[1] for column in columns)
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
            filled.add(table)

    await world.desk.store.database.write(plant)
    assert {"posts", "articles", "article_index", "guidelines", "reviews", "issues", "escalations"} <= filled
    await erase_ada(world, "NOTEmark77", "ORDERmark88")
    assert not left_in(profile)
