"""The translation memory: what was sent in two languages is suggested when something like it is written again.

Segments live in the store, masked; those of the pairs in use are kept here in lists that nobody changes, so that a
thread can search them while the loop goes on. rapidfuzz looks at 50,000 in about 4 ms and lets go of the interpreter.
"""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from workstation.domain.changes import ChangeSet
from workstation.domain.memory import Segment, Sent, Suggestion
from workstation.domain.outbox import OUTDATED, SIGNED, WRITTEN, WRITTEN_IN, Outgoing, State
from workstation.domain.segments import Filling, Slotted, fill, plain, segments, slotted
from workstation.services.background import Background, Sink, log_failure
from workstation.services.clock import Clock
from workstation.services.feed import Feed
from workstation.services.files import read_capped
from workstation.services.tomlfile import replace_bytes

if TYPE_CHECKING:
    from workstation.domain.translation import Pair
    from workstation.services.settings import Settings
    from workstation.store.store import Store

THRESHOLD = 70
"""Per cent of likeness from which a segment is worth reading."""
LONGEST = 1_000
"""Characters that are looked up; a longer text is no sentence."""
BEGINNING = 8
"""Characters from which a sentence that begins so is suggested."""
MOST = 5
LARGEST = 64_000_000
"""Bytes of a file to import."""


class MemoryPlan(msgspec.Struct, frozen=True):
    """What importing a file would do, before it is done."""

    file: str
    fresh: tuple[Segment, ...]
    """Segments that are not known yet."""
    known: int = 0
    left_out: int = 0
    """Units without words, too long, or whose numbers are not the same in both languages."""

    @property
    def pairs(self) -> tuple[tuple[str, str, int], ...]:
        """How many new segments of which pair; the most first."""
        counts = Counter((segment.source_language, segment.target_language) for segment in self.fresh)
        return tuple((*pair, count) for pair, count in counts.most_common())


