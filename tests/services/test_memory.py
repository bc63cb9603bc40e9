"""The memory: fed by what leaves, asked while one writes, in and out of files, erased like everything else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.privacy_world import ADA, fill, opened
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.memory import Segment, Sent, Term
from workstation.domain.messages import Author
from workstation.domain.outbox import Act, Operation, State
from workstation.domain.translation import Pair
from workstation.services import tmx
from workstation.services.desk import Desk, open_desk
from workstation.services.marked_up import WordFileError
from workstation.services.profile import Profile

PAIR = Pair("en", "de")
CHANNEL = ChannelConfig(0, "mastodon", "Care")
SENT = Sent(
    "en", "de", "Hello Ada. Your order 4711 has left.", "Hallo Ada. Ihre Bestellung 4711 ist unterwegs.", ("Ada",)
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(Profile(tmp_path / "desk")) as found:
        yield found


async def test_what_was_sent_is_suggested_with_the_numbers_of_now(desk: Desk) -> None:
    assert await desk.memory.learn(SENT) == 2
    (exact,) = await desk.memory.suggest("Your order 12,345 has left.", PAIR)
    assert (exact.text, exact.score, exact.exact) == ("Ihre Bestellung 12.345 ist unterwegs.", 100, True)
    assert [exact.text[start:end] for start, end in exact.adapted] == ["12.345"]
    (like,) = await desk.memory.suggest("Your orders 12 and 13 have left.", PAIR)
    assert not like.exact
    assert 70 <= like.score < 100
    assert like.text == "Ihre Bestellung {number} ist unterwegs."
    assert [like.text[start:end] for start, end in like.blanks] == ["{number}"]
    (begun,) = await desk.memory.suggest("Your orde", PAIR)
    assert begun.completes
    assert await desk.memory.suggest("Something else altogether", PAIR) == ()
    assert await desk.memory.suggest("  ", PAIR) == ()


async def test_exact_hits_come_first_and_the_most_used_of_them(desk: Desk) -> None:
    await desk.memory.take(
        [Segment("en", "de", "Thank you", "Danke"), Segment("en", "de", "Thank you", "Vielen Dank", 5),
         Segment("en", "de", "Thank you all", "Danke an alle", 9)]
    )  # fmt: skip
    found = await desk.memory.suggest("thank  YOU", PAIR)
    assert [each.text for each in found] == ["Vielen Dank", "Danke", "Danke an alle"]
    assert len(await desk.memory.suggest("thank you", PAIR, limit=2)) == 2


async def test_regions_help_out_scripts_do_not(desk: Desk) -> None:
    await desk.memory.take(
        [Segment("en-US", "pt-BR", "Hello there", "Olá"), Segment("en", "zh-Hans", "Hello there", "你好")]
    )
    (found,) = await desk.memory.suggest("Hello there", Pair("en-GB", "pt"))
    assert (found.text, found.languages) == ("Olá", ("en-US", "pt-BR"))
    assert await desk.memory.suggest("Hello there", Pair("en", "zh-Hant")) == ()
    assert [each.text for each in await desk.memory.suggest("Hello there", Pair("en", "zh-CN"))] == ["你好"]
    await desk.memory.take([Segment("en", "pt", "Hello there", "Viva")])
    assert [each.text for each in await desk.memory.suggest("Hello there", Pair("en", "pt"))] == ["Viva", "Olá"]


async def test_only_what_has_left_is_remembered(desk: Desk) -> None:
    channel = await desk.store.channels.add(ChannelConfig(0, "mastodon", "Care"))
    for name, state in (("one", State.SENT), ("two", State.CANCELLED)):
        operation = Operation(name, Act.POST, text="Hallo")
        desk.memory.when_sent(name, Sent("en", "de", f"This is {name}.", f"Das ist {name}."))
        row = (await desk.store.outbox.put(channel.id, operation)).outbox[0]
        if state is State.SENT:
            await desk.store.outbox.claim_next(desk.clock.now(), {channel.id})
            await desk.store.outbox.settle(row.id, state, remote_id="9", author=Author("mastodon", "me", "me", "Me"))
        else:
            await desk.store.outbox.cancel(name)
    while tasks := desk.memory._tasks.tasks():
        await asyncio.wait(tasks)
    assert [each.source for each in await desk.memory.all()] == ["This is one."]


async def leave(desk: Desk, name: str, text: str, **options: str) -> None:
    """Put a text into the outbox that was made of other words, and let it leave."""
    channel = (await desk.store.channels.list() or [await desk.store.channels.add(CHANNEL)])[0]
    operation = Operation(name, Act.POST, text=text, language="de", options=options)
    row = (await desk.store.outbox.put(channel.id, operation)).outbox[0]
    await desk.store.outbox.claim_next(desk.clock.now(), {channel.id})
    await desk.store.outbox.settle(row.id, State.SENT, remote_id=name, author=Author("mastodon", "me", "me", "Me"))
    while tasks := desk.memory._tasks.tasks():
        await asyncio.wait(tasks)


async def test_what_an_earlier_run_wrote_is_learned_when_it_leaves(desk: Desk) -> None:
    assert await desk.memory.all() == ()
    await leave(desk, "one", "Das ist eins.\n— Acme", written="This is one.", written_in="en", signed="\n— Acme")
    await leave(desk, "two", "Das ist zwei.", written="This was three.", written_in="en", outdated="1")
    await leave(desk, "three", "Das ist alles.")
    (found,) = await desk.memory.all()
    assert (found.source, found.target, found.uses) == ("This is one.", "Das ist eins.", 1)
    # Somebody hears of the same change twice.
    row = next(row for row in await desk.store.outbox.list((State.SENT,)) if row.operation.id == "one")
    desk.memory.hear(ChangeSet(1, outbox=(row,)))
    assert not desk.memory._tasks.tasks()


async def test_what_was_changed_before_it_left_is_learned_as_it_left(desk: Desk) -> None:
    desk.memory.when_sent("one", Sent("en", "de", "Hello Ada, this is it.", "Hallo Ada, das ist das.", ("Ada",)))
    await leave(desk, "one", "Hallo Ada, das ist es.", written="Hello Ada, this is it.", written_in="en")
    (found,) = await desk.memory.all()
    assert found.target == "Hallo ⟦A1⟧, das ist es."
    assert "Ada" not in found.source


async def test_of_what_never_leaves_only_the_latest_is_kept(desk: Desk) -> None:
    for number in range(2_000):
        desk.memory.when_sent(str(number), Sent("en", "de", "One", "Eins"))
    assert len(desk.memory._leaving) <= 500
    assert "1999" in desk.memory._leaving


async def test_the_same_language_and_nothing_are_not_remembered(desk: Desk) -> None:
    assert await desk.memory.learn(Sent("en", "en", "Hello there", "Hello there")) == 0
    assert await desk.memory.learn(Sent("en", "de", "Hello there", " ")) == 0
    assert await desk.memory.learn(Sent("en", "de", "12345", "12345")) == 0


async def test_kept_terms_stay_in_the_words(desk: Desk) -> None:
    await desk.terms.save(Term("", "", "Acme Desk"))
    await desk.memory.learn(Sent("en", "de", "Your Acme Desk is here", "Ihr Acme Desk ist da"))
    assert [each.source for each in await desk.memory.all()] == ["Your Acme Desk is here"]


async def test_a_file_is_planned_taken_and_given_back(desk: Desk, tmp_path: Path) -> None:
    await desk.memory.learn(SENT)
    path = tmp_path / "memory.tmx"
    assert await desk.memory.export_file(path) == 2
    text = path.read_text("utf-8")
    assert "4711" not in text
    assert "Ada" not in text
    plan = await desk.memory.plan(path)
    assert (plan.fresh, plan.known, plan.left_out) == ((), 2, 0)
    before = await desk.memory.clear()
    assert await desk.memory.suggest("Your order 1 has left.", PAIR) == ()
    plan = await desk.memory.plan(path)
    assert plan.pairs == (("en", "de", 2),)
    new = await desk.memory.carry_out(plan)
    assert len(await desk.memory.suggest("Your order 1 has left.", PAIR)) == 1
    await desk.memory.forget(new)
    assert await desk.memory.pairs() == ()
    await desk.memory.take(before)
    assert len(await desk.memory.all()) == 2


LEVEL_2 = b"""<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="EN-US"/><body>
<tu><note>skip</note><tuv xml:lang="EN-US"><seg>Click <bpt i="1">&lt;b></bpt>here<ept i="1">&lt;/b></ept>, <hi>Bob</hi>
<ph>x<sub>foot 99</sub></ph></seg></tuv><tuv xml:lang="de_de"><seg>Hier <it pos="begin">x</it>klicken, Bob</seg></tuv>
<tuv lang="fr"><seg>Cliquer ici</seg></tuv></tu></body></tmx>"""


def test_codes_of_other_programs_are_dropped_and_text_is_kept() -> None:
    found, left = tmx.parse(LEVEL_2)
    assert left == 0
    assert [(each.source_language, each.target_language, each.source, each.target) for each in found] == [
        ("en-US", "de-DE", "Click here, Bob", "Hier klicken, Bob"),
        ("en-US", "fr", "Click here, Bob", "Cliquer ici"),
    ]


HOSTILE = {
    "entity": b'<!DOCTYPE tmx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><tmx>&b;</tmx>',
    "external": b'<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx>&a;</tmx>',
    "parameter": b'<!DOCTYPE tmx [<!ENTITY % p SYSTEM "http://x.example/e.dtd"> %p;]><tmx/>',
    "undefined": b'<!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx>&what;</tmx>',
    "deep": b"<tmx>" + b"<a>" * 5_000,
    "long": b"<tmx><body><tu><tuv xml:lang='en'><seg>" + b"a" * 200_000,
    "other": b"<html/>",
    "empty": b"",
    "zero": b"\x00" * 100,
    "encoding": b'<?xml version="1.0" encoding="klingon"?><tmx/>',
    "broken": b"<tmx><body></tmx>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(name: str) -> None:
    with pytest.raises(WordFileError) as refused:
        tmx.parsed(HOSTILE[name], "memory.tmx")
    assert refused.value.text.msgid


async def test_nobody_who_is_erased_stays_in_memory_or_words(tmp_path: Path) -> None:
    profile = tmp_path / "desk"
    async with opened(profile) as world:
        await fill(world)
        desk = world.desk
        unmasked = Segment("en", "de", f"Dear {ADA.name} of {ADA.handle}", f"Liebe {ADA.name}")
        await desk.memory.take([unmasked, Segment("en", "de", "Dear friend", "Lieber Freund")])
        await desk.terms.save(Term("", "", ADA.name, note=f"@{ADA.handle}"))
        await desk.terms.save(Term("", "", "Acme"))
        await desk.spelling.learn("Zyzzyva", "en")
        assert len(await desk.memory.suggest("Dear friend", PAIR)) == 1
        exported = tmp_path / "memory.tmx"
        await desk.privacy.note_export(exported)
        await desk.memory.export_file(exported)
        person = await desk.privacy.named(ADA.handle)
        terms = (await desk.privacy.preview(person, ("NOTEmark77",))).terms
        await desk.privacy.erase(person, terms)
        assert [each.source for each in await desk.memory.all()] == ["Dear friend"]
        assert [term.source for term in await desk.terms.list()] == ["Acme"]
        assert await desk.spelling.own_words() == ()
        data = b"".join(path.read_bytes() for path in (*profile.rglob("*"), exported) if path.is_file())
        for mark in (ADA.handle, ADA.name, "Zyzzyva"):
            assert mark.encode() not in data
