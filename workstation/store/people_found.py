"""Finding people: by handle, name or id, with how much of them is here; and the words that point to them."""

import sqlite3
from collections.abc import Iterable

import msgspec

from workstation.domain.filters import folded, handle_key
from workstation.domain.messages import Author
from workstation.domain.privacy import Hold, Known, Person, SeveralPeopleError, Stored, Term, TermKind
from workstation.domain.traces import Masker
from workstation.store import retention
from workstation.store.erasure import CHOSEN
from workstation.store.removal import Reached
from workstation.store.rows import author, json_text

_AUTHOR = "id, network, remote_id, handle, name, url, avatar_url, bot, followers"
COMMON = 20
"""Texts of others beyond which a name is taken for a common word, and one in so many of all:"""
SHARE = 500
_LEAST = 3
"""Characters of a name that is looked for without being asked for."""
_NUMBER = "person:"


def find(connection: sqlite3.Connection, text: str, limit: int = 100) -> tuple[Known, ...]:
    """People whose handle, name or address holds the text, those heard of last first; all for an empty text."""
    wanted = f"%{_escaped(folded(text.strip()).removeprefix('@'))}%"
    rows = connection.execute(
        f"SELECT {_AUTHOR} FROM authors AS a WHERE (a.folded LIKE ?1 ESCAPE '!' OR fold(a.name) LIKE ?1 ESCAPE '!'"
        " OR fold(a.url) LIKE ?1 ESCAPE '!') AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.author = a.id AND"
        " m.own) ORDER BY (SELECT max(created_at) FROM messages AS m WHERE m.author = a.id) DESC LIMIT ?2",
        (wanted, limit),
    ).fetchall()
    known: dict[tuple[Author, ...], Known] = {}
    for row in rows:
        person = of_author(connection, int(row[0]))
        if person is not None and person.authors not in known:
            known[person.authors] = _counted(connection, person)
    return tuple(known.values())


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _counted(connection: sqlite3.Connection, person: Person) -> Known:
    ids = json_text([each.id for each in person.authors])
    chosen = "IN (SELECT value FROM json_each(?))"
    messages, last = connection.execute(
        f"SELECT count(*), max(created_at) FROM messages WHERE author {chosen}", (ids,)
    ).fetchone()
    (cases,) = connection.execute(f"SELECT count(*) FROM cases WHERE customer {chosen}", (ids,)).fetchone()
    return Known(person, messages, cases, last or 0, hold_on(connection, person) is not None)


def of_author(connection: sqlite3.Connection, number: int) -> Person | None:
    """The person that an account belongs to, that account first."""
    rows = connection.execute(
        f"SELECT {_AUTHOR}, person FROM authors WHERE id = ?1 OR (person IS NOT NULL AND person ="
        " (SELECT person FROM authors WHERE id = ?1)) ORDER BY id <> ?1, id",
        (number,),
    ).fetchall()
    return Person(int(rows[0][9] or 0), tuple(author(row) for row in rows)) if rows else None


def named(connection: sqlite3.Connection, who: str) -> Person | None:
    """The person that a handle, our number of an account, or "person:N" names; SeveralPeopleError.

    A whole handle that no account here has is a person all the same: others may name it.
    """
    given = who.strip()
    if given.startswith(_NUMBER) and given.removeprefix(_NUMBER).isdecimal():
        query, value = "SELECT id FROM authors WHERE person = ? LIMIT 1", given.removeprefix(_NUMBER)
    elif given.isdecimal() and len(given) <= 18:
        query, value = "SELECT id FROM authors WHERE id = ?", given
    else:
        query, value = "SELECT id FROM authors WHERE folded = ?", handle_key(given)
    found = [of_author(connection, row[0]) for row in connection.execute(query, (value,)).fetchall()]
    if not found and "@" not in given.removeprefix("@"):
        rows = connection.execute(
            "SELECT id FROM authors WHERE folded LIKE ? ESCAPE '!' OR fold(name) = ?",
            (f"{_escaped(handle_key(given))}@%", folded(given)),
        ).fetchall()
        found = [of_author(connection, row[0]) for row in rows]
    people = {frozenset(each.id for each in person.authors): person for person in found if person is not None}
    if len(people) > 1:
        handles = ", ".join(person.handle for person in list(people.values())[:10])
        raise SeveralPeopleError(who=who, handles=handles)
    if people:
        return next(iter(people.values()))
    return Person(0, (), handle_key(given)) if "@" in given.removeprefix("@") and " " not in given else None


def is_ours(connection: sqlite3.Connection, person: Person) -> bool:
    """Whether one of the accounts wrote as the desk."""
    ids = json_text([each.id for each in person.authors])
    query = "SELECT 1 FROM messages WHERE author IN (SELECT value FROM json_each(?)) AND own LIMIT 1"
    return connection.execute(query, (ids,)).fetchone() is not None


