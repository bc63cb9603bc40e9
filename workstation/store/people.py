"""People: accounts that are one human, linked and split again, and which accounts may belong together."""

import sqlite3
from collections.abc import Callable, Iterable

from workstation.domain.changes import ChangeSet
from workstation.domain.errors import NotFoundError, StaleError
from workstation.domain.filters import handle_key
from workstation.domain.messages import Author, Micros
from workstation.domain.people import Moved, Sign, Suggestion, local_name, mails, sites
from workstation.store import changelog
from workstation.store.database import Database, Transaction
from workstation.store.rows import author, json_text

AUTHOR = "a.id, a.network, a.remote_id, a.handle, a.name, a.url, a.avatar_url, a.bot, a.followers"
SUGGESTED = 12
_READ = 200
"""Messages of an account that are looked through for addresses."""
_FOUND = 100
"""Messages that are looked at for one address."""
_SHARED = 3
"""A website that more accounts than this name is nobody's own."""
_TOLD = 200
"""Cases that are told of a change; what is open shows it at once, the rest when it is opened."""


class People:
    """Everything about people; see the module's text."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    async def accounts(self, account: int) -> tuple[Author, ...]:
        """All accounts of the human behind one, that one first; empty for one that is not known."""
        return await self._database.read(lambda c: _accounts(c, account))

    async def find(self, words: str, limit: int = 50) -> tuple[Author, ...]:
        """Accounts whose handle begins with `words`."""
        key = handle_key(words.strip())

        def job(connection: sqlite3.Connection) -> tuple[Author, ...]:
            rows = connection.execute(
                f"SELECT {AUTHOR} FROM authors AS a WHERE a.folded >= ? AND a.folded < ? ORDER BY a.folded LIMIT ?",
                (key, key + "\U0010ffff", limit),
            )
            return tuple(author(row) for row in rows) if key else ()

        return await self._database.read(job)

    async def suggestions(self, account: int) -> tuple[Suggestion, ...]:
        """Accounts that may be the same human, those with most reasons first; what was denied is left out."""
        return await self._database.read(lambda c: _suggestions(c, account), lane="search")

    async def link(self, one: int, other: int) -> tuple[ChangeSet, Moved]:
        """Make the people behind two accounts one; all their accounts come along."""

        def job(transaction: Transaction) -> tuple[ChangeSet, Moved]:
            connection, now = transaction.connection, self._clock()
            before = _persons(connection, (one, other))
            if len(before) < len({one, other}):
                raise NotFoundError(what="account")
            first, second = before[one], before[other]
            person = first or second or _new_person(connection, now)
            changed = {one, other}
            if first and second and first != second:
                changed.update(_members(connection, second))
            moved = _moved(connection, dict.fromkeys(changed, person))
            return self._told(transaction, moved, now), moved

        return await self._database.write(job)

    async def split(self, account: int) -> tuple[ChangeSet, Moved]:
        """Make an account a human of its own again; one that is left alone is no person either."""

        def job(transaction: Transaction) -> tuple[ChangeSet, Moved]:
            connection, now = transaction.connection, self._clock()
            before = _persons(connection, (account,))
            if not before.get(account):
                raise NotFoundError(what="account")
            left = [member for member in _members(connection, before[account]) if member != account]
            # All of them, those who stay too: taken back, the account joins the same people or none.
            after = dict.fromkeys(left, 0 if len(left) == 1 else before[account])
            moved = _moved(connection, {account: 0, **after})
            return self._told(transaction, moved, now), moved

        return await self._database.write(job)

    async def restore(self, moved: Moved) -> tuple[ChangeSet, Moved]:
        """Take a link or a split back; StaleError where one of the accounts was moved since."""

        def job(transaction: Transaction) -> tuple[ChangeSet, Moved]:
            connection = transaction.connection
            if _persons(connection, [number for number, _person in moved.after]) != dict(moved.after):
                raise StaleError
            back = _moved(connection, dict(moved.before))
            return self._told(transaction, back, self._clock()), back

        return await self._database.write(job)

    async def deny(self, one: int, other: int, *, denied: bool = True) -> None:
        """Remember that two accounts are not the same human, or forget it."""
        low, high = sorted((one, other))

        def job(transaction: Transaction) -> None:
            if denied:
                transaction.connection.execute("INSERT OR IGNORE INTO not_same (one, other) VALUES (?, ?)", (low, high))
            else:
                transaction.connection.execute("DELETE FROM not_same WHERE one = ? AND other = ?", (low, high))

        await self._database.write(job)

    def _told(self, transaction: Transaction, moved: Moved, now: Micros) -> ChangeSet:
        accounts = sorted({number for number, _person in (*moved.before, *moved.after)})
        rows = transaction.connection.execute(
            "SELECT c.id FROM json_each(?) AS j CROSS JOIN cases AS c ON c.customer = j.value"
            " ORDER BY c.inbound_at DESC LIMIT ?",
            (json_text(accounts), _TOLD),
        )
        return changelog.publish(transaction, now, cases=[row[0] for row in rows])


def _new_person(connection: sqlite3.Connection, now: Micros) -> int:
    return connection.execute("INSERT INTO people (created_at) VALUES (?)", (now,)).lastrowid or 0


def _persons(connection: sqlite3.Connection, accounts: Iterable[int]) -> dict[int, int]:
    """The person of each account that is known, 0 for none."""
    rows = connection.execute(
        "SELECT a.id, ifnull(a.person, 0) FROM json_each(?) AS j CROSS JOIN authors AS a ON a.id = j.value",
        (json_text(sorted(set(accounts))),),
    )
    return {number: person for number, person in rows}  # noqa: C416 - a row is no pair to mypy


def _members(connection: sqlite3.Connection, person: int) -> list[int]:
    rows = connection.execute("SELECT id FROM authors WHERE person IS NOT NULL AND person = ? ORDER BY id", (person,))
    return [row[0] for row in rows]


def _moved(connection: sqlite3.Connection, persons: dict[int, int]) -> Moved:
    """Put accounts to persons and say what was changed."""
    before = _persons(connection, persons)
    connection.executemany(
        "UPDATE authors SET person = ? WHERE id = ?", [(person or None, number) for number, person in persons.items()]
    )
    return Moved(tuple(sorted(before.items())), tuple(sorted(persons.items())))


def _accounts(connection: sqlite3.Connection, account: int) -> tuple[Author, ...]:
    rows = connection.execute(
        f"SELECT {AUTHOR} FROM authors AS a WHERE a.id = ?1 OR (a.person IS NOT NULL AND a.person ="
        " (SELECT person FROM authors WHERE id = ?1)) ORDER BY a.id <> ?1, a.id",
        (account,),
    )
    return tuple(author(row) for row in rows)


def _suggestions(connection: sqlite3.Connection, account: int) -> tuple[Suggestion, ...]:
    ours = _accounts(connection, account)
    if not ours:
        return ()
    known = {each.id for each in ours}
    signs: dict[int, set[Sign]] = {}
    for number in _namesakes(connection, ours):
        signs.setdefault(number, set()).add(Sign.HANDLE)
    texts = _texts(connection, known)
    own_mails = mails([*texts, *(each.handle for each in ours)])
    for number in _by_mail(connection, own_mails):
        signs.setdefault(number, set()).add(Sign.MAIL)
    for number in _by_site(connection, sites(texts), known):
        signs.setdefault(number, set()).add(Sign.WEBSITE)
    left_out = known | _denied(connection, known)
    others = [number for number in signs.keys() - left_out if not _is_ours(connection, number)]
    wanted = sorted(others, key=lambda number: (-len(signs[number]), number))[:SUGGESTED]
    return tuple(Suggestion(each, tuple(sorted(signs[each.id]))) for each in _authors(connection, wanted))


def _namesakes(connection: sqlite3.Connection, ours: tuple[Author, ...]) -> set[int]:
    """Accounts of the same name elsewhere."""
    found: set[int] = set()
    for name in {local_name(each.handle) for each in ours} - {""}:
        # "A" comes right after "@": the range holds every address with this local part.
        rows = connection.execute(
            "SELECT id FROM authors WHERE folded = ? OR (folded >= ? AND folded < ?) LIMIT ?",
            (name, name + "@", name + "A", _FOUND),
        )
        found.update(row[0] for row in rows)
    return found


def _texts(connection: sqlite3.Connection, accounts: set[int]) -> list[str]:
    found: list[str] = []
    for account in sorted(accounts):
        rows = connection.execute(
            "SELECT text FROM messages WHERE author = ? AND own = 0 ORDER BY created_at DESC, id DESC LIMIT ?",
            (account, _READ),
        )
        found += [row[0] for row in rows]
    return found


def _by_mail(connection: sqlite3.Connection, addresses: frozenset[str]) -> set[int]:
    """Accounts that are, or name, one of these mail addresses."""
    found: set[int] = set()
    for address in sorted(addresses)[:SUGGESTED]:
        rows = connection.execute("SELECT id FROM authors WHERE folded = ?", (address,))
        found.update(row[0] for row in rows)
        found.update(writer for writer, text in _naming(connection, address) if address in mails([text]))
    return found


def _by_site(connection: sqlite3.Connection, hosts: frozenset[str], known: set[int]) -> set[int]:
    """Accounts that name a website which hardly anybody else names."""
    found: set[int] = set()
    for host in sorted(hosts)[:SUGGESTED]:
        writers = {writer for writer, text in _naming(connection, host) if host in sites([text])} - known
        if len(writers) < _SHARED:
            found |= writers
    return found


def _naming(connection: sqlite3.Connection, address: str) -> list[tuple[int, str]]:
    """Who wrote a text that names an address, by the search index: its parts follow each other."""
    words = "".join(character if character.isalnum() else " " for character in address).strip()
    if not words:
        return []
    rows = connection.execute(
        "SELECT m.author, m.text FROM (SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?) AS s"
        " CROSS JOIN messages AS m ON m.id = s.rowid WHERE m.own = 0",
        (f'"{words}"', _FOUND),
    )
    return rows.fetchall()


def _denied(connection: sqlite3.Connection, accounts: set[int]) -> set[int]:
    rows = connection.execute(
        "SELECT n.one, n.other FROM json_each(?) AS j CROSS JOIN not_same AS n ON n.one = j.value OR n.other = j.value",
        (json_text(sorted(accounts)),),
    )
    return {number for pair in rows for number in pair}


def _is_ours(connection: sqlite3.Connection, account: int) -> bool:
    """Whether an account writes for us: nobody is the same human as the desk."""
    row = connection.execute("SELECT own FROM messages WHERE author = ? LIMIT 1", (account,)).fetchone()
    return row is not None and bool(row[0])


def _authors(connection: sqlite3.Connection, numbers: list[int]) -> tuple[Author, ...]:
    rows = connection.execute(
        f"SELECT {AUTHOR} FROM json_each(?) AS j CROSS JOIN authors AS a ON a.id = j.value ORDER BY j.key",
        (json_text(numbers),),
    )
    return tuple(author(row) for row in rows)
