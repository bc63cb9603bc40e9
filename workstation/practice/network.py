"""The network itself: who is on it, what was posted, and who is told."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from workstation.practice import markup
from workstation.practice.clock import SEQUENCE_BITS, Clock, Ids
from workstation.practice.delivery import Delivery
from workstation.practice.frames import Event
from workstation.practice.hub import Hub
from workstation.practice.model import DOMAIN, Account, Edit, Mailbox, Media, Status, UserList
from workstation.practice.options import Options
from workstation.practice.render import Renderer
from workstation.practice.timeline import Page, Timeline

TAG_MEMORY = 5_000
UPLOADS_KEPT = 500
ACCOUNT_IDS = 109_300_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is to be published; `at` is milliseconds UTC, now if it is 0."""

    text: str
    visibility: str = "public"
    reply_to: Status | None = None
    language: str | None = None
    spoiler: str = ""
    sensitive: bool = False
    media: tuple[Media, ...] = ()
    kind: str = ""
    application: str = ""
    html: str | None = None
    at: int = 0


class Network:
    """State of one practice network and the operations on it; every operation tells the hub what changed."""

    def __init__(self, options: Options, base_url: str, hub: Hub, clock: Clock) -> None:
        self.options = options
        self.base_url = base_url
        self.hub = hub
        self.clock = clock
        self.ids = Ids()
        self.render = Renderer(base_url, self.find_account)
        self.accounts: dict[int, Account] = {}
        self.statuses: dict[int, Status] = {}
        self.public = Timeline(options.capacity)
        self.tags: dict[str, Timeline] = {}
        self.media: dict[int, Media] = {}
        self.lists: dict[int, UserList] = {}
        self.boxes: dict[int, Mailbox] = {}
        self.idempotency = options.idempotency
        self.emitted: Counter[str] = Counter()
        self.delivery = Delivery(self)
        self.on_post: Callable[[Status], None] | None = None
        self._by_address: dict[str, Account] = {}
        self._age: deque[int] = deque()

    # -- accounts ---------------------------------------------------------------------------------------------

    def add_account(
        self,
        username: str,
        display_name: str,
        *,
        domain: str = "",
        note: str = "",
        language: str = "",
        role: str = "",
        bot: bool = False,
        created_at: int = 0,
        identifier: int = 0,
    ) -> Account:
        """Let somebody join."""
        moment = created_at or self.clock.now_ms()
        account = Account(
            id=identifier or ACCOUNT_IDS + len(self.accounts),
            username=username,
            display_name=display_name,
            created_at=moment,
            domain=domain,
            note=note,
            language=language,
            role=role,
            bot=bot,
        )
        self.accounts[account.id] = account
        self._by_address[f"{username}@{domain or DOMAIN}".lower()] = account
        return account

    def find_account(self, username: str, domain: str = "") -> Account | None:
        """Return the account at an address; without a domain, the local one."""
        return self._by_address.get(f"{username}@{domain or DOMAIN}".lower())

    def mailbox(self, account: Account) -> Mailbox:
        """Return what belongs to a signed-in account, created at first use."""
        return self.boxes.setdefault(account.id, Mailbox(account))

    def touch(self, account: Account) -> None:
        """Note that something an account shows has changed."""
        account.encoded = b""

    # -- statuses ---------------------------------------------------------------------------------------------

    def post(self, account: Account, post: Post) -> Status:
        """Publish a status and deliver it."""
        moment = post.at or self.clock.now_ms()
        parent = post.reply_to
        identifier = self.ids.at(moment)
        status = Status(
            id=identifier,
            account=account,
            text=post.text,
            created_at=moment,
            visibility=post.visibility,
            language=post.language,
            kind=post.kind,
            spoiler=post.spoiler,
            sensitive=post.sensitive,
            media=post.media,
            application=post.application,
            html=post.html,
            in_reply_to=parent.id if parent else None,
            in_reply_to_account=parent.account.id if parent else None,
            root=(parent.root or parent.id) if parent else identifier,
            mentions=markup.mentioned(post.text, self.find_account),
            tags=markup.hashtags(post.text),
        )
        if parent is not None:
            parent.replies = [*(parent.replies or ()), status.id]
        self._keep(status)
        self.emitted[post.kind or "agent"] += 1
        self.delivery.new_status(status)
        if self.on_post is not None and account.id in self.boxes:
            self.on_post(status)
        return status

    def reblog(self, account: Account, original: Status) -> Status:
        """Boost a status; a second boost of the same account returns the first."""
        existing = (original.reblogged_by or {}).get(account.id)
        if existing is not None and existing in self.statuses:
            return self.statuses[existing]
        moment = self.clock.now_ms()
        status = Status(
            id=self.ids.at(moment),
            account=account,
            text="",
            created_at=moment,
            visibility=original.visibility,
            language=original.language,
            kind="boost",
            reblog_of=original,
        )
        status.root = status.id
        original.reblogged_by = {**(original.reblogged_by or {}), account.id: status.id}
        self._keep(status)
        self.delivery.new_status(status)
        return status

    def edit(
        self,
        status: Status,
        text: str,
        *,
        spoiler: str | None = None,
        sensitive: bool | None = None,
        language: str | None = None,
        media: tuple[Media, ...] | None = None,
    ) -> None:
        """Replace the text of a status; the version before is kept in its history."""
        moment = self.clock.now_ms()
        written = status.edited_at or status.created_at
        before = Edit(status.text, status.spoiler, status.sensitive, written, status.media)
        status.history = [*(status.history or ()), before]
        status.text, status.html, status.edited_at = text, None, moment
        status.spoiler = status.spoiler if spoiler is None else spoiler
        status.sensitive = status.sensitive if sensitive is None else sensitive
        status.language = language or status.language
        status.media = status.media if media is None else media
        status.mentions = markup.mentioned(text, self.find_account)
        tags = markup.hashtags(text)
        for tag in set(status.tags) - set(tags):
            self.tags[tag].discard(status.id)
        status.tags = tags
        for tag in tags:
            self._tag(tag).add(status.id)
        self.emitted["edit"] += 1
        self.delivery.changed_status(status)

    def delete(self, status: Status) -> None:
        """Take a status, and every boost of it, off the network."""
        for boost in list((status.reblogged_by or {}).values()):
            if boost in self.statuses:
                self.delete(self.statuses[boost])
        if self.statuses.pop(status.id, None) is None:
            return
        author = status.account
        author.statuses.discard(status.id)
        author.statuses_count = max(0, author.statuses_count - 1)
        self.touch(author)
        self.public.discard(status.id)
        for tag in status.tags:
            if tag in self.tags:
                self.tags[tag].discard(status.id)
        parent = self.statuses.get(status.in_reply_to or 0)
        if parent is not None and parent.replies:
            parent.replies = [item for item in parent.replies if item != status.id]
        if status.reblog_of is not None and status.reblog_of.reblogged_by:
            status.reblog_of.reblogged_by.pop(author.id, None)
        self.emitted["delete"] += 1
        self.delivery.deleted_status(status)

    def recall(self, status: Status) -> None:
        """Take a status back from an earlier run: kept where it belongs, told to nobody."""
        status.mentions = markup.mentioned(status.text, self.find_account)
        status.tags = markup.hashtags(status.text)
        self.ids.at(status.id >> SEQUENCE_BITS)
        self._keep(status)
        self.delivery.recall_status(status)

    def can_see(self, status: Status, viewer: Account | None) -> bool:
        """Tell whether a status is for that account's eyes."""
        original = status.reblog_of or status
        if original.account.suspended:
            return False
        if original.visibility in ("public", "unlisted"):
            return True
        if viewer is None:
            return False
        if viewer is original.account or viewer in original.mentions:
            return True
        box = self.boxes.get(viewer.id)
        return original.visibility == "private" and box is not None and original.account.id in box.relations.following

    def page(self, timeline: Timeline, page: Page, viewer: Account | None = None) -> list[Status]:
        """Return the statuses of a page, newest first, without what is gone, hidden or not for the viewer."""
        box = self.boxes.get(viewer.id) if viewer else None
        chosen: list[Status] = []
        for status in self._living(timeline.candidates(page)):
            if self.can_see(status, viewer) and not (box and self.delivery.hides(box, status.account.id)):
                chosen.append(status)
                if len(chosen) >= page.limit:
                    break
        return chosen[::-1] if page.min_id is not None else chosen

    def announce(self, channels: list[tuple[str, str]], name: str, entity: object, author: int = 0) -> None:
        """Send an entity live on those channels that somebody listens to."""
        wanted = self.hub.wanted(channels)
        if wanted:
            payload = entity if isinstance(entity, str) else msgspec.json.encode(entity).decode()
            self.hub.publish(wanted, Event(name, payload), author)

    def upload(self, media: Media) -> None:
        """Keep a file; the oldest that no status shows go first beyond the bound."""
        self.media[media.id] = media
        if len(self.media) > UPLOADS_KEPT:
            del self.media[next(iter(self.media))]

    # -- memory -----------------------------------------------------------------------------------------------

    def _living(self, ids: Iterator[int]) -> Iterator[Status]:
        for identifier in ids:
            status = self.statuses.get(identifier)
            if status is not None:
                yield status

    def _tag(self, tag: str) -> Timeline:
        return self.tags.setdefault(tag, Timeline(TAG_MEMORY))

    def _keep(self, status: Status) -> None:
        author = status.account
        self.statuses[status.id] = status
        self._age.append(status.id)
        author.statuses.add(status.id)
        author.statuses_count += 1
        author.last_status_at = status.created_at
        self.touch(author)
        if status.visibility == "public":
            for tag in status.tags:
                self._tag(tag).add(status.id)
            if status.reblog_of is None and status.in_reply_to_account in (None, author.id):
                self.public.add(status.id)
        while len(self._age) > self.options.capacity:
            self.statuses.pop(self._age.popleft(), None)
