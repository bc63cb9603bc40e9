"""A desk on which Ada left her marks in every place there is, and Bob beside her."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workstation.domain.actions import AddNote, ChangeTags
from workstation.domain.channels import ChannelConfig
from workstation.domain.drafts import Draft
from workstation.domain.messages import (
    Author,
    Batch,
    Deletion,
    IncomingMessage,
    Kind,
    Media,
    MediaKind,
    Reject,
)
from workstation.domain.outbox import Act, Operation, State
from workstation.domain.privacy import Progress
from workstation.domain.templates import Family, Variant
from workstation.services.columns import ColumnSpec
from workstation.services.commands.requests import Export, ExportPerson
from workstation.services.commands.run import run
from workstation.services.desk import Desk, open_desk
from workstation.services.profile import Profile
from workstation.store.migrations import back_up

MARKS = ("zyzzyva@marker.example", "Zyzzyva Märker", "TEXTmark11", "SPOILmark22", "ALTmark33", "avatarmark44",
         "mediamark55", "TAGmark66", "NOTEmark77", "DRAFTmark99", "posts/zid", "REPLYmark10", "ORDERmark88",
         "marker.example/@zyzzyva")  # fmt: skip
ADA = Author(
    "mastodon", "zyzzyva@marker.example", "zyzzyva@marker.example", "Zyzzyva Märker",
    "https://marker.example/@zyzzyva", "https://files.example/avatarmark44.png",
)  # fmt: skip
TWIN = Author("mastodon", "twin", "zyzzyva@elsewhere.example", "Someone Else")
BOB = Author("mastodon", "bob@b.example", "bob@b.example", "Bob", "https://b.example/@bob")
OWN = Author("mastodon", "me", "acme@desk.example", "Acme Helps")


@dataclass
class World:
    """An open desk."""

    desk: Desk
    profile: Profile
    stack: AsyncExitStack
    channel: ChannelConfig = field(default_factory=lambda: ChannelConfig(0, "mastodon", "Acme"))
    case: int = 0
    bobs_case: int = 0
    told: list[Progress] = field(default_factory=list)

    async def close(self) -> None:
        """Close the desk; may be called again."""
        await self.stack.aclose()

    async def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """What the tables of people's texts hold, and how the network's ids refer to each other."""

        def job(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
            tables = ("authors", "messages", "revisions", "cases", "notes", "case_tags", "drafts", "early_deletions")
            return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608

        return await self.desk.store.database.read(job)

    async def export(self, path: Path, kind: str) -> None:
        """Export messages as the command line does."""
        with path.open("w", encoding="utf-8", newline="") as file:
            request = Export(what="messages", format=kind, path=str(path))
            assert await run(self.desk, request, _ToFile(file)) == 0

    async def export_person(self, path: Path) -> None:
        """Export everything of Ada."""
        with path.open("w", encoding="utf-8") as file:
            request = ExportPerson(who=ADA.handle, format="jsonl", path=str(path))
            assert await run(self.desk, request, _ToFile(file)) == 0


class _ToFile:
    def __init__(self, file: Any) -> None:
        self._file = file

    async def data(self, text: str) -> None:
        """Lines of the result."""
        self._file.write(text)

    async def say(self, text: object) -> None:
        """Nobody listens."""

    async def fail(self, text: object) -> None:
        """It must not."""
        raise AssertionError(text)


@asynccontextmanager
async def opened(profile: Path) -> AsyncIterator[World]:
    """A desk in the profile; it may be closed before its time."""
    place = Profile(profile)
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(open_desk(place))
        yield World(desk, place, stack)


def post(remote_id: str, author: Author, text: str, at: int, kind: Kind = Kind.POST, **more: Any) -> IncomingMessage:
    """A message of a network."""
    return IncomingMessage(
        remote_id, kind, author, text, at, own=author is OWN, address=f"https://b.example/{remote_id}", **more
    )


def first_batch() -> Batch:
    """What the network tells: Ada's posts, those of others about her, what could not be read, what is deleted."""
    media = (Media(MediaKind.IMAGE, "https://files.example/mediamark55.png", alt="her cat ALTmark33"),)
    quote = f"@{ADA.handle}:\n> TEXTmark11 quoted\n> and more\nwhat she says"
    return Batch(
        "mentions",
        (
            post(
                "posts/zid-1", ADA, "TEXTmark11 where is it?", 1_000, Kind.MENTION, spoiler="SPOILmark22", media=media
            ),
            post("posts/zid-2", ADA, "TEXTmark11 again", 2_000, Kind.MENTION, reply_to="posts/zid-1"),
            post("posts/zid-3", ADA, "a post TEXTmark11", 2_500),
            post("share-1", BOB, "a post TEXTmark11", 2_600, Kind.BOOST, subject="posts/zid-3"),
            post(
                "bob-1", BOB, "thanks @zyzzyva@marker.example, the parcel of bob came;"
                " ask @zyzzyva@elsewhere.example or @zyzzyvas", 3_000, Kind.MENTION,
                mentions=("zyzzyva@marker.example", "zyzzyva@elsewhere.example"),
            ),
            post("bob-2", BOB, "ZYZZYVA  märker knows", 3_100, Kind.MENTION, reply_to="posts/zid-2", branch="bob-2"),
            post("bob-3", BOB, f"> {quote}", 3_200),
            post("bob-4", BOB, "see https://marker.example/@zyzzyva/99?x=1", 3_300, spoiler=f"about {ADA.name}"),
            post("bob-5", BOB, "look", 3_400, media=(Media(MediaKind.IMAGE, "https://b.example/1", alt=ADA.name),)),
            post("twin-1", TWIN, "I am another", 3_500),
            post("report:1", BOB, f"⚑ @{ADA.handle} → @{BOB.handle}\n\nTEXTmark11 he is rude", 3_600, Kind.REPORT),
            post("own-1", OWN, f"@{ADA.handle} REPLYmark10 dear {ADA.name}", 4_000, reply_to="posts/zid-2"),
            post("own-2", OWN, f"everyone, thank @{ADA.handle}", 4_100),
        ),
        (Deletion("gone-9", 1),),
        (Reject("protocol_changed", f"item of {ADA.handle}", 10, "posts/zid-8"),),
    )  # fmt: skip


