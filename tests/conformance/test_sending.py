"""Sending: once, or not at all, or in doubt and looked for."""

import asyncio

import pytest

from tests.conformance.conftest import World
from tests.conformance.desk import Desk
from tests.conformance.kit import Refusal
from tests.conformance.test_reading import skip_unless
from workstation.domain.cases import Entry
from workstation.domain.channels import Idempotency
from workstation.domain.errors import (
    AmbiguousError,
    AuthExpiredError,
    ChannelError,
    DuplicateError,
    RateLimitedError,
    TransientError,
)
from workstation.domain.outbox import Act, Operation, State
from workstation.services.actions import operation as new_operation

SAFE = {Idempotency.KEY, Idempotency.TXN, Idempotency.RKEY, Idempotency.UPSERT}


async def asked(world: World, text: str = "where is my order?") -> tuple[Desk, Entry]:
    """A desk with one case."""
    skip_unless(world.kit.writes, "nothing can be answered")
    desk = await world.desk()
    await desk.until_read()
    remote_id = await world.kit.say(text)
    return desk, (await desk.until_stored(remote_id))[remote_id]


async def test_a_reply_is_there_once_and_its_echo_is_the_same_message(world: World) -> None:
    desk, entry = await asked(world)
    operation = await desk.send(entry, "We are looking into it.")
    row = await desk.settled(operation)
    assert row.state is State.SENT, row.error
    assert row.remote_id
    assert [text for text in world.kit.written() if "looking into it" in text] == world.kit.written()[-1:]
    again = await world.kit.say("and another thing")
    stored = await desk.until_stored(again, row.remote_id)
    own = [found.message for found in stored.values() if found.message.own]
    assert [message.remote_id for message in own] == [row.remote_id]
    assert own[0].case == entry.message.case
    await desk.nothing_missing()


async def test_a_lost_answer_is_found_and_nothing_is_sent_twice(world: World) -> None:
    desk, entry = await asked(world)
    for wire in world.wires.values():
        wire.lose_answer(world.kit.write_marker)
    operation = await desk.send(entry, "Once, please.")
    row = await desk.settled(operation)
    assert sum(wire.lost for wire in world.wires.values()) == 1
    assert row.state is State.SENT, row.error
    assert len([text for text in world.kit.written() if "Once, please." in text]) == 1


async def test_an_attempt_without_an_answer_is_ambiguous_and_can_be_looked_for(world: World) -> None:
    desk, entry = await asked(world)
    channel = desk.channel()
    operation = desk.reply(entry, "Is it there?")
    before = desk.reply(entry, "Never sent.")
    assert await _looked(desk, before) is None
    for wire in world.wires.values():
        wire.lose_answer(world.kit.write_marker)
    with pytest.raises(AmbiguousError):
        await channel.send(operation)
    found = await _looked(desk, operation)
    assert found is not None
    idempotency = desk.supervisor.opened(desk.config.id).capabilities.idempotency  # type: ignore[union-attr]
    if idempotency in SAFE:
        again = await channel.send(operation)
        assert again.remote_id == found
    elif idempotency is Idempotency.DEDUPE:
        with pytest.raises(DuplicateError):
            await channel.send(operation)
    assert len([text for text in world.kit.written() if "Is it there?" in text]) == 1


async def _looked(desk: Desk, operation: Operation) -> str | None:
    """The remote id of what a look finds; a network may take a moment to show what it has."""
    since = operation.at - 60_000_000
    for _ in range(50):
        found = await desk.channel().find_sent(operation, since)
        if found is not None:
            return found.remote_id
        if operation.text == "Never sent.":
            return None
        await asyncio.sleep(0)
    return None


async def test_a_network_that_is_away_has_done_nothing(world: World) -> None:
    desk, entry = await asked(world)
    channel = desk.channel()
    await world.down()
    with pytest.raises(TransientError):
        await channel.send(desk.reply(entry, "Too early."))
    await world.up()
    assert not [text for text in world.kit.written() if "Too early." in text]


async def test_later_is_understood_in_every_form(world: World) -> None:
    skip_unless(bool(world.kit.refusals), "it never says later")
    desk, entry = await asked(world)
    for refusal in world.kit.refusals:
        channel = desk.supervisor.channel(desk.config.id)
        assert channel is not None
        fresh = await _opened_anew(world, desk)
        try:
            world.kit.refuse(refusal)
            operation = desk.reply(entry, f"Patience: {refusal.name}.")
            begun = _now()
            with pytest.raises(RateLimitedError) as caught:
                await fresh.send(operation)
            _names(caught.value, refusal, begun)
        finally:
            await fresh.close()
        assert not [text for text in world.kit.written() if refusal.name in text]


def _names(error: ChannelError, refusal: Refusal, begun: int) -> None:
    waits = (error.retry_at - begun) / 1_000_000
    if refusal.seconds:
        assert refusal.seconds - 2 <= waits <= refusal.seconds + 3, (refusal, waits)
    else:
        assert 0 < waits <= 120, (refusal, waits)


def _now() -> int:
    import time

    return time.time_ns() // 1_000


async def _opened_anew(world: World, desk: Desk):  # type: ignore[no-untyped-def]
    channel = world.kit.connector().create(desk.config, world.kit.secret, desk.client)
    await channel.open()
    return channel


async def test_a_refusal_delays_the_reply_and_does_not_double_it(world: World) -> None:
    soon = [refusal for refusal in world.kit.refusals if 0 < refusal.seconds <= 2]
    skip_unless(bool(soon), "it never says later")
    desk, entry = await asked(world)
    world.kit.refuse(soon[0])
    operation = await desk.send(entry, "After a little while.")
    row = await desk.settled(operation)
    assert row.state is State.SENT, row.error
    assert len([text for text in world.kit.written() if "After a little while." in text]) == 1


async def test_a_refused_sign_in_is_told_when_sending(world: World) -> None:
    skip_unless(world.kit.expires, "there is no sign-in")
    desk, entry = await asked(world)
    world.kit.expire()
    with pytest.raises(AuthExpiredError):
        await desk.channel().send(desk.reply(entry, "Who are we?"))
    assert not [text for text in world.kit.written() if "Who are we?" in text]


async def test_a_post_is_made_once(world: World) -> None:
    skip_unless(world.kit.posts, "new posts cannot be made")
    desk = await world.desk()
    await desk.until_read()
    opened = desk.supervisor.opened(desk.config.id)
    assert opened is not None
    visibility = opened.capabilities.visibilities[0]
    operation = Operation(new_operation(), Act.POST, text="We are open again.", visibility=visibility)
    await desk.outbox.queue(operation, desk.config.id)
    row = await desk.settled(operation)
    assert row.state is State.SENT, row.error
    assert len([text for text in world.kit.written() if "We are open again." in text]) == 1


async def test_the_length_is_the_channels_own(world: World) -> None:
    desk, entry = await asked(world)
    channel = desk.channel()
    operation = desk.reply(entry, "x")
    limit = world.kit.limit(operation)
    skip_unless(limit > 0, "no limit is known")
    overhead = channel.measure(operation).used - 1  # whom the reply names, and the like
    fits = channel.measure(desk.reply(entry, "x" * (limit - overhead)))
    over = channel.measure(desk.reply(entry, "x" * (limit - overhead + 1)))
    assert fits.fits
    assert not over.fits
    assert over.used > over.limit
    assert channel.measure(desk.reply(entry, "")).used <= fits.used
