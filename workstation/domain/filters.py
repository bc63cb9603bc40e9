"""Filters: the text of a column or search, what it means, and a fast test of one entry.

`channel:acme lang:de (tag:refund OR tag:late) -is:spam "next week"`: terms side by side must all match, OR and
parentheses do what they say, a minus sign negates. A free word is a part of the text, of the content warning or of
the author's handle or name, cases folded. Dates are UTC; `-2h` and `-7d` count back from now. The store compiles
the same terms to SQL; both select exactly the same entries.
"""

import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from unicodedata import normalize

import msgspec

from workstation.domain.cases import DAY, Entry, Holder, Status
from workstation.domain.filter_parser import read
from workstation.domain.filter_terms import (
    All,
    AnyOf,
    Flag,
    Has,
    Is,
    Name,
    Named,
    Not,
    Part,
    Priority,
    Published,
    Term,
    Word,
    written,
)
from workstation.domain.messages import Mark, Micros

Predicate = Callable[[Entry], bool]

COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LINK = re.compile("https?://")


class Context(msgspec.Struct, frozen=True):
    """What a filter's text leaves open: the channels by name (folded, see `fold`) and what time it is."""

    channels: Mapping[str, int] = {}
    now: Micros = 0


class Filter(msgspec.Struct, frozen=True):
    """A filter as data; without a term it lets everything through."""

    term: Term | None = None

    def predicate(self, context: Context) -> Predicate:
        """A quick test of entries; relative times count from `context.now`, so build it anew now and then."""
        return _everything if self.term is None else _compiled(self.term, context)

    @property
    def relative(self) -> bool:
        """Whether what matches changes with the time alone."""
        return self.term is not None and _relative(self.term)


def parse(text: str) -> Filter:
    """The filter that a text says; raises FilterError with a position, and nothing else, whatever the text is."""
    return Filter(read(text))


def to_text(filter_: Filter) -> str:
    """The filter's text; parsing it gives the filter again."""
    return "" if filter_.term is None else written(filter_.term)


def folded(text: str) -> str:
    """Text with cases and compatibility forms folded."""
    if text.isascii():
        return text.lower()
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return normalize("NFKC", normalize("NFKC", clean).casefold())


fold = lru_cache(maxsize=8_192)(folded)
"""The same, remembered: every column tests the same message."""


def contains(needle: str, text: str, spoiler: str, handle: str, name: str) -> bool:
    """Whether a folded needle is in one of the texts; the one definition of a free word, for Python and SQL."""
    return needle in fold(text) or needle in fold(handle) or needle in fold(name) or needle in fold(spoiler)


def channel_ids(names: Mapping[str, int], value: str) -> int:
    """The id of the channel of that name; 0, which none has, for an unknown name."""
    return names.get(fold(value), 0)


def handle_key(value: str) -> str:
    """A handle as it is compared: folded, without the leading @."""
    return fold(value).removeprefix("@")


def _everything(_entry: Entry) -> bool:
    return True


def _relative(term: Term) -> bool:
    match term:
        case All(terms=terms) | AnyOf(terms=terms):
            return any(_relative(inner) for inner in terms)
        case Not(term=inner):
            return _relative(inner)
        case Published(ago=ago):
            return ago > 0
        case Is(flag=flag):
            return flag in (Flag.LATE, Flag.DUE)
        case _:
            return False


def _compiled(term: Term, context: Context) -> Predicate:
    match term:
        case All(terms=terms):
            return _all([_compiled(inner, context) for inner in terms])
        case AnyOf(terms=terms):
            return _any([_compiled(inner, context) for inner in terms])
        case Not(term=inner):
            tested = _compiled(inner, context)
            return lambda entry: not tested(entry)
        case Word(text=text):
            return _word(fold(text))
        case Is(flag=flag):
            if flag in (Flag.LATE, Flag.DUE):
                return _promised_before(context.now + (DAY if flag is Flag.DUE else 0))
            return _FLAGS[flag]
        case Has(part=part):
            return _PARTS[part]
        case Named(field=field, value=value):
            return _named(field, value, context)
        case Published(before=before, at=at, ago=ago):
            moment = context.now - ago if ago else at
            if before:
                return lambda entry: entry.message.created_at < moment
            return lambda entry: entry.message.created_at >= moment
        case Priority(comparison=comparison, value=number):
            compare = COMPARISONS[comparison]
            return lambda entry: entry.case is not None and compare(entry.case.priority, number)


def _all(tests: list[Predicate]) -> Predicate:
    if len(tests) == 2:
        first, second = tests
        return lambda entry: first(entry) and second(entry)

    def test(entry: Entry) -> bool:
        for one in tests:  # noqa: SIM110 - a generator costs twice as much on every message of every column
            if not one(entry):
                return False
        return True

    return test


