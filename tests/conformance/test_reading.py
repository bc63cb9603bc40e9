"""Reading: what was there and what comes arrives once, whatever happens to the connection."""

import pytest

from tests.conformance.conftest import World
from workstation.domain.channels import Condition
from workstation.domain.messages import OPENS_CASE

CUTS = (1, 40, 200, 900, 2_500, 9_000)


def skip_unless(able: bool, what: str) -> None:
    """Skip what a network does not have."""
    if not able:
        pytest.skip(what)


async def test_what_is_there_and_what_comes_opens_cases(world: World) -> None:
    skip_unless(world.kit.reads, "nothing comes by itself")
    before = [await world.kit.say(f"said before {number}") for number in range(3)]
    desk = await world.desk()
    found = await desk.until_stored(*before)
    await desk.until_read()
    after = await world.kit.say("said while we look")
    found = await desk.until_stored(*before, after)
    for remote_id in (*before, after):
        entry = found[remote_id]
        assert entry.message.kind in OPENS_CASE
        assert entry.case is not None
        assert not entry.message.own
        assert "said" in entry.message.text
        assert entry.message.author.network == world.kit.connector().manifest.network
    await desk.nothing_missing()


@pytest.mark.parametrize("cut", CUTS)
async def test_a_cut_at_any_byte_loses_and_doubles_nothing(world: World, cut: int) -> None:
    skip_unless(world.kit.reads, "nothing comes by itself")
    desk = await world.desk()
    await desk.until_read()
    said: list[str] = []
    for turn in range(3):
        world.wire.cut_after(cut + 17 * turn)
        said += [await world.kit.say(f"message {turn}.{number}") for number in range(8)]
        await desk.until_stored(*said)
    stored = await desk.entries()
    assert set(said) <= set(stored)
    await desk.nothing_missing()


async def test_a_cut_in_the_first_page_loses_nothing(world: World) -> None:
    skip_unless(world.kit.reads, "nothing comes by itself")
    said = [await world.kit.say(f"of the past {number}") for number in range(12)]
    world.wire.cut_after(3_000)
    desk = await world.desk()
    await desk.until_stored(*said)
    await desk.nothing_missing()


async def test_a_network_that_was_away_is_caught_up(world: World) -> None:
    skip_unless(world.kit.reads, "nothing comes by itself")
    desk = await world.desk()
    await desk.until_read()
    first = await world.kit.say("before it went away")
    await desk.until_stored(first)
    await world.down()
    said = [await world.kit.say(f"said while it was away {number}") for number in range(30)]
    await desk.until_health(Condition.WAITING, Condition.CATCHING_UP)
    assert desk.supervisor.health[desk.config.id].error is not None or desk.healths
    await world.up()
    await desk.until_stored(first, *said)
    await desk.until_read()
    await desk.nothing_missing()


async def test_a_desk_that_was_away_is_caught_up(world: World) -> None:
    skip_unless(world.kit.reads, "nothing comes by itself")
    desk = await world.desk()
    await desk.until_read()
    first = await world.kit.say("before we went home")
    await desk.until_stored(first)
    await desk.close()
    said = [await world.kit.say(f"said at night {number}") for number in range(30)]
    desk = await world.desk()
    await desk.until_stored(first, *said)
    await desk.nothing_missing()


async def test_answers_in_small_pieces_are_whole(world: World) -> None:
    skip_unless(world.kit.reads, "nothing comes by itself")
    for wire in world.wires.values():
        wire.piece = 7
    said = [await world.kit.say(f"übergänge – 日本語 {number}") for number in range(2)]
    desk = await world.desk()
    found = await desk.until_stored(*said)
    assert all("日本語" in found[remote_id].message.text for remote_id in said)


async def test_an_edit_becomes_a_revision(world: World) -> None:
    skip_unless(world.kit.edits, "edits are not told")
    desk = await world.desk()
    await desk.until_read()
    remote_id = await world.kit.say("it arived")
    await desk.until_stored(remote_id)
    await world.kit.edit(remote_id, "it arrived")
    entry = await desk.until_entry(remote_id, "edited", lambda found: "it arrived" in found.message.text)
    assert entry.message.revision == 1
    (before,) = await desk.store.messages.revisions(entry.message.id)
    assert "it arived" in before.text


async def test_an_edit_while_we_were_away_is_seen(world: World) -> None:
    skip_unless(world.kit.edits, "edits are not told")
    desk = await world.desk()
    await desk.until_read()
    remote_id = await world.kit.say("it arived")
    await desk.until_stored(remote_id)
    await world.down()
    await world.kit.edit(remote_id, "it arrived")
    await world.up()
    # Where a network does not tell later what was edited meanwhile, reading the message again does.
    await desk.until_read()
    entry = (await desk.entries())[remote_id]
    if "it arrived" not in entry.message.text:
        batch = await desk.channel().refresh((remote_id,))
        await desk.store.messages.accept(desk.config, batch)
    entry = (await desk.entries())[remote_id]
    assert "it arrived" in entry.message.text


async def test_a_deletion_is_noted_and_the_text_kept(world: World) -> None:
    skip_unless(world.kit.deletes, "deletions are not told")
    desk = await world.desk()
    await desk.until_read()
    remote_id = await world.kit.say("forget this")
    other = await world.kit.say("keep this")
    await desk.until_stored(remote_id, other)
    await world.kit.delete(remote_id)
    entry = await desk.until_entry(remote_id, "deleted", lambda found: found.message.deleted_at > 0)
    assert "forget this" in entry.message.text
    assert not (await desk.entries())[other].message.deleted_at


async def test_refresh_tells_what_is_gone_and_what_stays(world: World) -> None:
    skip_unless(world.kit.deletes, "deletions are not told")
    desk = await world.desk()
    await desk.until_read()
    gone, kept = await world.kit.say("short-lived"), await world.kit.say("long-lived")
    await desk.until_stored(gone, kept)
    await world.kit.delete(gone)
    batch = await desk.channel().refresh((gone, kept))
    assert [deletion.remote_id for deletion in batch.deletions] == [gone]
    assert kept in [message.remote_id for message in batch.messages] or not batch.messages


async def test_what_cannot_be_read_is_counted_and_its_neighbours_survive(world: World) -> None:
    skip_unless(world.kit.reads, "nothing comes by itself")
    desk = await world.desk()
    await desk.until_read()
    before = await world.kit.say("good one")
    await world.kit.spoil()
    after = await world.kit.say("good two")
    await desk.until_stored(before, after)

    async def rejected() -> int:
        return sum(row.rejected for row in await desk.store.messages.ledger(desk.config.id))

    from tests.waiting import told

    assert await told(desk.feed.subscribe, rejected, "an entry for what cannot be read") >= 1
    await desk.nothing_missing()


async def test_babble_ends_nothing(world: World) -> None:
    skip_unless(world.kit.reads, "nothing comes by itself")
    desk = await world.desk()
    await desk.until_read()
    first = await world.kit.say("before the babble")
    await desk.until_stored(first)
    await world.kit.babble()
    after = await world.kit.say("after the babble")
    await desk.until_stored(first, after)
    await desk.nothing_missing()


async def test_a_sign_in_that_is_refused_asks_for_the_agent(world: World) -> None:
    skip_unless(world.kit.expires, "there is no sign-in")
    desk = await world.desk()
    await desk.until_read()
    world.kit.expire()
    await world.down()
    await world.up()
    await desk.until_health(Condition.SIGN_IN)
    assert desk.supervisor.health[desk.config.id].error is not None
