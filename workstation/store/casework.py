"""Cases as messages move them: opening, reopening, answering; one object per transaction, written at its end."""

import hashlib
import sqlite3

import msgspec

from workstation.domain.cases import Case, Holder, Status, after_inbound, after_reply, starts_new_episode
from workstation.domain.messages import OPENS_CASE, Micros
from workstation.domain.outbox import HOLDING
from workstation.store.rows import case_by_id, json_text


class Inbound(msgspec.Struct, frozen=True):
    """A stored message of a customer, as far as its case is concerned."""

    id: int
    channel: int
    remote_id: str
    branch: str
    author: int
    at: Micros
    language: str
    address: str


class Outbound(msgspec.Struct, frozen=True):
    """A stored message of our own account, as far as its case is concerned."""

    id: int
    channel: int
    remote_id: str
    branch: str
    reply_to: str
    at: Micros
    mentions: tuple[str, ...]


class Casework:
    """The cases that one transaction touches, each read once and written once."""

    def __init__(self, connection: sqlite3.Connection, now: Micros) -> None:
        self._connection = connection
        self._now = now
        self._cases: dict[int, Case] = {}
        self._faces: dict[int, int] = {}
        self.changed: set[int] = set()
        self.attached: set[int] = set()
        """Messages whose case was set."""
        self.requests: list[tuple[int, Micros]] = []
        """Channel and time of every new episode."""

    def case(self, number: int) -> Case | None:
        """A case as it is in this transaction."""
        if number not in self._cases:
            found = case_by_id(self._connection, number)
            if found is None:
                return None
            self._cases[number] = found
        return self._cases[number]

    def put(self, changed: Case, what: str, detail: dict[str, str] | None = None) -> None:
        """Remember the case as changed, with a line for its timeline."""
        self._cases[changed.id] = changed
        self.changed.add(changed.id)
        self._connection.execute(
            "INSERT INTO audits (case_id, at, what, detail) VALUES (?, ?, ?, ?)",
            (changed.id, self._now, what, json_text(detail or {})),
        )

    def latest(self, channel: int, branch: str, customer: int) -> Case | None:
        """The latest episode of that customer on that branch."""
        row = self._connection.execute(
            "SELECT id FROM cases WHERE channel = ? AND branch = ? AND customer = ? ORDER BY episode DESC LIMIT 1",
            (channel, branch, customer),
        ).fetchone()
        return None if row is None else self.case(row[0])

    def inbound(self, message: Inbound) -> None:
        """The customer wrote what opens a case: open, reopen or go on with one."""
        found = self.latest(message.channel, message.branch, message.author)
        if found is None and (twin := self._seen_elsewhere(message)):
            self.attach(message.id, twin)
            return
        if found is None or starts_new_episode(found, message.at):
            opened = self._open(message, 1 if found is None else found.episode + 1)
        else:
            if message.at >= found.inbound_at:
                self._faces[found.id] = message.id
            opened = after_inbound(found, message.at)
            if message.language and message.at >= found.inbound_at:
                opened = msgspec.structs.replace(opened, language=message.language)
            self.put(opened, "reopened" if found.status is Status.SOLVED else "inbound")
        self.attach(message.id, opened.id)
        self._answers_found_before(message, opened.id)

    def open_by_hand(self, message: Inbound) -> Case:
        """A case for a message that opens none by itself, because an agent took it up."""
        found = self.latest(message.channel, message.branch, message.author)
        if found is None or found.status is Status.SOLVED:
            found = self._open(message, 1 if found is None else found.episode + 1)
        self.attach(message.id, found.id)
        return found

    def outbound(self, message: Outbound) -> None:
        """Our account wrote: join the case it belongs to, and count it if it answers the customer."""
        sent = self._connection.execute(
            "SELECT case_id FROM outbox WHERE channel = ? AND remote_id = ? AND remote_id <> '' AND case_id > 0",
            (message.channel, message.remote_id),
        ).fetchone()
        if sent is not None:
            self.attach(message.id, sent[0])  # the outbox counted it
            return
        parent = self._connection.execute(
            "SELECT case_id, author, own FROM messages WHERE channel = ? AND remote_id = ?",
            (message.channel, message.reply_to),
        ).fetchone()
        if parent is not None and parent[0]:
            answered = self.case(parent[0])
            if answered is not None:
                self.attach(message.id, answered.id)
                if not parent[2] and parent[1] == answered.customer and not self._is_holding(answered.id):
                    self.replied(answered.id, message.at)
            return
        if parent is None and message.branch != message.remote_id:
            self._answer_on_branch(message)

    def _is_holding(self, number: int) -> bool:
        """Whether what was seen may be a holding reply that is on its way: it is no answer."""
        query = (
            "SELECT 1 FROM outbox WHERE case_id = ? AND case_id > 0 AND state IN ('sending', 'unknown')"
            " AND options LIKE ?"
        )
        return self._connection.execute(query, (number, f'%"{HOLDING}"%')).fetchone() is not None

    def replied(self, number: int, at: Micros) -> None:
        """Our answer of that time is out there; an answer counted before changes nothing."""
        answered = self.case(number)
        if answered is None or at <= answered.answered_at:
            return
        after = after_reply(answered, at)
        if at < answered.inbound_at:
            after = msgspec.structs.replace(after, waiting_since=self._first_after(number, at) or after.waiting_since)
        self.put(after, "replied")

    def _first_after(self, number: int, at: Micros) -> Micros:
        """The customer's first message after that time: since then they wait; 0 for none."""
        kinds = ", ".join(f"'{kind}'" for kind in sorted(OPENS_CASE))
        row = self._connection.execute(
            "SELECT min(created_at) FROM messages WHERE case_id = ? AND case_id > 0 AND created_at > ? AND own = 0"
            f" AND kind IN ({kinds})",
            (number, at),
        ).fetchone()
        return int(row[0] or 0)

    def join(self, message: int, channel: int, branch: str, customer: int) -> None:
        """A customer's message that opens no case joins the one it continues, if there is one."""
        found = self.latest(channel, branch, customer)
        if found is not None:
            self.attach(message, found.id)

    def attach(self, message: int, number: int) -> None:
        """Make the message part of the case."""
        self._connection.execute("UPDATE messages SET case_id = ? WHERE id = ?", (number, message))
        self.attached.add(message)
        self.changed.add(number)

    def flush(self) -> None:
        """Write what changed."""
        for number in self.changed:
            changed = self.case(number)
            if changed is not None:
                save(self._connection, changed)
        self._connection.executemany(
            "UPDATE cases SET face = ? WHERE id = ?", [(face, number) for number, face in self._faces.items()]
        )

    def _open(self, message: Inbound, episode: int) -> Case:
        opened = Case(
            0,
            message.channel,
            message.branch,
            message.author,
            episode,
            opened_at=message.at,
            inbound_at=message.at,
            waiting_since=message.at,
            language=message.language,
        )
        number = insert(self._connection, opened, message.id)
        opened = msgspec.structs.replace(opened, id=number)
        self.requests.append((message.channel, message.at))
        self.put(opened, "opened")
        return opened

    def _seen_elsewhere(self, message: Inbound) -> int:
        """The case of the same post seen through another account; 0 for none."""
        if not message.address:
            return 0
        row = self._connection.execute(
            "SELECT case_id FROM messages WHERE address = ? AND address <> '' AND case_id > 0 AND channel <> ? LIMIT 1",
            (message.address, message.channel),
        ).fetchone()
        return 0 if row is None else int(row[0])

    def _answers_found_before(self, message: Inbound, number: int) -> None:
        """Our answers may have been read before what they answer: a thread or another source brought them."""
        for answer, at in self._connection.execute(
            "SELECT id, created_at FROM messages WHERE channel = ? AND reply_to = ? AND reply_to <> '' AND own = 1"
            " AND case_id = 0",
            (message.channel, message.remote_id),
        ).fetchall():
            self.attach(answer, number)
            self.replied(number, at)

    def _answer_on_branch(self, message: Outbound) -> None:
        """Our answer to a message that is not here: its branch tells the case, if it has only one customer."""
        rows = self._connection.execute(
            "SELECT max(c.id), a.handle FROM cases AS c JOIN authors AS a ON a.id = c.customer"
            " WHERE c.channel = ? AND c.branch = ? GROUP BY c.customer LIMIT 2",
            (message.channel, message.branch),
        ).fetchall()
        if len(rows) == 1:
            number, handle = rows[0]
            self.attach(message.id, number)
            if handle in message.mentions:
                self.replied(number, message.at)


