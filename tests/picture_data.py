"""Very much of everything, and one of each kind in the outbox, for pictures and tests."""

import tomllib
import uuid
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from tests.views.desk_world import World
from workstation.domain.actions import ChangeTags
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Author, Batch, IncomingMessage, Kind
from workstation.domain.outbox import Act, Operation, State
from workstation.services.actions import operation
from workstation.services.clock import SystemClock
from workstation.services.desk import open_desk
from workstation.services.profile import Profile

TEXTS = Path(__file__).parents[1] / "resources" / "practice"
MESSAGES, CASES, CHANNELS, TAGS = 5_000, 600, 40, 50
ZALGO = "Z" + "\u0300\u0316\u0489\u0334" * 40 + "a" + "\u0301\u0323" * 30 + "lgo, my order never came"


def practice_texts() -> Iterator[tuple[str, str, str]]:
    """(language, name, text), over and over, in all languages of the practice network."""
    rows: list[tuple[str, str, str]] = []
    for path in sorted(TEXTS.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        names = [f"{given[0]} {family[0]}" for given, family in zip(table["given"], table["family"], strict=False)]
        texts = [text for kind in ("question", "complaint", "praise", "chatter") for text in table["texts"][kind]]
        rows += [(path.stem, name, text) for name, text in zip(cycle(names), texts, strict=False)]
    interleaved = [rows[at] for step in range(7) for at in range(step, len(rows), 7)]
    for language, name, text in cycle(interleaved):
        yield language, name, text.format_map({"order": "LK-20417", "city": "Kiel", "days": "3", "amount": "49"})


def _messages(count: int, now: int) -> Iterator[IncomingMessage]:
    extremes = {
        count - 1: ("A" * 300, "x" * 20_000),
        count - 2: ("نجلاء " * 50, "مرحبا بكم " * 2_000),
        count - 3: (ZALGO, ZALGO * 20),
        count - 4: ("👩‍👩‍👧‍👦" * 60, "👩‍👩‍👧‍👦🏳️‍🌈" * 1_000),
        count - 5: ("山田" * 150, "注文が届きません" * 2_500),
        count - 6: ("Spaceless", "https://shop.practice.invalid/" + "a" * 3_000),
        count - 7: ("Lines", "line\n" * 3_000),
    }
    texts = practice_texts()
    for number in range(count):
        language, name, text = next(texts)
        name, text = extremes.get(number, (name, text))
        asks = number >= count - CASES
        author = Author(
            "mastodon", f"a{number % 900}", f"{'handle' if asks else 'walker'}{number % 900}@p.invalid", name
        )
        kind = (Kind.MENTION if number % 5 else Kind.DIRECT) if asks else Kind.POST
        at = now - (count - number) * 7_000_000
        yield IncomingMessage(f"m{number}", kind, author, text, at, branch=f"b{number}", language=language)


async def fill_very_much(root: Path, messages: int = MESSAGES) -> None:
    """Fill the store of the profile at `root`: `messages`, the latest 600 of them cases, one with 50 tags."""
    profile = Profile(root)
    profile.prepare()
    async with open_desk(profile, practice=True) as desk:
        channels = [
            await desk.store.channels.add(
                ChannelConfig(
                    0, "mastodon", f"{'Larkmoor ' * (1 + number % 9)}{number}", "https://practice.invalid",
                    secret="env:NONE", enabled=False, practice=True,
                )
            )
            for number in range(CHANNELS)
        ]  # fmt: skip
        everything = list(_messages(messages, SystemClock().now()))
        for at in range(0, len(everything), 500):
            part = tuple(everything[at : at + 500])
            await desk.store.messages.accept(channels[at // 500 % CHANNELS], Batch("mentions", part))
        page = await desk.store.messages.by_remote(channels[(messages - 1) // 500 % CHANNELS].id, f"m{messages - 1}")
        if page is not None and page.case is not None:
            tags = tuple(f"tag-{number}" for number in range(TAGS))
            await desk.store.cases.execute(ChangeTags(operation=operation(), case=page.case.id, add=tags))


async def fill_outbox(world: World) -> None:
    """One row in every state; none of them is ever sent, since each is due only long after."""
    store, channel = world.desk.store, world.desk.supervisor.configs()[0]
    late = world.desk.clock.now() + 10**12
    rows = [column.view.model.rows for column in world.bench.deck.columns[:2]]
    faces = [entry for entries in rows for entry in entries[:5]]
    ends = (State.SENT, State.FAILED, State.UNKNOWN, State.SENDING, State.CANCELLED, State.QUEUED)
    for state, entry in zip(ends, faces, strict=False):
        text = "Thank you for writing! We have found your order and will come back to you today."
        operation = Operation(str(uuid.uuid4()), Act.REPLY, target=entry.message.remote_id, text=text, language="en")
        case = entry.case.id if entry.case is not None else 0
        await store.outbox.put(channel.id, operation, case=case, message=entry.message.id, not_before=late)
        if state is State.CANCELLED:
            await store.outbox.cancel(operation.id)
        elif state is not State.QUEUED:
            row = await store.outbox.claim_next(late + 1, {channel.id})
            if row is not None and state is not State.SENDING:
                error = {State.FAILED: "gone", State.UNKNOWN: "ambiguous"}.get(state, "")
                await store.outbox.settle(row.id, state, remote_id="1" if state is State.SENT else "", error=error)
