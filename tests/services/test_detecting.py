"""Languages found after the commit: a second ChangeSet, rules and columns follow, deaths, the past, corrections."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.empty import empty
from tests.store.factories import NOW, author, batch, mention, message
from tests.waiting import PATIENCE
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.filters import parse
from workstation.domain.messages import Batch, Mark, Message
from workstation.domain.rules import Rule, book
from workstation.services.detecting import Detecting
from workstation.services.feed import Feed
from workstation.services.settings import Settings
from workstation.services.worker import Worker, WorkerDiedError
from workstation.store.store import Store

GERMAN = "Wo bleibt meine Bestellung? Ich warte seit drei Wochen."
SPANISH = "¿Dónde está mi pedido? Llevo tres semanas esperando."
ENGLISH = "Where is my order? I have been waiting for three weeks."


class Mortal(Worker):
    """A process that can be killed, and that dies of certain texts."""

    def __init__(self) -> None:
        super().__init__(seconds=60.0)
        self.deadly = ""
        self.batches: list[int] = []

    def kill(self) -> None:
        """From outside, as a system without memory does."""
        assert self._process is not None
        self._process.kill()
        self._process.join()

    async def call(self, function: Any, *arguments: Any) -> Any:
        texts = [question[0] for question in arguments[1]]
        self.batches.append(len(texts))
        if self.deadly and any(self.deadly in text for text in texts):
            raise WorkerDiedError
        return await super().call(function, *arguments)


@dataclass
class Desk:
    """A store, its feed and what finds out languages."""

    store: Store
    detecting: Detecting
    config: ChannelConfig
    worker: Mortal
    heard: list[ChangeSet] = field(default_factory=list)

    async def take(self, batch_: Batch) -> tuple[Message, ...]:
        changes = await self.store.messages.accept(self.config, batch_)
        return tuple(entry.message for entry in changes.entries if entry.message.id in changes.added)

    async def settled(self) -> None:
        import asyncio

        async with asyncio.timeout(PATIENCE * 2):
            await self.detecting.settled()

    async def now(self, number: int) -> Message:
        entry = await self.store.messages.get(number)
        assert entry is not None
        return entry.message


@asynccontextmanager
async def desk(folder: Path, *, start: bool = True, spoken: tuple[str, ...] = ()) -> AsyncIterator[Desk]:
    feed, worker, settings = Feed(), Mortal(), Settings(folder / "settings.toml")
    if spoken:
        settings.change(spoken=spoken)
    store = await Store.open(empty(folder / "desk.sqlite3"), feed.tell, clock=lambda: NOW)
    channels = await store.channels.list()
    config = channels[0] if channels else await store.channels.add(ChannelConfig(0, "mastodon", "Acme"))
    detecting = Detecting(store, feed, settings, worker=lambda: worker, grace=0.0)
    made = Desk(store, detecting, config, worker)
    feed.subscribe(made.heard.append)
    if start:
        detecting.start()
    try:
        yield made
    finally:
        await detecting.close()
        await store.close()


async def test_a_second_change_tells_the_language(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.store.rules.use(book([Rule("s", "Spanish", "lang:es", add=("spain",))]))
        first, second, third = await here.take(
            batch(mention("a", SPANISH), mention("b", GERMAN, author=author(2)), mention("c", "👍", author=author(3)))
        )
        assert (first.language, second.language) == ("", "")
        await here.settled()
        found = [await here.now(each.id) for each in (first, second, third)]
        assert [each.language for each in found] == ["es", "de", "und"]
        assert Mark.GUESSED not in found[0].marks
        assert Mark.GUESSED in found[2].marks
        entry = await here.store.messages.get(first.id)
        assert entry is not None
        assert entry.case is not None
        assert (entry.case.language, entry.case.tags) == ("es", ("spain",))
        told = await here.detecting.told(first.id)
        assert (told.found, told.hint, told.why) == ("es", "", "text")
        seen = {each.message.id: each.message.language for change in here.heard for each in change.entries}
        assert seen[first.id] == "es"
        # Queues are told as well, also where the answer names no language.
        faces = {each.message.id: each.message.language for change in here.heard for each in change.faces}
        assert (faces[first.id], faces[third.id]) == ("es", "und")
        for text, wanted in (("lang:es", 1), ("lang:und", 1), ("lang:de", 1), ("-lang:und", 2)):
            assert await here.store.messages.count(parse(text)) == wanted


async def test_a_hint_stands_unless_the_text_is_plain(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        taken = await here.take(
            batch(
                message("a", GERMAN, language="de-AT"),
                message("b", GERMAN, language="en", author=author(2)),
                message("c", "ok super", language="fr", author=author(3)),
                message("d", SPANISH, language="und", author=author(4)),
            )
        )
        await here.settled()
        assert [(await here.now(each.id)).language for each in taken] == ["de-AT", "de", "fr", "es"]
        told = await here.detecting.told(taken[1].id)
        assert (told.hint, told.found) == ("en", "de")
        # The network tells it once more: its hint is no news.
        await here.store.messages.accept(here.config, batch(message("b", GERMAN, language="en", author=author(2))))
        await here.settled()
        assert (await here.now(taken[1].id)).language == "de"


async def test_an_edit_is_looked_at_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        (taken,) = await here.take(batch(message("a", SPANISH)))
        await here.settled()
        await here.take(batch(message("a", GERMAN, edited_at=NOW + 5)))
        await here.settled()
        assert (await here.now(taken.id)).language == "de"


async def test_what_a_person_says_holds_and_is_remembered(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        first, doubtful = await here.take(batch(mention("a", "Hei, takk"), mention("b", "ok", branch="x")))
        await here.settled()
        assert (await here.now(doubtful.id)).language == "und"
        deed = await here.detecting.correct(first, "da")
        await here.settled()
        now = await here.now(first.id)
        assert (now.language, Mark.GUESSED in now.marks) == ("da", False)
        assert (await here.store.languages.learned(first.author.id)) == {"da": 1}
        # An author who was said to write Danish writes it in a word that says nothing, too.
        assert (await here.now(doubtful.id)).language == "da"
        again = await deed.back()
        await here.settled()
        assert (await here.now(first.id)).language != "da"
        assert (await here.store.languages.learned(first.author.id)) == {}
        await again.back()
        await here.settled()
        await here.take(batch(mention("a", "Hei, takk", language="nb")))
        assert (await here.now(first.id)).language == "da"


async def test_the_process_may_die(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        await here.take(batch(message("a", SPANISH)))
        await here.settled()
        here.worker.kill()
        (after,) = await here.take(batch(message("b", GERMAN)))
        await here.settled()
        assert (await here.now(after.id)).language == "de"


async def test_one_text_that_kills_costs_no_other(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.worker.deadly = "poison"
        many = [message(f"m{number}", "poison" if number == 5 else GERMAN) for number in range(9)]
        taken = await here.take(batch(*many))
        await here.settled()
        found = [(await here.now(each.id)).language for each in taken]
        assert found == ["de"] * 5 + ["und"] + ["de"] * 3


async def test_older_messages_are_looked_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path, start=False) as here:
        taken = await here.take(batch(*(message(f"m{number}", GERMAN) for number in range(5))))
        hinted = await here.take(batch(message("h", ENGLISH, language="en")))
    async with desk(tmp_path) as here:
        await here.settled()
        assert {(await here.now(each.id)).language for each in taken} == {"de"}
        assert (await here.now(hinted[0].id)).language == "en"
        assert here.worker.batches == [6]
    async with desk(tmp_path) as here:
        await here.settled()
        assert here.worker.batches == []


async def test_more_than_the_queue_holds_is_found_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workstation.services.detecting.QUEUE", 3)
    async with desk(tmp_path) as here:
        taken = await here.take(batch(*(message(f"m{number}", GERMAN) for number in range(20))))
        await here.settled()
        assert {(await here.now(each.id)).language for each in taken} == {"de"}


async def test_candidates_are_the_teams(tmp_path: Path) -> None:
    async with desk(tmp_path, spoken=("nb", "en")) as here:
        (taken,) = await here.take(batch(message("a", "Hvor er pakken min? Jeg venter på den.")))
        await here.settled()
        assert (await here.now(taken.id)).language == "nb"