def insert(connection: sqlite3.Connection, new: Case, face: int) -> int:
    """Write a new case and return its id."""
    row = connection.execute(
        "INSERT INTO cases (channel, branch, customer, episode, status, outcome, holder, tags, opened_at, inbound_at,"
        " waiting_since, replied_at, answered_at, solved_at, snoozed_until, due_at, priority, language, notes,"
        " version, issue, escalated_at, face)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*_values(new), face),
    )
    return row.lastrowid or 0


def _values(new: Case) -> tuple[object, ...]:
    return (
        new.channel, new.branch, new.customer, new.episode, new.status, new.outcome, new.holder, json_text(new.tags),
        new.opened_at, new.inbound_at, new.waiting_since, new.replied_at, new.answered_at, new.solved_at,
        new.snoozed_until, new.due_at, new.priority, new.language, new.notes, new.version, new.issue,
        new.escalated_at,
    )  # fmt: skip


def save(connection: sqlite3.Connection, changed: Case) -> None:
    """Write a case's fields and its tags."""
    connection.execute(
        "UPDATE cases SET channel = ?, branch = ?, customer = ?, episode = ?, status = ?, outcome = ?, holder = ?,"
        " tags = ?, opened_at = ?, inbound_at = ?, waiting_since = ?, replied_at = ?, answered_at = ?, solved_at = ?,"
        " snoozed_until = ?, due_at = ?, priority = ?, language = ?, notes = ?, version = ?, issue = ?,"
        " escalated_at = ? WHERE id = ?",
        (*_values(changed), changed.id),
    )
    stored = {row[0] for row in connection.execute("SELECT tag FROM case_tags WHERE case_id = ?", (changed.id,))}
    tags = set(changed.tags)
    if stored != tags:
        connection.executemany(
            "DELETE FROM case_tags WHERE tag = ? AND case_id = ?", [(tag, changed.id) for tag in stored - tags]
        )
        connection.executemany(
            "INSERT INTO case_tags (tag, case_id) VALUES (?, ?)", [(tag, changed.id) for tag in sorted(tags - stored)]
        )
    if changed.holder is Holder.FREE:
        connection.execute("DELETE FROM claims WHERE case_id = ?", (changed.id,))


def keep_claim(connection: sqlite3.Connection, number: int, token: str) -> None:
    """Hold a case with a token; the hash is what a team's store would see, the token stays on this desk."""
    connection.execute(
        "INSERT INTO claims (case_id, hash, token, lease_until) VALUES (?, ?, ?, 0)"
        " ON CONFLICT (case_id) DO UPDATE SET hash = excluded.hash, token = excluded.token",
        (number, hashlib.sha256(token.encode()).digest(), token),
    )


def claim_token(connection: sqlite3.Connection, number: int) -> str:
    """This desk's token of a case; empty if it holds none."""
    row = connection.execute("SELECT token FROM claims WHERE case_id = ?", (number,)).fetchone()
    return "" if row is None else str(row[0])
