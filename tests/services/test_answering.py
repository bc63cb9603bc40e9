"""One answer for many: filled for each, what changed since the review stays behind, nobody is answered twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from tests.empty import empty
from tests.services.parts import START, ScriptedConnector, SetClock, batch, mention, registry, signed_in
from workstation.domain import actions as commands
from workstation.domain.cases import Case, Outcome, Status
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Batch
from workstation.domain.outbox import State
from workstation.domain.templates import Family, Variant
from workstation.net.client import Client
from workstation.services.actions import Actions, operation
from workstation.services.answering import ANSWERED, CHANGED, TOGETHER, Answering, Reply
from workstation.services.bulk import Bulk, Progress
from workstation.services.conversation import Conversation
from workstation.services.drafting import Drafting
from workstation.services.feed import Feed
from workstation.services.ingest import Ingest
from workstation.services.outbox import Outbox
from workstation.services.secrets import Secrets
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor
from workstation.services.templates import Templates
from workstation.store.store import Store

PEOPLE = ("ana", "bo", "cem")


class Bench:
    """A desk on a scripted channel, with three customers who wait."""

    def __init__(self, store: Store, feed: Feed, folder: Path, clock: SetClock) -> None:
        self.store, self.clock = store, clock
        preferences = Settings(folder / "settings.toml")
        preferences.change(undo_seconds=30)
        self.connector = ScriptedConnector()
        self.ingest = Ingest(store)
        self.supervisor = Supervisor(store, registry(self.connector), self.ingest, Secrets({}), Client(), clock)
        self.outbox = Outbox(store, self.supervisor, feed, preferences, clock, looks=(0,))
        self.actions = Actions(store, feed, clock)
        self.bulk = Bulk(store, self.actions, clock)
        self.drafting = Drafting(store, self.supervisor, preferences, clock)
        self.conversation = Conversation(store, self.supervisor, self.ingest)
        self.templates = Templates(store, clock)
        self.answering = Answering(
            store, self.bulk, self.drafting, self.conversation, self.outbox, self.templates, self.actions
        )
        self.config = ChannelConfig(0, "scripted", "one")

    async def start(self) -> None:
        self.config = await self.store.channels.add(self.config)
        messages = (mention(n, START + n, name) for n, name in enumerate(PEOPLE))
        await self.store.messages.accept(self.config, batch(*messages))
        await self.supervisor.start()
        await signed_in(self.supervisor, self.config.id)

    async def replies(self, text: str = "") -> list[Reply]:
        entries = await self.store.cases.faces(range(1, 4))
        prepared = await self.answering.prepare(entries)
        return [self.answering.write(reply, text) for reply in prepared]

    async def case(self, number: int) -> Case:
        found = await self.store.cases.get(number)
        assert found is not None
        return found


@pytest.fixture
async def bench(folder: Path) -> AsyncIterator[Bench]:
    clock, feed = SetClock(), Feed()
    store = await Store.open(empty(folder / "desk.sqlite3"), feed.publish, clock=clock)
    made = Bench(store, feed, folder, clock)
    await made.start()
    yield made
    await made.outbox.close()
    await made.supervisor.close()
    await store.close()


async def test_each_reply_is_filled_for_its_customer_and_an_edited_one_is_kept(bench: Bench) -> None:
    replies = await bench.replies("Sorry {first_name}!")
    assert [reply.text for reply in replies] == ["Sorry Ana!", "Sorry Bo!", "Sorry Cem!"]
    assert all(reply.ready for reply in replies)
    own = bench.answering.edit(replies[1], "Just for you")
    assert bench.answering.write(own, "Other").text == "Just for you"
    assert bench.answering.write(replies[0], "Other").text == "Other"


async def test_what_cannot_be_sent_says_why(bench: Bench) -> None:
    (first, *_others) = await bench.replies("Your order {order_number} is late")
    assert not first.ready
    assert first.obstacle is not None
    (long, *_others) = await bench.replies("x" * 21)
    assert not long.ready
    (empty, *_others) = await bench.replies("")
    assert not empty.ready


async def test_a_template_speaks_the_language_of_each(bench: Bench) -> None:
    family = Family(7, "sorry", "Sorry", (Variant("en", "Sorry {first_name}"), Variant("de", "Tut uns leid")))
    replies = await bench.replies()
    german = msgspec.structs.replace(
        replies[0], entry=msgspec.structs.replace(
            replies[0].entry, message=msgspec.structs.replace(replies[0].entry.message, language="de")
        )
    )  # fmt: skip
    assert bench.answering.write(german, "", family).text == "Tut uns leid"
    assert bench.answering.write(replies[1], "", family).text == "Sorry Bo"


async def test_all_go_to_the_outbox_and_their_cases_are_resolved_in_one_step(bench: Bench) -> None:
    replies = await bench.replies("Done")
    skipped = msgspec.structs.replace(replies[2], skipped=True)
    sent = await bench.answering.send([*replies[:2], skipped], Progress(3))
    assert set(sent.operations) == {1, 2}
    rows = await bench.store.outbox.list((State.QUEUED,))
    assert [(row.case, row.operation.text) for row in rows] == [(1, "Done"), (2, "Done")]
    assert [(await bench.case(n)).status for n in (1, 2, 3)] == [Status.SOLVED, Status.SOLVED, Status.NEW]
    undone = await bench.actions.undo({1}, again=False)
    assert undone is not None
    assert undone.done
    assert [(await bench.case(n)).status for n in (1, 2, 3)] == [Status.NEW, Status.SOLVED, Status.NEW]
    assert not bench.actions.can_undo
    assert not bench.actions.can_redo


async def test_what_changed_since_the_review_stays_behind(bench: Bench) -> None:
    replies = await bench.replies("Done")
    other = Actions(bench.store, Feed(), bench.clock)
    await other.execute(commands.Resolve(operation=operation(), case=2, outcome=Outcome.ANSWERED))
    again = msgspec.structs.replace(mention(2, START + 99, "cem"), remote_id="m9", branch="m2", text="And now?")
    await bench.store.messages.accept(bench.config, batch(again))
    sent = await bench.answering.send(replies, Progress(3))
    assert set(sent.operations) == {1}
    assert sent.refused == {2: CHANGED, 3: CHANGED}


async def test_a_conversation_that_was_answered_on_the_network_is_found_out(bench: Bench) -> None:
    replies = await bench.replies("Done")
    assert await bench.answering.look(replies[0]) is None
    ours = msgspec.structs.replace(
        mention(50, START + 60, "me"), reply_to="m0", branch="m0", own=True, mentions=("ana@there",)
    )
    channel = bench.supervisor.channel(bench.config.id)
    assert channel is not None

    async def thread(remote_id: str) -> Batch:
        return Batch("thread", (ours,))

    channel.thread = thread  # type: ignore[method-assign]  # the network has our colleague's answer
    assert await bench.answering.look(replies[0]) == ANSWERED


async def test_stopping_keeps_what_is_queued_and_resolves_only_that(bench: Bench) -> None:
    more = (mention(n, START + n, f"person{n}") for n in range(3, TOGETHER + 6))
    await bench.store.messages.accept(bench.config, batch(*more))
    entries = await bench.store.cases.faces(range(1, TOGETHER + 7))
    prepared = await bench.answering.prepare(entries)
    progress = Progress(len(prepared))
    progress.stop()
    sent = await bench.answering.send([bench.answering.write(reply, "Done") for reply in prepared], progress)
    assert len(sent.operations) == TOGETHER < len(prepared)
    assert progress.done == TOGETHER
    now = await bench.store.cases.faces(range(1, TOGETHER + 7))
    solved = {entry.case.id for entry in now if entry.case and entry.case.status is Status.SOLVED}
    assert solved == set(sent.operations)


async def test_answers_that_wait_for_approval_resolve_nothing_yet(bench: Bench) -> None:
    await bench.store.approvals.require(True)
    sent = await bench.answering.send(await bench.replies("Done"), Progress(3))
    assert sent.waits == {1, 2, 3}
    assert sent.resolved is None
    assert {(await bench.case(n)).status for n in (1, 2, 3)} == {Status.NEW}


async def test_taken_back_texts_become_drafts_where_there_is_none(bench: Bench) -> None:
    replies = await bench.replies("Done")
    await bench.answering.keep(replies[:2])
    draft = await bench.drafting.load(1)
    assert draft is not None
    await bench.answering.keep([bench.answering.edit(replies[0], "Other")])
    assert (await bench.drafting.load(1) or draft).text == "Done"
    assert await bench.drafting.load(3) is None
