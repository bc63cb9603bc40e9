"""Delivery: which streams, homes, lists, notifications and conversations a change reaches."""

from typing import TYPE_CHECKING

import msgspec

from workstation.practice.frames import Channel
from workstation.practice.model import Account, Conversation, Mailbox, Notification, Report, Status

if TYPE_CHECKING:
    from workstation.practice.network import Network

NOTIFICATIONS_KEPT = 20_000


class Delivery:
    """Carries new, changed and deleted statuses to everybody they concern."""

    def __init__(self, network: "Network") -> None:
        self._network = network
        self._last_notification = 0
        self._last_conversation = 0

    def new_status(self, status: Status) -> None:
        """Deliver a status to homes, lists and streams, and notify whom it mentions or answers."""
        network = self._network
        channels = self._public_channels(status) + self._home_channels(status, remember=True)
        shown: msgspec.Raw | None = None
        if network.hub.listening:  # encoded once for the streams and for every notification that shows it
            shown = msgspec.Raw(msgspec.json.encode(network.render.status(status)))
            network.announce(channels, "update", shown, status.account.id)
        if status.reblog_of is not None:
            self.notify(status.reblog_of.account, "reblog", status.account, status.reblog_of)
            return
        for account in status.mentions:
            if account is not status.account:
                self.notify(account, "mention", status.account, status, shown=shown)
        if status.visibility == "direct":
            self._converse(status)
        for box in network.boxes.values():
            if status.account.id in box.relations.notifying and status.in_reply_to is None:
                self.notify(box.account, "status", status.account, status)

    def changed_status(self, status: Status) -> None:
        """Tell of an edit, those too who had favoured or boosted the status."""
        network = self._network
        channels = self._public_channels(status) + self._home_channels(status, remember=False)
        channels += [("user", str(account.id)) for account in status.mentions if account.id in network.boxes]
        if network.hub.listening:
            network.announce(list(dict.fromkeys(channels)), "status.update", network.render.status(status))
        for account_id in status.reblogged_by or {}:
            if account_id in network.boxes and account_id != status.account.id:
                self.notify(network.accounts[account_id], "update", status.account, status)

    def deleted_status(self, status: Status) -> None:
        """Tell of a deletion and forget the notifications that showed the status."""
        network = self._network
        channels = self._public_channels(status) + self._home_channels(status, remember=False)
        channels += [("user", str(account.id)) for account in status.mentions if account.id in network.boxes]
        network.announce(list(dict.fromkeys(channels)), "delete", str(status.id))
        concerned = {status.account.id, *(account.id for account in status.mentions), *(status.reblogged_by or ())}
        for box in network.boxes.values():
            box.home.discard(status.id)
            if box.account.id not in concerned and status.account.id not in box.relations.notifying:
                continue  # it cannot have been told of the status, and looking costs time
            gone = [item.id for item in box.notifications.values() if item.status is status]
            for identifier in gone:
                del box.notifications[identifier]
                box.order.discard(identifier)
        for user_list in network.lists.values():
            user_list.statuses.discard(status.id)

    def notify(
        self,
        recipient: Account,
        kind: str,
        sender: Account,
        status: Status | None = None,
        report: Report | None = None,
        shown: msgspec.Raw | None = None,
    ) -> Notification | None:
        """Give an account a notification unless it has muted or blocked the sender or the thread."""
        box = self._network.boxes.get(recipient.id)
        if box is None or recipient is sender:
            return None
        relations = box.relations
        if sender.id in relations.blocking or sender.id in relations.muting_notifications:
            return None
        if status is not None and status.root in box.muted_threads:
            return None
        moment = status.created_at if status is not None and kind == "mention" else self._network.clock.now_ms()
        notification = Notification(0, kind, moment, sender, status, report)
        self.recall(recipient, notification)
        channels: list[Channel] = [("user", str(recipient.id)), ("user:notification", str(recipient.id))]
        wanted = self._network.hub.wanted(channels)
        if wanted:
            entity = self._network.render.notification(notification, box, shown)
            self._network.announce(wanted, "notification", entity)
        return notification

    def recall(self, recipient: Account, notification: Notification) -> None:
        """Keep a notification without telling; one that has no number yet gets the next."""
        box = self._network.mailbox(recipient)
        notification.id = notification.id or self._last_notification + 1
        self._last_notification = max(self._last_notification, notification.id)
        box.notifications[notification.id] = notification
        box.order.add(notification.id)
        if len(box.notifications) > NOTIFICATIONS_KEPT:
            del box.notifications[next(iter(box.notifications))]

    def recall_status(self, status: Status) -> None:
        """Put a status of an earlier run into homes, lists and conversations."""
        self._home_channels(status, remember=True)
        if status.visibility == "direct":
            self._converse(status)

    def hides(self, box: Mailbox, author: int) -> bool:
        """Tell whether the owner of the mailbox has muted or blocked an account; a mute may have run out."""
        relations = box.relations
        if author in relations.blocking:
            return True
        if author not in relations.muting:
            return False
        until = relations.muting[author]
        if until is not None and until <= self._network.clock.now_ms():
            del relations.muting[author]
            relations.muting_notifications.discard(author)
            return False
        return True

    def _public_channels(self, status: Status) -> list[Channel]:
        if status.visibility != "public" or status.reblog_of is not None or status.account.silenced:
            return []
        local = not status.account.domain
        channels: list[Channel] = []
        for tag in status.tags:
            channels.append(("hashtag", tag))
            if local:
                channels.append(("hashtag:local", tag))
        if status.in_reply_to_account in (None, status.account.id):
            place = "public:local" if local else "public:remote"
            channels += [("public", ""), (place, "")]
            if status.media:
                channels += [("public:media", ""), (f"{place}:media", "")]
        return channels

    def _home_channels(self, status: Status, *, remember: bool) -> list[Channel]:
        if status.visibility == "direct":
            return []
        channels: list[Channel] = []
        author = status.account.id
        for box in self._network.boxes.values():
            own = box.account.id == author
            follows = author in box.relations.following
            if not own and not follows:
                continue
            if status.reblog_of is not None and not own and author in box.relations.hiding_reblogs:
                continue
            if remember:
                box.home.add(status.id)
            channels.append(("user", str(box.account.id)))
        for user_list in self._network.lists.values():
            if author in user_list.members:
                if remember:
                    user_list.statuses.add(status.id)
                channels.append(("list", str(user_list.id)))
        return channels

    def _converse(self, status: Status) -> None:
        network = self._network
        participants = dict.fromkeys((status.account, *status.mentions))
        for owner in participants:
            box = network.boxes.get(owner.id)
            if box is None:
                continue
            conversation = box.conversations.get(status.root)
            others = tuple(account for account in participants if account is not owner)
            if conversation is None:
                self._last_conversation += 1
                conversation = Conversation(self._last_conversation, owner.id, status.root, others, status.id)
                box.conversations[status.root] = conversation
            conversation.last_status = status.id
            conversation.unread = owner is not status.account
            channel: Channel = ("direct", str(owner.id))
            if network.hub.wanted([channel]):
                network.announce([channel], "conversation", network.render.conversation(conversation, status, box))
