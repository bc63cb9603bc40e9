"""People as the law sees them: what is kept of somebody, handing it over, forgetting them, and how long anything stays.

Forgetting goes through the database in short steps, then through the files, and ends with a search of every byte.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.privacy import (
    Erased,
    Expiring,
    Known,
    Left,
    NoPersonError,
    Person,
    Preview,
    Progress,
    RetentionRule,
    Stage,
    Stored,
    Term,
    TermKind,
)
from workstation.domain.text import N_, LazyText, lazy
from workstation.domain.traces import DISTINCT, ByteSearch
from workstation.services.background import Background, Sink, log_failure
from workstation.services.clock import Clock
from workstation.services.media import Thumbnails
from workstation.services.observers import Observers
from workstation.services.profile import Profile

if TYPE_CHECKING:
    from workstation.store.privacy import Unfinished
    from workstation.store.store import Store

log = logging.getLogger(__name__)

EVERY = 3_600.0
"""Seconds between two looks whether a day has passed since retention ran."""
DAY = 86_400_000_000
_ALL = 1_000_000
PAUSE = 0.02
"""Seconds between two steps of retention: nobody waits for it."""
FOUND = N_("something that points to the person is still in it")


class Forgotten(msgspec.Struct, frozen=True):
    """Who was erased, and the words that pointed to them: what is being written may still name them."""

    person: Person
    terms: tuple[Term, ...]


Told = Callable[[Progress], None]


class Privacy:
    """The desk's side of it; the store's parts are `people`, `retention` and `evidence`."""

    def __init__(
        self, store: "Store", profile: Profile, thumbnails: Thumbnails, clock: Clock, sink: Sink = log_failure
    ) -> None:
        self._store = store
        self._profile = profile
        self._thumbnails = thumbnails
        self._clock = clock
        self._tasks = Background(sink)
        self._erased: Observers[Forgotten] = Observers()
        self._cleaned: Observers[None] = Observers()
        self._one_at_a_time = asyncio.Lock()

    def subscribe(self, callback: Callable[[Forgotten], None]) -> Callable[[], None]:
        """Call `callback` after somebody was erased, so that nothing shown is written back; returns what ends it."""
        return self._erased.subscribe(callback)

    def watch_files(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after files of the profile were changed by an erasure; returns what ends it."""
        return self._cleaned.subscribe(lambda _: callback())

    def start(self) -> None:
        """Finish erasures that were interrupted, then let retention run once a day."""
        self._tasks.spawn(self._run(), "privacy")

    async def close(self) -> None:
        """End; an erasure that is under way is finished at the next start."""
        await self._tasks.close()

    async def settled(self) -> None:
        """Wait until no erasure is under way."""
        async with self._one_at_a_time:
            pass

    # -- who and what ----------------------------------------------------------------------------------------------

    async def find(self, text: str) -> tuple[Known, ...]:
        """People whose handle, name or address holds the text."""
        return await self._store.privacy.find(text)

    async def named(self, who: str) -> Person:
        """The person that a handle or number names; NoPersonError, SeveralPeopleError."""
        person = await self._store.privacy.named(who)
        if person is None:
            raise NoPersonError(who=who)
        return person

    async def of_author(self, author: int) -> Person | None:
        """The person that an account belongs to."""
        return await self._store.privacy.of_author(author)

    async def preview(self, person: Person, also: Iterable[str] = ()) -> Preview:
        """What is kept of a person, and what erasing them would change."""
        # Imported when first used: a start pays for every module.
        from workstation.services import forgetting

        found = await self._store.privacy.preview(person, also)
        pictures = await self._store.privacy.pictures(person)
        cached = await asyncio.to_thread(self._thumbnails.kept, pictures)
        exports = await self._store.privacy.exports()

        def look() -> tuple[Stored, ...]:
            search = ByteSearch(_sure(found.terms))
            settings = (*forgetting.settings_files(self._profile), *forgetting.log_files(self._profile))
            return (
                Stored("pictures", cached),
                Stored("files", sum(forgetting.holds(path, search)[0] for path in settings)),
                Stored("exports", sum(forgetting.holds(path, search)[0] for path in exports)),
                Stored("backups", sum(forgetting.holds(path, search)[0] for path in self._copies())),
            )

        files = await asyncio.to_thread(look)
        return msgspec.structs.replace(found, places=(*found.places, *files))

    def _copies(self) -> tuple[Path, ...]:
        from workstation.store.copies import copies

        return copies(self._profile.database)

    # -- handing over ----------------------------------------------------------------------------------------------

    async def export(self, person: Person, kind: str = "jsonl") -> AsyncIterator[str]:
        """Everything kept of a person, as text in pieces: JSON lines of {"type", ...}, or one JSON object by type."""
        by_type: dict[str, list[dict[str, object]]] = {}
        async for portion in self._store.privacy.rows(person):
            if kind == "jsonl":
                lines = (msgspec.json.encode({"type": name} | row) + b"\n" for name, row in portion)
                yield b"".join(lines).decode()
            else:
                for name, row in portion:
                    by_type.setdefault(name, []).append(row)
        if kind != "jsonl":
            yield msgspec.json.format(msgspec.json.encode(by_type), indent=2).decode() + "\n"

    async def evidence_lines(self) -> str:
        """The snapshots as JSON lines, oldest first: what is needed to verify the chain elsewhere."""
        rows = reversed(await self._store.evidence.list(_ALL))
        return b"".join(msgspec.json.encode(row) + b"\n" for row in rows).decode()

    async def note_export(self, path: Path, person: Person | None = None) -> None:
        """Remember a file that an export wrote; it is looked through when somebody is erased."""
        authors = [author.id for author in person.authors] if person is not None else []
        await self._store.privacy.note_export(path, authors)

    # -- forgetting ------------------------------------------------------------------------------------------------

    async def erase(self, person: Person, terms: tuple[Term, ...], told: Told = lambda _: None) -> Erased:
        """Erase a person everywhere; `terms` as a preview offered them. OnHoldError, OnItsWayError, OurselvesError."""
        async with self._one_at_a_time:
            begun = await self._store.privacy.begin(person, terms)
            return await self._finish(begun, told)

    async def _finish(self, begun: "Unfinished", told: Told) -> Erased:
        person, terms = begun.person, begun.terms
        tally = await self._store.privacy.erase(begun, told)
        self._erased.tell(Forgotten(person, terms))
        told(Progress(Stage.FILES, 0, 1))
        # Not only those that are known to be the person's: an edit may have taken a picture out of a message.
        await asyncio.to_thread(self._thumbnails.keep_only, await self._store.privacy.pictures())
        changed, left = await self._clean_files(person, terms)
        self._cleaned.tell(None)
        await self._store.privacy.finish(begun, tally)
        await self._store.privacy.merge(told)
        await self._store.privacy.compact()
        told(Progress(Stage.CHECK, 0, 1))
        searched, found = await self._check(person, terms)
        told(Progress(Stage.CHECK, 1, 1))
        log.info("person erased", extra={"messages": tally.messages, "masked": tally.masked, "left": len(left)})
        return Erased(tally.messages, tally.cases, tally.masked, changed, searched, (*left, *found))

    async def _clean_files(self, person: Person, terms: tuple[Term, ...]) -> tuple[int, tuple[Left, ...]]:
        from workstation.services import forgetting
        from workstation.store.copies import erase_from_copy

        is_erased, exports = await self._store.privacy.recogniser(), await self._store.privacy.exports()

        def work() -> forgetting.Sweep:
            sweep = forgetting.Sweep(person, terms, is_erased)
            sweep.settings(self._profile)
            sweep.exports(exports)
            search = ByteSearch(_sure(terms))
            for path in self._copies():
                if forgetting.holds(path, search)[0]:
                    erase_from_copy(path, person, terms, self._clock.now())
                    sweep.changed += 1
            return sweep

        sweep = await asyncio.to_thread(work)
        await self._store.privacy.forget_exports(sweep.gone)
        for path in sweep.renamed:
            await self._store.privacy.note_export(path)
        return sweep.changed, tuple(sweep.left)

    async def _check(self, person: Person, terms: tuple[Term, ...]) -> tuple[int, tuple[Left, ...]]:
        """Search every row, then every byte of the profile and of the exports, for what points to the person."""
        from workstation.services import forgetting

        left = [Left(str(self._profile.database), FOUND)] if await self._store.privacy.is_named(person, terms) else []
        sure = await self._store.privacy.unshared(_sure(terms))
        exports = await self._store.privacy.exports()

        def look() -> int:
            total, search = 0, ByteSearch(sure)
            for path in forgetting.everything(self._profile, exports):
                there, size = forgetting.holds(path, search)
                total += size
                if there:
                    left.append(Left(str(path), FOUND))
            return total

        return await asyncio.to_thread(look), tuple(left)

    # -- how long anything stays -----------------------------------------------------------------------------------

    async def rules(self) -> dict[int, RetentionRule]:
        """The rules by channel."""
        return {rule.channel: rule for rule in await self._store.retention.rules()}

    async def expiring(self, channel: int, days: int) -> Expiring:
        """What a rule of so many days would remove now."""
        return await self._store.retention.expiring(channel, days)

    async def retain(self, channel: int, days: int) -> None:
        """Keep a channel's solved cases for so many days from now on; 0 keeps them for ever."""
        await self._store.retention.set_days(channel, days)

    async def sweep(self, channel: int = 0) -> int:
        """Remove what is too old by the rules, of each channel once a day, or of one now; how many messages went."""
        removed = 0
        for rule in await self._store.retention.rules():
            if rule.channel != channel if channel else self._clock.now() - rule.ran_at < DAY:
                continue
            while count := await self._store.retention.step(rule.channel, rule.days):
                removed += count
                await asyncio.sleep(PAUSE)
        await self._store.evidence.expire()
        if removed:
            await self._store.privacy.merge()
            await self._store.privacy.checkpoint()
        return removed

    async def _run(self) -> None:
        for begun in await self._store.privacy.unfinished():
            async with self._one_at_a_time:
                await self._finish(begun, lambda _: None)
        while True:
            await self.sweep()
            await asyncio.sleep(EVERY)


def _sure(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """What is searched for in bytes: what is short may stand in any file by chance."""
    return tuple(term for term in terms if term.on and term.kind is not TermKind.LOCAL and len(term.text) >= DISTINCT)


def summary(erased: Erased) -> LazyText:
    """What an erasure did, in one sentence."""
    return lazy(
        N_(
            "Erased: {messages} messages, {cases} cases; masked in {masked} other texts, changed {files} files;"
            " searched {searched} bytes afterwards."
        ),
        messages=erased.messages,
        cases=erased.cases,
        masked=erased.masked,
        files=erased.files,
        searched=erased.searched,
    )