def _any(tests: list[Predicate]) -> Predicate:
    def test(entry: Entry) -> bool:
        for one in tests:  # noqa: SIM110 - as above
            if one(entry):
                return True
        return False

    return test


def _word(needle: str) -> Predicate:
    def test(entry: Entry) -> bool:
        message = entry.message
        author = message.author
        return contains(needle, message.text, message.spoiler, author.handle, author.name)

    return test


def _mark(mark: Mark) -> Predicate:
    return lambda entry: mark in entry.message.marks


def _status(status: Status) -> Predicate:
    return lambda entry: entry.case is not None and entry.case.status is status


def _holder(holder: Holder) -> Predicate:
    return lambda entry: entry.case is not None and entry.case.holder is holder


def _promised_before(moment: Micros) -> Predicate:
    def test(entry: Entry) -> bool:
        case = entry.case
        return case is not None and 0 < case.due_at < moment and case.status is not Status.SOLVED

    return test


def _has_link(entry: Entry) -> bool:
    return _LINK.search(entry.message.text) is not None


_FLAGS: dict[Flag, Predicate] = {
    Flag.MINE: _holder(Holder.MINE),
    Flag.HELD: _holder(Holder.HELD),
    Flag.FREE: _holder(Holder.FREE),
    Flag.NEW: _status(Status.NEW),
    Flag.OPEN: _status(Status.OPEN),
    Flag.PENDING: _status(Status.PENDING),
    Flag.SNOOZED: _status(Status.SNOOZED),
    Flag.SOLVED: _status(Status.SOLVED),
    Flag.UNANSWERED: lambda entry: entry.case is not None and entry.case.waiting_since > 0,
    Flag.PROMISED: lambda entry: entry.case is not None and entry.case.due_at > 0,
    Flag.ESCALATED: lambda entry: entry.case is not None and entry.case.escalated_at > 0,
    Flag.EDITED: lambda entry: entry.message.revision > 0,
    Flag.DELETED: lambda entry: entry.message.deleted_at > 0,
    Flag.OWN: lambda entry: entry.message.own,
    Flag.MEDIA: lambda entry: bool(entry.message.media),
    Flag.BOT: lambda entry: entry.message.author.bot,
    Flag.SPAM: _mark(Mark.SPAM),
    Flag.FAVOURITED: _mark(Mark.FAVOURITED),
    Flag.BOOSTED: _mark(Mark.BOOSTED),
    Flag.SENSITIVE: _mark(Mark.SENSITIVE),
    Flag.FOLDED: _mark(Mark.FOLDED),
}
_PARTS: dict[Part, Predicate] = {
    Part.MEDIA: lambda entry: bool(entry.message.media),
    Part.LINK: _has_link,
    Part.CASE: lambda entry: entry.case is not None,
    Part.NOTE: lambda entry: entry.case is not None and entry.case.notes > 0,
    Part.TAG: lambda entry: entry.case is not None and bool(entry.case.tags),
    Part.PROMISE: lambda entry: entry.case is not None and entry.case.due_at > 0,
    Part.ISSUE: lambda entry: entry.case is not None and entry.case.issue > 0,
}


def _named(field: Name, value: str, context: Context) -> Predicate:
    match field:
        case Name.CHANNEL | Name.IN:
            channel = channel_ids(context.channels, value)
            return lambda entry: entry.message.channel == channel
        case Name.SOURCE:
            within = value + ":"
            return lambda entry: any(s == value or s.startswith(within) for s in entry.message.sources)
        case Name.AUTHOR:
            return _author(handle_key(value))
        case Name.LANG:
            return _language(fold(value))
        case Name.TAG:
            tag = value.lower()
            return lambda entry: entry.case is not None and tag in entry.case.tags
        case Name.NETWORK:
            network = value.lower()
            return lambda entry: entry.message.author.network == network
        case Name.KIND:
            return lambda entry: entry.message.kind == value
        case Name.VISIBILITY:
            return lambda entry: entry.message.visibility == value
        case Name.STATUS:
            return lambda entry: entry.case is not None and entry.case.status == value
        case Name.OUTCOME:
            return lambda entry: entry.case is not None and entry.case.outcome == value
        case Name.ISSUE:
            return lambda entry: entry.case is not None and str(entry.case.issue) == value


def _author(key: str) -> Predicate:
    local = key + "@"

    def test(entry: Entry) -> bool:
        handle = handle_key(entry.message.author.handle)
        return handle == key or handle.startswith(local)

    return test


def _language(key: str) -> Predicate:
    regional = key + "-"

    def test(entry: Entry) -> bool:
        language = fold(entry.message.language)
        return language == key or language.startswith(regional)

    return test
