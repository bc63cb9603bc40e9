"""Collecting, answering and acting without a window."""

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

from workstation.domain.actions import Release, Reopen, Resolve
from workstation.domain.cases import Entry, Outcome
from workstation.domain.channels import Condition, Health, Ledger, Scope
from workstation.domain.messages import Kind
from workstation.domain.outbox import WRITES_TEXT, Operation, Outgoing, State
from workstation.domain.outbox import Act as NetworkAct
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.actions import claim, operation
from workstation.services.commands.channels import tell_shared
from workstation.services.commands.errors import (
    NoChannelsError,
    NoMessageError,
    NotSentError,
    RefusedError,
    UnclearError,
)
from workstation.services.commands.requests import Act, Collect, Output, Reply
from workstation.services.commands.vocabulary import ACTIONS, CASE_ACTIONS
from workstation.services.desk import Desk
from workstation.services.sentences import sentence

if TYPE_CHECKING:
    from workstation.domain.actions import AnyCommand

STARTED = frozenset({Condition.LIVE, Condition.CATCHING_UP, Condition.POLLING})
BRIEF = 15.0
"""Seconds that a message gets to leave when nobody waits for it."""
PATIENCE = 8.0
"""Seconds before somebody who waits is told what takes so long."""


async def collect(desk: Desk, request: Collect, output: Output) -> int:
    """Run the channels, then tell what they brought; 1 if one of them never got that far."""
    configs = [config for config in await desk.store.channels.list() if config.enabled]
    if not configs:
        raise NoChannelsError
    before = {(each.channel, each.source): each for each in await desk.store.messages.ledger(None)}
    seen: dict[int, set[Condition]] = {config.id: set() for config in configs}
    for health in desk.supervisor.health.values():
        seen.setdefault(health.channel, set()).add(health.condition)

    def watch(health: Health) -> None:
        seen.setdefault(health.channel, set()).add(health.condition)

    end = desk.supervisor.subscribe(watch)
    try:
        await desk.start()
        await _for(request.seconds)
    except asyncio.CancelledError:
        # Interrupted, as collecting without an end is meant to be: what it brought is told all the same.
        task = asyncio.current_task()
        if request.seconds or task is None:
            raise
        task.uncancel()
    finally:
        end()
    after = await desk.store.messages.ledger(None)
    failed = 0
    for config in configs:
        news = [_since(each, before.get((each.channel, each.source))) for each in after if each.channel == config.id]
        await output.say(_summary(config.name, news))
        if erased := sum(each.erased for each in news):
            said = N_("{name}: of the filtered, {erased} are of people who were erased")
            await output.say(lazy(said, name=config.name, erased=erased))
        fares = desk.supervisor.health.get(config.id)
        if not seen[config.id] & STARTED:
            failed += 1
            why = fares.error if fares and fares.error else lazy(N_("it did not answer in time"))
            await output.fail(lazy(N_("Channel “{name}”: {why}"), name=config.name, why=why))
            if fares and fares.condition is Condition.SIGN_IN:
                await tell_shared(desk, config, output)
        elif fares and fares.error:
            # It works, but not all of it, or not at the moment.
            await output.fail(lazy(N_("Channel “{name}”: {why}"), name=config.name, why=fares.error))
    return 1 if failed else 0


async def _for(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)
    else:
        await asyncio.Event().wait()


def _since(now: Ledger, then: Ledger | None) -> Ledger:
    if then is None:
        return now
    return Ledger(
        now.channel,
        now.source,
        now.received - then.received,
        now.stored - then.stored,
        now.merged - then.merged,
        now.filtered - then.filtered,
        now.rejected - then.rejected,
        now.erased - then.erased,
    )


def _summary(name: str, ledgers: list[Ledger]) -> LazyText:
    return lazy(
        N_(
            "{name}: received {received} = stored {stored} + merged {merged} + filtered {filtered}"
            " + unreadable {rejected}; lost {lost}"
        ),
        name=name,
        received=sum(each.received for each in ledgers),
        stored=sum(each.stored for each in ledgers),
        merged=sum(each.merged for each in ledgers),
        filtered=sum(each.filtered for each in ledgers),
        rejected=sum(each.rejected for each in ledgers),
        lost=sum(each.missing for each in ledgers),
    )


async def found(desk: Desk, given: str) -> Entry:
    """The message with our id, else the only one with that id on a network; NoMessageError."""
    if given.isdecimal() and len(given) <= 18:
        entry: Entry | None = await desk.store.messages.get(int(given))
        if entry is not None:
            return entry
    for config in await desk.store.channels.list():
        entry = await desk.store.messages.by_remote(config.id, given)
        if entry is not None:
            return entry
    raise NoMessageError(id=given)


async def reply(desk: Desk, request: Reply, output: Output) -> int:
    """Answer a message through the outbox."""
    entry = await found(desk, request.message)
    await desk.drafting.sign_offs.load()
    written = desk.drafting.operation(entry.message, request.text)
    return await _leave(desk, entry, written, request.wait, output)