class Shelf:
    """The segments of one pair, ready to be searched; never changed, replaced as a whole."""

    def __init__(self, found: Iterable[Segment]) -> None:
        self.segments = {segment.id: segment for segment in found}
        self._rows = list(self.segments.values())
        self._plain = [plain(segment.source) for segment in self._rows]
        # Tuples, as segments themselves, are nothing that the collector of cycles goes through again and again.
        self._exact: dict[str, tuple[Segment, ...]] = {}
        for text, segment in zip(self._plain, self._rows, strict=True):
            self._exact[text] = (*self._exact.get(text, ()), segment)
        self._sorted = sorted(self._exact)

    def __len__(self) -> int:
        return len(self._rows)

    def exact(self, text: str) -> tuple[Segment, ...]:
        """Segments of the very same source."""
        return self._exact.get(text, ())

    def beginning(self, text: str, limit: int) -> list[tuple[int, Segment]]:
        """Segments whose source begins so, with how much of it that is, in per cent; the most used first."""
        found: list[tuple[int, Segment]] = []
        for at in range(bisect_left(self._sorted, text), len(self._sorted)):
            known = self._sorted[at]
            if not known.startswith(text) or len(found) > 200:
                break
            if known != text:
                found += [(len(text) * 100 // len(known), segment) for segment in self._exact[known]]
        return sorted(found, key=lambda each: -each[1].uses)[:limit]

    def like(self, text: str, limit: int) -> list[tuple[int, Segment]]:
        """Segments with a source like this one, with their score; the best first."""
        if not self._rows:
            return []
        # Imported when first used: a start pays for every module.
        import numpy as np
        from rapidfuzz import fuzz, process

        scores = process.cdist([text], self._plain, scorer=fuzz.ratio, score_cutoff=THRESHOLD, dtype=np.uint8)[0]
        hits = np.flatnonzero(scores)
        best = sorted(hits, key=lambda at: (-int(scores[at]), -self._rows[at].uses))[:limit]
        return [(int(scores[at]), self._rows[at]) for at in best]


class Memory:
    """Remembers and suggests. Nothing of it leaves the machine."""

    def __init__(
        self,
        store: "Store",
        feed: Feed,
        clock: Clock,
        settings: "Settings | None" = None,
        sink: Sink = log_failure,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._tasks = Background(sink)
        self._leaving: dict[str, Sent] = {}
        self._left: dict[str, None] = {}
        """Operations that were seen to have left, so that each is learned from once."""
        self._end = feed.subscribe(self.hear)
        self._shelves: dict[tuple[str, str], tuple[Shelf, Shelf]] = {}
        """Of each pair in use: what was read from the store, and what came since."""
        self._pairs: tuple[tuple[str, str], ...] | None = None
        self._filling = asyncio.Lock()

    def forget_loaded(self) -> None:
        """Read everything again when it is needed: something was erased, or taken in."""
        self._shelves = {}
        self._pairs = None

    async def close(self) -> None:
        """Follow the outbox no longer."""
        self._end()
        await self._tasks.close()

    # -- taking in -------------------------------------------------------------------------------------------------

    def when_sent(self, operation: str, sent: Sent) -> None:
        """Remember this as soon as the operation has left; what is taken back is not remembered.

        Of the many that wait the latest are kept: the others, and those of earlier runs, are learned from the outbox.
        """
        self._leaving[operation] = sent
        _shorten(self._leaving)

    def hear(self, changes: ChangeSet) -> None:
        """Learn from what has left; hearing of it again does no harm."""
        for row in changes.outbox:
            if row.state not in (State.SENT, State.CANCELLED):
                continue
            sent = self._leaving.pop(row.operation.id, None)
            options = row.operation.options
            wanted = sent is not None or (WRITTEN in options and OUTDATED not in options)
            if row.state is State.SENT and wanted and row.operation.id not in self._left:
                self._left[row.operation.id] = None
                _shorten(self._left)
                self._tasks.spawn(self._learn_from(row, sent), "memory")

    async def _learn_from(self, row: Outgoing, sent: Sent | None) -> None:
        """Learn the texts that have left, which somebody who approved them may have changed."""
        operation = row.operation
        own = operation.options.get(WRITTEN, "")
        if own:
            names = sent.names if sent is not None else await self._names(row)
            text = operation.text.removesuffix(operation.options.get(SIGNED, ""))
            sent = Sent(operation.options.get(WRITTEN_IN, ""), operation.language, own, text, names)
        if sent is not None:
            await self.learn(sent)

    async def _names(self, row: Outgoing) -> tuple[str, ...]:
        from workstation.services.translation_jobs import names_of

        thread = await self._store.messages.thread(case=row.case, message=row.message)
        return names_of((entry.message for entry in thread), self._settings.now.signature if self._settings else "")

    async def learn(self, sent: Sent) -> int:
        """Remember what was sent, sentence by sentence; how many of them. Nothing where both languages are the same."""
        if not sent.source_language or not sent.target_language or sent.source_language == sent.target_language:
            return 0
        terms = await self.kept_terms()
        found = await asyncio.to_thread(
            segments, (sent.source_language, sent.target_language), sent.source, sent.target,
            terms=terms, names=sent.names,
        )  # fmt: skip
        now = self._clock.now()
        await self.take(msgspec.structs.replace(segment, used_at=now) for segment in found)
        return len(found)

    async def take(self, found: Iterable[Segment]) -> tuple[Segment, ...]:
        """Store masked segments; suggestions know them when this returns."""
        stored = await self._store.languages.remember(found)
        if len(stored) > _FEW:
            self.forget_loaded()
            return stored
        async with self._filling:
            for pair in {_pair(segment) for segment in stored}:
                if self._pairs is not None and pair not in self._pairs:
                    self._pairs = (*self._pairs, pair)
                self._put_aside(pair, [segment for segment in stored if _pair(segment) == pair])
        return stored

    def _put_aside(self, pair: tuple[str, str], fresh: list[Segment]) -> None:
        """Know what came since a pair was read; when that is much, it is read again the next time."""
        if pair not in self._shelves:
            return
        read, since = self._shelves[pair]
        if len(since) + len(fresh) > _ASIDE:
            del self._shelves[pair]
        else:
            renewed = Shelf((since.segments | {segment.id: segment for segment in fresh}).values())
            self._shelves[pair] = (read, renewed)

    async def kept_terms(self) -> tuple[str, ...]:
        """The words that stay as they are in every translation."""
        return tuple(term.source for term in await self._store.languages.terms() if term.kept)

    # -- suggesting ------------------------------------------------------------------------------------------------

    async def suggest(
        self, text: str, pair: "Pair", *, terms: Iterable[str] = (), names: Collection[str] = (), limit: int = MOST
    ) -> tuple[Suggestion, ...]:
        """Targets for the sentence `text`: the very same first, then by likeness, then those that begin so.

        Regions help each other out (en-GB for en), scripts do not. `names` are those of the people concerned: they
        are put into a suggestion in place of others.
        """
        if not text.strip() or len(text) > LONGEST:
            return ()
        query = slotted(text, terms, names)
        found: list[Suggestion] = []
        for languages in await self._related(pair):
            rewrite = _separators(*languages)
            for shelf in await self._shelf(languages):
                if len(shelf):
                    found += await asyncio.to_thread(_search, shelf, query, rewrite, limit)
        return _ranked(found, pair, limit)

    async def warm(self, pair: "Pair") -> None:
        """Load what a pair needs, before anybody types."""
        for languages in await self._related(pair):
            read, _since = await self._shelf(languages)
            await asyncio.to_thread(read.like, "", 1)  # loads what searches

    async def _related(self, pair: "Pair") -> tuple[tuple[str, str], ...]:
        """The pairs that were remembered in these languages, whatever their regions; the very same first."""
        if self._pairs is None:
            self._pairs = tuple((one, other) for one, other, _ in await self._store.languages.pairs())
        wanted = (pair.source, pair.target)
        found = [known for known in self._pairs if all(map(_akin, known, wanted))]
        return tuple(sorted(found, key=lambda known: _distance(known, wanted)))

    async def _shelf(self, languages: tuple[str, str]) -> tuple[Shelf, Shelf]:
        async with self._filling:
            if languages not in self._shelves:
                rows = await self._store.languages.segments(*languages)
                self._shelves[languages] = (await asyncio.to_thread(Shelf, rows), Shelf(()))
            return self._shelves[languages]

    # -- what there is ---------------------------------------------------------------------------------------------

    async def pairs(self) -> tuple[tuple[str, str, int], ...]:
        """Pairs of languages with how many segments each has; the most first."""
        return await self._store.languages.pairs()

    async def all(self) -> tuple[Segment, ...]:
        """Every segment, for an export; masked as they are kept."""
        return await self._store.languages.segments()

    async def clear(self, pair: tuple[str, str] | None = None) -> tuple[Segment, ...]:
        """Forget a pair or everything; returns it, so that it can be put back by `take`."""
        found = await (self._store.languages.segments(*pair) if pair else self._store.languages.segments())
        await self._store.languages.forget(segment.id for segment in found)
        self.forget_loaded()
        return found

    # -- files -----------------------------------------------------------------------------------------------------

    async def plan(self, path: Path) -> MemoryPlan:
        """What importing a TMX file would do; nothing personal in it is kept. WordFileError, OSError."""
        from workstation.services import tmx

        data = await asyncio.to_thread(read_capped, path, LARGEST)
        incoming, left = await asyncio.to_thread(tmx.parsed, data, path.name, await self.kept_terms())
        known = {_key(segment) for segment in await self.all()}
        fresh = tuple(segment for segment in incoming if _key(segment) not in known)
        return MemoryPlan(path.name, fresh, len(incoming) - len(fresh), left)

    async def carry_out(self, plan: MemoryPlan) -> tuple[int, ...]:
        """Import what was planned; the ids of what is new, so that `forget` can take them out again."""
        stored = await self.take(plan.fresh)
        return tuple(segment.id for segment in stored)

    async def forget(self, numbers: Iterable[int]) -> None:
        """Forget segments."""
        await self._store.languages.forget(numbers)
        self.forget_loaded()

    async def export_file(self, path: Path) -> int:
        """Write every segment, masked as they are kept, as TMX; how many. OSError."""
        from workstation.services import tmx

        found = await self.all()
        data = await asyncio.to_thread(tmx.written, found, self._clock.now())
        await asyncio.to_thread(replace_bytes, path, data)
        return len(found)


_FEW = 50
"""Segments that are put beside what is loaded; with more it is read again."""
_ASIDE = 500


_MOST_LEAVING = 500


def _shorten(kept: dict[str, Any]) -> None:
    while len(kept) > _MOST_LEAVING:
        del kept[next(iter(kept))]


def _pair(segment: Segment) -> tuple[str, str]:
    return segment.source_language, segment.target_language


def _key(segment: Segment) -> tuple[str, str, str, str]:
    return segment.source_language, segment.target_language, segment.source, segment.target


def _search(shelf: Shelf, query: Slotted, rewrite: Mapping[str, str], limit: int) -> list[Suggestion]:
    wanted = plain(query.text)
    exact = sorted(shelf.exact(wanted), key=lambda segment: (-segment.uses, -segment.used_at))[:limit]
    found = [_suggestion(segment, query, rewrite, 100, exact=True) for segment in exact]
    if len(found) < limit:
        found += [
            _suggestion(segment, query, rewrite, score)
            for score, segment in shelf.like(wanted, limit * 2)
            if segment not in exact
        ]
    if len(found) < limit and len(wanted) >= BEGINNING:
        found += [
            _suggestion(segment, query, rewrite, score, completes=True)
            for score, segment in shelf.beginning(wanted, limit)
        ]
    return found


def _suggestion(segment: Segment, query: Slotted, rewrite: Mapping[str, str], score: int, **how: bool) -> Suggestion:
    target: Filling = fill(segment, query, rewrite)
    source = fill(msgspec.structs.replace(segment, target=segment.source), query)
    return Suggestion(
        target.text, source.text, score, adapted=target.adapted, blanks=target.blanks, languages=_pair(segment),
        uses=segment.uses, used_at=segment.used_at, **how,
    )  # fmt: skip


def _ranked(found: list[Suggestion], pair: "Pair", limit: int) -> tuple[Suggestion, ...]:
    wanted = (pair.source, pair.target)
    ordered = sorted(
        found,
        key=lambda each: (
            not each.exact, each.completes, -each.score, _distance(each.languages, wanted), -each.uses, -each.used_at,
        ),
    )  # fmt: skip
    once = {each.text: each for each in reversed(ordered)}
    return tuple(each for each in ordered if once[each.text] is each)[:limit]


def _akin(known: str, wanted: str) -> bool:
    """Whether somebody who wants one language can use the other: the region may differ, the script may not."""
    if known == wanted:
        return True
    from workstation.i18n.tags import negotiate

    return negotiate([wanted], [known], default="") == known


def _distance(known: tuple[str, str], wanted: tuple[str, str]) -> tuple[bool, bool]:
    return known[1] != wanted[1], known[0] != wanted[0]


def _separators(source: str, target: str) -> dict[str, str]:
    """How numbers are parted in the source's language and in the target's."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    from workstation.i18n.tags import babel_locale

    one, other = babel_locale(source), babel_locale(target)
    return {
        "group": get_group_symbol(one), "decimal": get_decimal_symbol(one),
        "to_group": get_group_symbol(other), "to_decimal": get_decimal_symbol(other),
    }  # fmt: skip