def hold_on(connection: sqlite3.Connection, person: Person) -> Hold | None:
    """The legal hold that stands against erasing a person: on one of the accounts, or on one of the cases."""
    ids = {each.id for each in person.authors}
    cases = {
        row[0]
        for row in connection.execute(
            "SELECT id FROM cases WHERE customer IN (SELECT value FROM json_each(?))", (json_text(sorted(ids)),)
        )
    }
    return next((hold for hold in retention.holds(connection) if hold.author in ids or hold.case in cases), None)


def terms(connection: sqlite3.Connection, person: Person, also: Iterable[str] = ()) -> tuple[Term, ...]:
    """What points to a person, not yet counted: handles, addresses, names, and what was given besides."""
    found: dict[tuple[str, TermKind], Term] = {}

    def add(text: str, kind: TermKind) -> None:
        if text.strip():
            found.setdefault((folded(text), kind), Term(text.strip(), kind))

    for each in person.authors or (Author("", "", person.name, ""),):
        handle = each.handle.removeprefix("@")
        local = handle.partition("@")[0]
        add(handle, TermKind.HANDLE)
        if each.remote_id and not each.remote_id.isdecimal():
            add(each.remote_id, TermKind.HANDLE)
        add(local, TermKind.LOCAL)
        add(each.url, TermKind.ADDRESS)
        add(each.avatar_url, TermKind.ADDRESS)
        for name in (each.name, local):
            if len(name.strip()) >= _LEAST and any(char.isalpha() for char in name):
                add(name, TermKind.WORD)
    for text in also:
        add(text, TermKind.WORD)
    return tuple(found.values())


def counted(
    found: tuple[Term, ...], seen: Iterable[str], messages: int, also: frozenset[str], ours: frozenset[str]
) -> tuple[Term, ...]:
    """The terms with the number of texts each is in; a common word is not masked unless it was asked for."""
    maskers = [Masker((term,)) for term in found]
    hits = [0] * len(found)
    for text in seen:
        for at, masker in enumerate(maskers):
            hits[at] += masker.found_in(text)
    most = COMMON + messages // SHARE
    return tuple(
        msgspec.structs.replace(term, hits=count, on=_is_on(term, count, most, also, ours))
        for term, count in zip(found, hits, strict=True)
    )


def _is_on(term: Term, hits: int, most: int, also: frozenset[str], ours: frozenset[str]) -> bool:
    if term.kind is not TermKind.WORD or term.text in also:
        return True
    if folded(term.text) in ours:
        return False
    return hits <= most or len(term.text.split()) > 1


def our_words(connection: sqlite3.Connection) -> frozenset[str]:
    """Words that the desk is called by: they point to nobody else."""
    rows = connection.execute(
        "SELECT name FROM channels UNION SELECT user FROM channels UNION SELECT name FROM authors WHERE id IN"
        " (SELECT DISTINCT author FROM messages WHERE own)"
    )
    return frozenset(folded(part) for (name,) in rows for part in (name, *name.replace("@", " ").split()) if part)


def places(connection: sqlite3.Connection, reached: Reached, named: int) -> tuple[Stored, ...]:
    """How much of a person is in each place of the database; `named` texts of others and of ours name them."""
    messages, cases = json_text(reached.messages), json_text(reached.cases)
    chosen = CHOSEN

    def count(query: str, *values: str) -> int:
        return int(connection.execute(query, values).fetchone()[0])

    keys = json_text([*(f"case:{each}" for each in reached.cases), *(f"reply:{each}" for each in reached.messages)])
    counts = {
        "accounts": len(reached.authors),
        "messages": len(reached.written),
        "answers": len(set(reached.answers) - set(reached.written)),
        "shared": len(reached.shared),
        "revisions": count(f"SELECT count(*) FROM revisions WHERE message {chosen}", messages),
        "cases": len(reached.cases),
        "notes": count(f"SELECT count(*) FROM notes WHERE case_id {chosen}", cases),
        "drafts": count(f"SELECT count(*) FROM drafts WHERE key {chosen}", keys),
        "outbox": count(f"SELECT count(*) FROM outbox WHERE case_id {chosen} AND case_id > 0", cases),
        "unsent": count(
            f"SELECT count(*) FROM outbox WHERE case_id {chosen} AND case_id > 0"
            " AND state IN ('queued', 'failed', 'unknown')",
            cases,
        ),
        "evidence": count(
            f"SELECT count(*) FROM evidence WHERE body <> '' AND (author {chosen} OR case_id {chosen})",
            json_text(reached.authors),
            cases,
        ),
        "mentions": named,
    }
    return tuple(Stored(place, number) for place, number in counts.items())