async def act(desk: Desk, request: Act, output: Output) -> int:
    """Do something to a message: on its case at once, on the network through the outbox."""
    if request.action not in ACTIONS:
        raise RefusedError(why=lazy(N_("There is no action “{name}”."), name=request.action))
    entry = await found(desk, request.message)
    if request.action in CASE_ACTIONS:
        return await _on_case(desk, entry, request.action, output)
    wanted = NetworkAct(request.action)
    message = entry.message
    operation_ = Operation(
        id=str(uuid4()),
        act=wanted,
        target=message.remote_id,
        account=message.author.remote_id,
        text=request.text,
        visibility=message.visibility,
        language=message.language if wanted in WRITES_TEXT else "",
        options=request.options,
    )
    return await _leave(desk, entry, operation_, request.wait, output)


async def _on_case(desk: Desk, entry: Entry, action: str, output: Output) -> int:
    case = entry.case
    if case is None:
        _, case = await desk.store.cases.open(entry.message.id)
    command: AnyCommand
    match action:
        case "claim":
            command = claim(case)
        case "release":
            command = Release(operation=operation(), case=case.id)
        case "resolve":
            command = Resolve(operation=operation(), case=case.id, outcome=Outcome.NO_REPLY_NEEDED)
        case _:
            command = Reopen(operation=operation(), case=case.id)
    outcome = await desk.actions.execute(command)
    if outcome.error is not None:
        raise outcome.error
    await output.say(outcome.label)
    return 0


async def _leave(desk: Desk, entry: Entry, wanted: Operation, wait: bool, output: Output) -> int:
    """Through the outbox, without an undo window: a script has made up its mind."""
    channel, case = entry.message.channel, entry.case.id if entry.case else 0
    ours = not desk.started
    if ours:
        await _open_only(desk, channel)
    _check_fit(desk, entry, wanted.act)
    row = await desk.outbox.queue(wanted, channel, case, entry.message.id, undo=False)
    if ours and desk.supervisor.channel(channel) is None:
        return await _unreachable(desk, channel, row, wait, output)
    try:
        async with asyncio.timeout(None if wait else BRIEF if ours else 0):
            end = await _settled(desk, row.operation.id, output)
    except TimeoutError:
        await output.say(lazy(N_("In the outbox; it leaves while Meridian runs.")))
        return 0
    await _tell_end(end, output)
    return 0


def _check_fit(desk: Desk, entry: Entry, act_: NetworkAct) -> None:
    """RefusedError where an act is not one for this message, as far as the signed-in account tells."""
    opened = desk.supervisor.opened(entry.message.channel)
    offer = opened.capabilities.offer(act_) if opened else None
    if offer is None or not offer.available:
        return
    if offer.on == "report" and entry.message.kind is not Kind.REPORT:
        raise RefusedError(why=lazy(N_("This is no report.")))
    if offer.scope is Scope.OWN and not entry.message.own:
        raise RefusedError(why=lazy(N_("Only our own messages can be changed.")))
    if offer.scope is Scope.OTHERS and entry.message.own:
        raise RefusedError(why=lazy(N_("This is our own message.")))


async def _settled(desk: Desk, operation_: str, output: Output) -> Outgoing:
    """The end of an operation; says what is going on where looking for it takes a while."""
    settled = asyncio.ensure_future(desk.outbox.settled(operation_))
    try:
        await asyncio.wait({settled}, timeout=PATIENCE)
        if not settled.done():
            row = await desk.store.outbox.get(operation_)
            if desk.outbox.is_looking(operation_):
                await output.say(lazy(N_("No answer came. Looking whether it was sent; this may take some minutes.")))
            elif row is not None and row.error:
                await output.say(sentence(row.error, row.detail))
        return await settled
    finally:
        settled.cancel()


async def _unreachable(desk: Desk, channel: int, row: Outgoing, wait: bool, output: Output) -> int:
    health = desk.supervisor.health.get(channel)
    why = health.error if health and health.error else lazy(N_("the channel is not enabled"))
    if wait:
        # Who waits learns that it failed and may try again: it must not leave by itself after that.
        await desk.outbox.cancel(row.operation.id)
        raise NotSentError(why=why)
    await output.say(lazy(N_("In the outbox; it leaves while Meridian runs.")))
    await output.say(why)
    return 0


async def _open_only(desk: Desk, channel: int) -> None:
    """Run the one channel that is needed, and wait until it can send or has failed."""
    config = next((each for each in await desk.store.channels.list() if each.id == channel), None)
    if config is None or not config.enabled:
        return
    changed = asyncio.Event()
    end = desk.supervisor.subscribe(lambda _: changed.set())
    try:
        desk.supervisor.run(config)
        await desk.outbox.start()
        while desk.supervisor.channel(channel) is None:
            await changed.wait()
            changed.clear()
            if desk.supervisor.health[channel].error is not None:
                return
    finally:
        end()


async def _tell_end(row: Outgoing, output: Output) -> None:
    if row.state is State.UNKNOWN:
        raise UnclearError
    if row.state is State.WAITS:
        await output.say(lazy(N_("In the outbox; it waits for approval.")))
        return
    if row.state is not State.SENT:
        raise NotSentError(why=sentence(row.error, row.detail))
    if row.operation.act in WRITES_TEXT and row.remote_id:
        await output.say(lazy(N_("Sent: {address}"), address=row.address or row.remote_id))
    else:
        await output.say(lazy(N_("Done.")))
