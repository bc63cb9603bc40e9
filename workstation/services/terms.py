"""The words that a team agreed on: what is said how in another language, how not, and what stays as it is."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.checks import Wording
from workstation.domain.errors import MeridianError
from workstation.domain.fixed_parts import edge
from workstation.domain.knowledge import Change
from workstation.domain.memory import Term
from workstation.domain.text import N_
from workstation.services.files import read_capped
from workstation.services.observers import Observers
from workstation.services.tomlfile import replace_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.domain.translation import Pair
    from workstation.store.store import Store


class TermRefusedError(MeridianError):
    """A term without a word, or without languages."""

    code = "term_refused"
    sentence = N_("A term needs a word, and with a translation both languages.")


class TermDifference(msgspec.Struct, frozen=True):
    """What importing one term would do."""

    change: Change
    term: Term
    before: Term | None = None


class TermPlan(msgspec.Struct, frozen=True):
    """What an import would do, before it is done."""

    file: str
    differences: tuple[TermDifference, ...]

    def of(self, change: Change) -> tuple[TermDifference, ...]:
        """The terms to which this would happen."""
        return tuple(each for each in self.differences if each.change is change)


class TermStep(msgspec.Struct, frozen=True):
    """A change of the list and its way back: terms to put, ids to forget."""

    put: tuple[Term, ...] = ()
    forget: tuple[int, ...] = ()


class Agreed(msgspec.Struct, frozen=True):
    """What was agreed for one pair, as masking and the checks want it."""

    kept: tuple[str, ...] = ()
    """Not to be translated."""
    glossary: tuple[Wording, ...] = ()
    terms: tuple[Term, ...] = ()
    """The same with notes, and with what must not be said."""

    def forbidden(self, target: str) -> tuple[tuple[int, int, Term], ...]:
        """Where in a target something stands that must not be said (start, end in characters)."""
        found: list[tuple[int, int, Term]] = []
        for term in self.terms:
            for word in term.forbidden:
                found += [(*place, term) for place in _places(target, word)]
        return tuple(sorted(found, key=lambda each: each[:2]))


def _places(target: str, word: str) -> Iterator[tuple[int, int]]:
    for hit in re.finditer(re.escape(word), target, re.IGNORECASE):
        if edge(target, hit.start()) and edge(target, hit.end()):
            yield hit.span()


class Terms:
    """The list; what it says of a pair is kept until something changes."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._all: tuple[Term, ...] | None = None
        self._agreed: dict[tuple[str, str], Agreed] = {}
        self._changed: Observers[None] = Observers()

    def subscribe(self, callback: "Callable[[], None]") -> "Callable[[], None]":
        """Call `callback` after each change; returns what ends it."""
        return self._changed.subscribe(lambda _: callback())

    def forget_loaded(self) -> None:
        """Read everything again when it is needed."""
        self._all = None
        self._agreed = {}
        self._changed.tell(None)

    async def list(self) -> tuple[Term, ...]:
        """Every term, by its source."""
        if self._all is None:
            self._all = await self._store.languages.terms()
        return self._all

    async def agreed(self, pair: "Pair") -> Agreed:
        """What holds for a pair: its own terms, those of its languages whatever the region, those of all languages."""
        key = (pair.source, pair.target)
        if key not in self._agreed:
            self._agreed[key] = _of_pair(await self.list(), pair)
        return self._agreed[key]

    # -- changing --------------------------------------------------------------------------------------------------

    async def save(self, term: Term) -> tuple[Term, TermStep]:
        """Add a term (id 0) or change one; it as it is stored, and the way back. TermRefusedError."""
        term = _tidy(term)
        if not term.source or (term.target and not (term.source_language and term.target_language)):
            raise TermRefusedError
        before = await self.list()
        gone = tuple(each for each in before if each.id != term.id and _key(each) == _key(term))
        was = tuple(each for each in before if term.id and each.id == term.id)
        (stored,) = await self._store.languages.swap_terms((), (term,))
        self.forget_loaded()
        return stored, TermStep((*gone, *was), () if was else (stored.id,))

    async def remove(self, terms: Iterable[Term]) -> TermStep:
        """Forget terms; the way back."""
        gone = tuple(terms)
        await self._store.languages.swap_terms((term.id for term in gone), ())
        self.forget_loaded()
        return TermStep(gone)

    async def take(self, step: TermStep) -> TermStep:
        """Carry out a step, such as the way back; its own way back."""
        before = {term.id: term for term in await self.list()}
        touched = (*step.forget, *(term.id for term in step.put))
        stored = await self._store.languages.swap_terms(step.forget, step.put)
        self.forget_loaded()
        back = tuple(before[number] for number in touched if number in before)
        return TermStep(back, tuple(term.id for term in stored if term.id not in before))

    # -- files -----------------------------------------------------------------------------------------------------

    async def plan(self, path: Path) -> TermPlan:
        """What importing a file (.tbx, .csv) would do. WordFileError, OSError."""
        from workstation.services import term_files

        data = await asyncio.to_thread(read_capped, path, term_files.LARGEST)
        incoming = await asyncio.to_thread(term_files.parse, data, path.name)
        known = {_key(term): term for term in await self.list()}
        return TermPlan(path.name, tuple(_difference(known.get(_key(term)), term) for term in incoming))

    async def carry_out(self, plan: TermPlan) -> TermStep:
        """Import what was planned; the way back."""
        wanted = tuple(each.term for each in plan.differences if each.change is not Change.SAME)
        return await self.take(TermStep(wanted))

    async def export_file(self, path: Path) -> int:
        """Write all terms to a file (.tbx, .csv); how many. OSError."""
        from workstation.services import term_files

        terms = await self.list()
        data = await asyncio.to_thread(term_files.written, terms, path.name)
        await asyncio.to_thread(replace_bytes, path, data)
        return len(terms)


def _key(term: Term) -> tuple[str, str, str, str]:
    return term.source_language, term.target_language, term.source, term.target


def _tidy(term: Term) -> Term:
    target = " ".join(term.target.split())
    return msgspec.structs.replace(
        term,
        source=" ".join(term.source.split()),
        target=target,
        target_language=term.target_language if target else "",
        note=term.note.strip(),
        forbidden=tuple(dict.fromkeys(" ".join(word.split()) for word in term.forbidden if word.strip())),
    )


def _difference(before: Term | None, incoming: Term) -> TermDifference:
    if before is None:
        return TermDifference(Change.NEW, incoming)
    term = msgspec.structs.replace(incoming, id=before.id)
    return TermDifference(Change.SAME if term == before else Change.CHANGED, term, before)


def _of_pair(terms: Iterable[Term], pair: "Pair") -> Agreed:
    fitting = tuple(
        term
        for term in terms
        if _fits(term.source_language, pair.source) and (term.kept or _fits(term.target_language, pair.target))
    )
    words: dict[str, list[str]] = {}
    for term in fitting:
        if not term.kept:
            words.setdefault(term.source, []).append(term.target)
    return Agreed(
        tuple(term.source for term in fitting if term.kept),
        tuple(Wording(source, tuple(dict.fromkeys(targets))) for source, targets in words.items()),
        fitting,
    )


def _fits(agreed: str, wanted: str) -> bool:
    """Whether what was agreed for one language holds for another: for all, for it, for its language in every region."""
    if not agreed or agreed.lower() == wanted.lower():
        return True
    from workstation.i18n.tags import negotiate

    return negotiate([wanted], [agreed], default="") == agreed