async def fill(world: World) -> tuple[Batch, ...]:
    """Put marks everywhere; returns the batches as the network would tell them again."""
    store = world.desk.store
    world.channel = await store.channels.add(ChannelConfig(0, "mastodon", "Acme"))
    edited = Batch(
        "mentions", (post("posts/zid-1", ADA, "TEXTmark11 edited", 1_000, Kind.MENTION, edited_at=5_000),), live=True
    )
    batches = (first_batch(), edited)
    for batch in batches:
        await store.messages.accept(world.channel, batch)
    first = await store.messages.by_remote(world.channel.id, "posts/zid-1")
    bobs = await store.messages.by_remote(world.channel.id, "bob-2")
    assert first is not None
    assert first.case is not None
    assert bobs is not None
    assert bobs.case is not None
    world.case, world.bobs_case = first.case.id, bobs.case.id
    await _write(world)
    await _send(world, first.message.id)
    await _files(world)
    return batches


async def _write(world: World) -> None:
    store = world.desk.store
    run = store.cases.execute
    await run(ChangeTags(operation="t1", case=world.case, add=("TAGmark66", "vip")))
    await run(ChangeTags(operation="t2", case=world.bobs_case, add=("vip",)))
    await run(AddNote(operation="n1", case=world.case, text="NOTEmark77 is her order ORDERmark88"))
    await run(AddNote(operation="n2", case=world.bobs_case, text="same as Zyzzyva Märker has"))
    await store.drafts.save(world.case, Draft("DRAFTmark99 dear Zyzzyva"))
    await store.drafts.save(f"post:{world.channel.id}", Draft(f"we thank @{ADA.handle}", spoiler=ADA.name))
    await store.templates.save(Family(0, "a", "t", (Variant("en", f"as {ADA.name} said"),)))


async def _send(world: World, message: int) -> None:
    outbox, channel = world.desk.store.outbox, world.channel.id
    say = f"@{ADA.handle} REPLYmark10"
    for name, target in (("o1", "posts/zid-1"), ("o2", "posts/zid-2")):
        operation = Operation(name, Act.REPLY, target, ADA.remote_id, say, options={"to": ADA.handle})
        await outbox.put(channel, operation, case=world.case, message=message)
    row = await outbox.claim_next(10**17, {channel})
    assert row is not None
    await outbox.settle(row.id, State.SENT, remote_id="own-9", address=ADA.url, author=OWN)
    row = await outbox.claim_next(10**17, {channel})
    assert row is not None
    await outbox.settle(row.id, State.FAILED, error="invalid", detail={"why": f"no {ADA.handle}"})
    block = Operation("o3", Act.BLOCK, "posts/zid-1", ADA.remote_id, options={"comment": f"{ADA.name} is rude"})
    await outbox.put(channel, block, case=world.case, message=message, not_before=10**18)
    other = Operation("o4", Act.POST, text=f"hello @{ADA.handle}")
    await outbox.put(channel, other, not_before=10**18)
    assert (await world.desk.store.evidence.list())[0].body


async def _files(world: World) -> None:
    profile = world.profile
    spec = ColumnSpec("c1", title=f"About {ADA.name}", filter=f"author:{ADA.handle}")
    world.desk.layout.save((spec,))
    profile.frame.write_text(f"[frame]\ntitle={ADA.name}\n", encoding="utf-8")
    (profile.root / "rules.toml.broken").write_text(f"x = {ADA.handle}", encoding="utf-8")
    for url in (ADA.avatar_url, "https://files.example/mediamark55.png", "https://b.example/1"):
        picture = world.desk.thumbnails._path(url, 96, 96)
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(b"png of " + url.encode())
    (profile.logs / "meridian.jsonl").write_text(f'{{"leak": "{ADA.handle}"}}\n', encoding="utf-8")
    with contextlib.closing(sqlite3.connect(profile.database)) as connection:
        back_up(connection, profile.root / "desk.sqlite3.format-1.bak")
    (profile.root / "desk.sqlite3.format-0.bak").write_bytes(b"no database " + ADA.handle.encode())
    with contextlib.suppress(FileNotFoundError):
        (profile.root / "settings.toml").unlink()
