"""What an account does with a status of somebody: favour, keep, pin, silence its thread."""

from workstation.practice.model import Account, Status
from workstation.practice.network import Network

PINS = 5


class ReactionRefusedError(Exception):
    """The network's rules forbid this reaction."""


def favourite(network: Network, account: Account, status: Status) -> None:
    """Favour a status and tell its author, once."""
    if account.id in (status.favourited_by or ()):
        return
    status.favourited_by = {*(status.favourited_by or ()), account.id}
    if account.id in network.boxes:
        network.boxes[account.id].favourites[status.id] = network.clock.now_ms()
    network.delivery.notify(status.account, "favourite", account, status)


def unfavourite(network: Network, account: Account, status: Status) -> None:
    """Take it back."""
    status.favourited_by = {item for item in status.favourited_by or () if item != account.id}
    if account.id in network.boxes:
        network.boxes[account.id].favourites.pop(status.id, None)


def bookmark(network: Network, account: Account, status: Status) -> None:
    """Keep a status for oneself."""
    network.mailbox(account).bookmarks[status.id] = network.clock.now_ms()


def unbookmark(network: Network, account: Account, status: Status) -> None:
    """Take it back."""
    network.mailbox(account).bookmarks.pop(status.id, None)


def pin(_network: Network, account: Account, status: Status) -> None:
    """Show an own status first on one's page."""
    if status.account is not account:
        raise ReactionRefusedError("Someone else's post cannot be pinned")
    if status.id not in account.pinned:
        if len(account.pinned) >= PINS:
            raise ReactionRefusedError("You have already pinned the maximum number of posts")
        account.pinned.append(status.id)


def unpin(_network: Network, account: Account, status: Status) -> None:
    """Take it back."""
    if status.account is account and status.id in account.pinned:
        account.pinned.remove(status.id)


def mute_thread(network: Network, account: Account, status: Status) -> None:
    """Hear no more of a thread."""
    network.mailbox(account).muted_threads.add(status.root)


def unmute_thread(network: Network, account: Account, status: Status) -> None:
    """Take it back."""
    network.mailbox(account).muted_threads.discard(status.root)
