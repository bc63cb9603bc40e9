"""What an account has seen lately: which id a mail goes by, its thread, where it lies. Bounded; loss costs a search."""

from collections import OrderedDict
from hashlib import blake2b
from typing import TypeVar

import msgspec

from workstation.connectors.email.mime.mail import Mail

SEEN = 20_000
"""Of each kind that are remembered."""
LONGEST = 250
HASHED = "hash:"
MARK = " #"
"""No Message-ID has a space in it."""
V = TypeVar("V")


class Spot(msgspec.Struct, frozen=True):
    """Where a mail lies: a folder, the folder's validity, its number there."""

    folder: str
    validity: int
    uid: int


class Directory:
    """See the module."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, str] = OrderedDict()
        self._marks: OrderedDict[str, str] = OrderedDict()
        self._branches: OrderedDict[str, str] = OrderedDict()
        self._subjects: OrderedDict[str, str] = OrderedDict()
        self._spots: OrderedDict[str, Spot] = OrderedDict()

    def identify(self, mail: Mail) -> str:
        """The remote id of a mail: its Message-ID, so that it is the same in every folder.

        Where it has none, or another mail already goes by it, it is told apart by a hash of what it says.
        """
        known = self._ids.get(mail.fingerprint)
        if known is not None:
            return known
        made = plain_id(mail)
        holder = self._marks.get(made)
        if holder is not None and holder != mail.fingerprint:
            made = f"{made}{MARK}{mail.fingerprint[:12]}"
        self.learn(mail.fingerprint, made)
        return made

    def learn(self, fingerprint: str, remote_id: str) -> None:
        """A mail that says this goes by this id."""
        _keep(self._ids, fingerprint, remote_id)
        if remote_id not in self._marks:
            _keep(self._marks, remote_id, fingerprint)

    def file(self, remote_id: str, branch: str) -> None:
        """A mail belongs to this thread."""
        _keep(self._branches, remote_id, branch)

    def branch(self, remote_id: str) -> str:
        """The thread of a mail, or empty."""
        return self._branches.get(remote_id, "")

    def talk(self, key: str, branch: str) -> None:
        """The latest thread with these people about this subject."""
        _keep(self._subjects, key, branch)

    def talked(self, key: str) -> str:
        """That thread, or empty."""
        return self._subjects.get(key, "")

    def place(self, remote_id: str, spot: Spot) -> None:
        """A mail lies here now."""
        _keep(self._spots, remote_id, spot)

    def spot(self, remote_id: str) -> Spot | None:
        """Where a mail lay when it was last seen."""
        return self._spots.get(remote_id)

    def leave(self, remote_id: str, folder: str) -> None:
        """A mail is no longer in this folder."""
        spot = self._spots.get(remote_id)
        if spot is not None and spot.folder == folder:
            del self._spots[remote_id]


def plain_id(mail: Mail) -> str:
    """The id that a mail names itself by."""
    if not mail.message_id:
        return f"{HASHED}{mail.fingerprint}"
    return id_of(mail.message_id)


def id_of(message_id: str) -> str:
    """The remote id of the mail with this Message-ID: the same text, unless it is too long or looks like ours."""
    if len(message_id) > LONGEST or message_id.startswith(HASHED):
        return f"{HASHED}{blake2b(message_id.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"
    return message_id


def searchable(remote_id: str) -> str:
    """The Message-ID to search a server for; empty where the id is only a hash."""
    return "" if remote_id.startswith(HASHED) else remote_id.partition(MARK)[0]


def _keep(kept: OrderedDict[str, V], key: str, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > SEEN:
        kept.popitem(last=False)
