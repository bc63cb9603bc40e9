"""Following, muting, blocking: what one account thinks of another."""

from typing import Any

from workstation.practice.clock import iso
from workstation.practice.model import Account, Mailbox
from workstation.practice.network import Network

Json = dict[str, Any]


def relationship(network: Network, box: Mailbox, other: Account) -> Json:
    """Return a Relationship of the mailbox's owner to somebody."""
    relations = box.relations
    muting = network.delivery.hides(box, other.id) and other.id in relations.muting
    until = relations.muting.get(other.id)
    following = other.id in relations.following
    return {
        "id": str(other.id),
        "following": following,
        "showing_reblogs": following and other.id not in relations.hiding_reblogs,
        "notifying": other.id in relations.notifying,
        "languages": None,
        "followed_by": other.id in relations.followed_by,
        "blocking": other.id in relations.blocking,
        "blocked_by": False,
        "muting": muting,
        "muting_notifications": other.id in relations.muting_notifications,
        "muting_expires_at": iso(until) if muting and until else None,
        "requested": False,
        "requested_by": False,
        "domain_blocking": bool(other.domain) and other.domain in relations.blocked_domains,
        "endorsed": other.id in relations.endorsed,
        "note": relations.notes.get(other.id, ""),
    }


def follow(network: Network, box: Mailbox, other: Account, *, reblogs: bool = True, notify: bool = False) -> None:
    """Follow somebody, or change how."""
    relations = box.relations
    if other.id not in relations.following:
        relations.following.add(other.id)
        box.account.following += 1
        other.followers += 1
        network.touch(box.account)
        network.touch(other)
        network.delivery.notify(other, "follow", box.account)
        if other.id in network.boxes:
            network.boxes[other.id].relations.followed_by.add(box.account.id)
    (relations.hiding_reblogs.discard if reblogs else relations.hiding_reblogs.add)(other.id)
    (relations.notifying.add if notify else relations.notifying.discard)(other.id)


def unfollow(network: Network, box: Mailbox, other: Account) -> None:
    """Follow somebody no more."""
    if other.id in box.relations.following:
        box.relations.following.discard(other.id)
        box.relations.notifying.discard(other.id)
        box.account.following -= 1
        other.followers -= 1
        network.touch(box.account)
        network.touch(other)
        if other.id in network.boxes:
            network.boxes[other.id].relations.followed_by.discard(box.account.id)


def follower(network: Network, box: Mailbox, other: Account) -> None:
    """Let somebody follow the mailbox's owner, who is told."""
    if other.id not in box.relations.followed_by:
        box.relations.followed_by.add(other.id)
        box.account.followers += 1
        other.following += 1
        network.touch(box.account)
        network.touch(other)
        network.delivery.notify(box.account, "follow", other)


def remove_follower(network: Network, box: Mailbox, other: Account) -> None:
    """Make somebody follow no more."""
    if other.id in box.relations.followed_by:
        box.relations.followed_by.discard(other.id)
        box.account.followers -= 1
        network.touch(box.account)


def mute(network: Network, box: Mailbox, other: Account, *, notifications: bool = True, seconds: int = 0) -> None:
    """See somebody no more, for some seconds or for good (0)."""
    until = network.clock.now_ms() + seconds * 1000 if seconds > 0 else None
    box.relations.muting[other.id] = until
    hidden = box.relations.muting_notifications
    (hidden.add if notifications else hidden.discard)(other.id)


def unmute(_network: Network, box: Mailbox, other: Account) -> None:
    """Take it back."""
    box.relations.muting.pop(other.id, None)
    box.relations.muting_notifications.discard(other.id)


def block(network: Network, box: Mailbox, other: Account) -> None:
    """Have nothing to do with somebody; ends following in both directions."""
    unfollow(network, box, other)
    remove_follower(network, box, other)
    box.relations.blocking.add(other.id)


def unblock(_network: Network, box: Mailbox, other: Account) -> None:
    """Take it back."""
    box.relations.blocking.discard(other.id)
