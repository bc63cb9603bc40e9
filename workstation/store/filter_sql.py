"""Filters as SQL over the joined rows of `rows.STREAM` or `rows.QUEUE`; selects what the Python predicate does.

Every condition is 0 or 1, never NULL, also where a message has no case: NOT NULL would be neither.
"""

import sqlite3

import msgspec

from workstation.domain.cases import DAY
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
)
from workstation.domain.filters import Context, Filter, channel_ids, fold, handle_key
from workstation.domain.messages import Kind, Mark, Micros
from workstation.store.rows import MARK_BITS


def context(connection: sqlite3.Connection, now: Micros) -> Context:
    """What filters need to know: the channels by folded name, and the time."""
    rows = connection.execute("SELECT name, id FROM channels WHERE removed_at = 0 ORDER BY id DESC")
    return Context({fold(name): number for name, number in rows}, now)


class Where(msgspec.Struct, frozen=True):
    """A condition and its values, in order."""

    sql: str
    values: tuple[str | int, ...] = ()


_FLAGS: dict[Flag, str] = {
    Flag.HELD: "c.holder = 'held'",
    Flag.FREE: "c.holder = 'free'",
    Flag.NEW: "c.status = 'new'",
    Flag.OPEN: "c.status = 'open'",
    Flag.PENDING: "c.status = 'pending'",
    Flag.SNOOZED: "c.status = 'snoozed'",
    Flag.SOLVED: "c.status = 'solved'",
    Flag.PROMISED: "c.due_at > 0",
    Flag.ESCALATED: "c.escalated_at > 0",
    Flag.UNANSWERED: "+c.waiting_since > 0",  # the plus keeps the planner in the page's order, see `pages`
}
_MESSAGE_FLAGS: dict[Flag, str] = {
    Flag.EDITED: "m.revision > 0",
    Flag.DELETED: "m.deleted_at > 0",
    Flag.OWN: "m.own = 1",
    Flag.MEDIA: "m.media <> ''",
    Flag.BOT: "a.bot = 1",
    Flag.SPAM: f"(m.marks & {MARK_BITS[Mark.SPAM]}) <> 0",
    Flag.FAVOURITED: f"(m.marks & {MARK_BITS[Mark.FAVOURITED]}) <> 0",
    Flag.BOOSTED: f"(m.marks & {MARK_BITS[Mark.BOOSTED]}) <> 0",
    Flag.SENSITIVE: f"(m.marks & {MARK_BITS[Mark.SENSITIVE]}) <> 0",
    Flag.FOLDED: f"(m.marks & {MARK_BITS[Mark.FOLDED]}) <> 0",
}
_CASE_PARTS: dict[Part, str] = {
    Part.NOTE: "c.notes > 0",
    Part.TAG: "c.tags <> '[]'",
    Part.PROMISE: "c.due_at > 0",
    Part.ISSUE: "c.issue > 0",
}


def compile_filter(filter_: Filter, context: Context, *, queue: bool, common: frozenset[str] = frozenset()) -> Where:
    """The condition of a filter; "1" for an empty one.

    `queue` says which join it is for; `common` names tags of so many cases that starting from them does not pay.
    """
    return Where("1") if filter_.term is None else _Compiler(context, queue, common).term(filter_.term)


def tags_of(term: Term | None) -> frozenset[str]:
    """The tags that a filter names."""
    match term:
        case All(terms=terms) | AnyOf(terms=terms):
            return frozenset().union(*(tags_of(inner) for inner in terms))
        case Not(term=inner):
            return tags_of(inner)
        case Named(field=Name.TAG, value=value):
            return frozenset({value.lower()})
        case _:
            return frozenset()


def _contained(needle: str) -> Where:
    """A free word. Plain ASCII is compared by SQLite itself, without Python and its lock; the rest as Python does."""
    parts = [
        f"(CASE WHEN length({text}) = length(CAST({text} AS BLOB)) THEN instr(lower({text}), ?) > 0"
        f" ELSE instr(fold({text}), ?) > 0 END)"
        for text in ("m.text", "a.handle", "a.name", "m.spoiler")
    ]
    return Where("(" + " OR ".join(parts) + ")", (needle,) * 8)


class _Compiler:
    def __init__(self, context: Context, queue: bool, common: frozenset[str]) -> None:
        self.context = context
        self.common = common
        self.queue = queue

    def of_case(self, sql: str, *values: str | int) -> Where:
        """A condition on the case; a message without one does not meet it."""
        return Where(sql if self.queue else f"ifnull({sql}, 0)", values)

    def term(self, term: Term) -> Where:
        match term:
            case All(terms=terms):
                return self.joined(" AND ", terms)
            case AnyOf(terms=terms):
                return self.joined(" OR ", terms)
            case Not(term=inner):
                where = self.term(inner)
                return Where(f"NOT ({where.sql})", where.values)
            case Word(text=text):
                return _contained(fold(text))
            case Is(flag=flag):
                return self.flag(flag)
            case Has(part=part):
                return self.part(part)
            case Named(field=field, value=value):
                return self.named(field, value)
            case Published(before=before, at=at, ago=ago):
                moment = self.context.now - ago if ago else at
                return Where(f"m.created_at {'<' if before else '>='} ?", (moment,))
            case Priority(comparison=comparison, value=number):
                return self.of_case(f"c.priority {comparison} ?", number)

    def joined(self, word: str, terms: tuple[Term, ...]) -> Where:
        parts = [self.term(term) for term in terms]
        sql = word.join(f"({part.sql})" for part in parts)
        return Where(sql, tuple(value for part in parts for value in part.values))

    def flag(self, flag: Flag) -> Where:
        if flag in (Flag.LATE, Flag.DUE):
            moment = self.context.now + (DAY if flag is Flag.DUE else 0)
            return self.of_case("c.due_at > 0 AND c.due_at < ? AND c.status <> 'solved'", moment)
        if flag is Flag.MINE:
            return self.within("SELECT id FROM cases WHERE holder = 'mine'")
        if flag in _MESSAGE_FLAGS:
            return Where(_MESSAGE_FLAGS[flag])
        return self.of_case(_FLAGS[flag])

    def part(self, part: Part) -> Where:
        match part:
            case Part.MEDIA:
                return Where("m.media <> ''")
            case Part.LINK:
                return Where("(instr(m.text, 'http://') > 0 OR instr(m.text, 'https://') > 0)")
            case Part.CASE:
                return Where("1" if self.queue else "c.id IS NOT NULL")
            case _:
                return self.of_case(_CASE_PARTS[part])

    def named(self, field: Name, value: str) -> Where:
        match field:
            case Name.CHANNEL | Name.IN:
                return Where("m.channel = ?", (channel_ids(self.context.channels, value),))
            case Name.SOURCE:
                return Where(
                    "EXISTS (SELECT 1 FROM message_sources AS ms WHERE ms.message = m.id AND ms.source IN"
                    " (SELECT id FROM sources WHERE key = ? OR substr(key, 1, length(?)) = ?))",
                    (value, value + ":", value + ":"),
                )
            case Name.AUTHOR:
                key = handle_key(value)
                # "A" comes right after "@": the range holds every address with this local part.
                return Where(
                    "m.author IN (SELECT id FROM authors WHERE folded = ? OR (folded >= ? AND folded < ?))",
                    (key, key + "@", key + "A"),
                )
            case Name.LANG:
                key = fold(value)
                return Where(
                    "(fold(m.language) = ? OR substr(fold(m.language), 1, length(?)) = ?)", (key, key + "-", key + "-")
                )
            case Name.TAG:
                return self.tag(value.lower())
            case Name.NETWORK:
                return Where("a.network = ?", (value.lower(),))
            case Name.KIND:
                return Where(f"m.kind = '{Kind(value)}'" + ("" if value == Kind.POST else " AND m.kind <> 'post'"))
            case Name.VISIBILITY:
                return Where("m.visibility = ?", (value,))
            case Name.STATUS:
                return self.of_case("c.status = ?", value)
            case Name.OUTCOME:
                return Where("ifnull(c.outcome = ?, 0)", (value,))
            case Name.ISSUE:
                return self.of_case("CAST(c.issue AS TEXT) = ?", value)

    def tag(self, tag: str) -> Where:
        """A rare tag leads to its few cases; a common one is tested row by row in the page's order, without sorting."""
        if tag in self.common:
            case = "c.id" if self.queue else "m.case_id"
            return Where(f"EXISTS (SELECT 1 FROM case_tags AS t WHERE t.tag = ? AND t.case_id = {case})", (tag,))
        return self.within("SELECT case_id FROM case_tags WHERE tag = ?", tag)

    def within(self, cases: str, *values: str) -> Where:
        """Membership in a small set of cases, which the planner may start from."""
        if self.queue:
            return Where(f"c.id IN ({cases})", values)
        return Where(f"(m.case_id > 0 AND m.case_id IN ({cases}))", values)
