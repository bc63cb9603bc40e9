"""Posts to several channels: written once, measured and checked as each channel counts, sent or planned as one."""

import datetime as clock
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from workstation.domain import wallclock
from workstation.domain.channels import Capabilities, Length, LengthUnit
from workstation.domain.errors import MeridianError, NotFoundError
from workstation.domain.messages import Author, Message, Micros, Visibility
from workstation.domain.outbox import Act, Operation
from workstation.domain.posts import Part, Picture, PictureData, Post, Posted, Way
from workstation.domain.text import N_, LazyText, lazy, lazy_plural
from workstation.services.actions import operation as new_operation
from workstation.services.clock import MINUTE, Clock
from workstation.services.drafting import Block, Check, Drafting, Obstacle
from workstation.services.media import Decode
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor

if TYPE_CHECKING:
    from workstation.store.store import Store

SOONEST: Micros = MINUTE
"""A time nearer than this is as good as now, and is taken for a slip."""
MOST_PICTURE = 16 << 20
"""Bytes of a picture that is read from the disk at all."""
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


class PictureError(MeridianError):
    """A file that cannot go with a post."""

    code = "picture"
    sentence = N_("“{name}” cannot be attached: {why}")


class Channels(msgspec.Struct, frozen=True):
    """A channel to post on: `account` is whom it is signed in as; `reason` says why nothing can be posted there."""

    id: int
    name: str
    account: Author
    practice: bool = False
    capabilities: Capabilities = Capabilities()
    reason: LazyText | None = None


class Examined(msgspec.Struct, frozen=True):
    """What is to be said of a post while it is typed: of each channel by id, and of all of it."""

    parts: dict[int, Check] = {}
    obstacles: tuple[LazyText, ...] = ()
    hints: tuple[LazyText, ...] = ()
    """What may stay as it is but is better known."""

    @property
    def sendable(self) -> bool:
        """Whether nothing stands in the way on any channel."""
        return not self.obstacles and all(check.sendable for check in self.parts.values())


def kind_of(data: bytes) -> str:
    """The MIME type that the first bytes of a picture tell; "" for what is none that networks take."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in SIGNATURES if data.startswith(start)), "")


class Posts:
    """Drafts of posts, and posts on their way. What leaves goes through the outbox alone."""

    def __init__(
        self,
        store: "Store",
        supervisor: Supervisor,
        drafting: Drafting,
        settings: Settings,
        clock: Clock,
        decode: Decode,
    ) -> None:
        self._store = store
        self._supervisor = supervisor
        self._drafting = drafting
        self._settings = settings
        self._clock = clock
        self._decode = decode

    # -- channels --------------------------------------------------------------------------------------------------

    def channels(self) -> tuple[Channels, ...]:
        """Every channel of the desk with what it can do, or why nothing can be posted on it."""
        return tuple(self._channel(config.id) for config in self._supervisor.configs())

    def _channel(self, number: int) -> Channels:
        config, opened = self._supervisor.config(number), self._supervisor.opened(number)
        name = config.name if config is not None else ""
        practice = config is not None and config.practice
        if opened is None:
            signed_out = lazy(N_("This channel is not signed in."))
            return Channels(number, name, Author("", "", "", ""), practice, reason=signed_out)
        account = opened.account
        author = Author(
            self._supervisor.network(number), account.remote_id, account.handle, account.name, account.url,
            account.avatar_url,
        )  # fmt: skip
        offer = opened.capabilities.offer(Act.POST)
        reason: LazyText | None = None
        if offer is None:
            reason = lazy(N_("This channel does not offer that."))
        elif not offer.available:
            reason = offer.reason or lazy(N_("This account is not permitted to do that."))
        return Channels(number, name, author, practice, opened.capabilities, reason)

    def refusal(self) -> LazyText | None:
        """Why nothing can be posted anywhere, or None."""
        channels = self.channels()
        if any(channel.reason is None for channel in channels):
            return None
        return next((channel.reason for channel in channels), lazy(N_("Connect a channel first.")))

    # -- drafts ----------------------------------------------------------------------------------------------------

    def blank(self) -> Post:
        """A new post: on the only channel there is, or with the channels to be chosen."""
        possible = [channel for channel in self.channels() if channel.reason is None]
        parts = tuple(self.part(channel) for channel in possible) if len(possible) == 1 else ()
        return Post(language=self._settings.now.team_language, parts=parts)

    @staticmethod
    def part(channel: Channels) -> Part:
        """What a channel gets at first: what all of them get, as public as it allows."""
        return Part(channel.id, visibility=next(iter(channel.capabilities.visibilities), Visibility.PUBLIC))

    async def drafts(self) -> tuple[Post, ...]:
        """Unfinished posts, the latest first."""
        return await self._store.posts.drafts()

    async def save(self, post: Post) -> Post:
        """Journal a draft; an empty new one is not kept."""
        if post.empty and not post.id:
            return post
        return await self._store.posts.save(post)

    async def discard(self, post: Post) -> None:
        """Throw a draft away; `restore` has it back for a while."""
        if post.id:
            await self._store.posts.discard(post.id)

    async def restore(self, post: Post) -> None:
        """Undo `discard`."""
        await self._store.posts.restore(post.id)

    async def attach(self, post: Post, name: str, data: bytes) -> Post:
        """Keep a picture with a draft; PictureError for what no network takes."""
        if len(data) > MOST_PICTURE:
            raise PictureError(name=name, why=lazy(N_("it is too large")))
        kind = kind_of(data)
        if not kind:
            raise PictureError(name=name, why=lazy(N_("it is no picture of a kind that networks take")))
        saved = post if post.id else await self._store.posts.save(post)
        picture = await self._store.posts.attach(saved.id, PictureData(kind, data, name=name))
        return msgspec.structs.replace(saved, pictures=(*saved.pictures, picture))

    async def detach(self, post: Post, picture: int) -> Post:
        """Take a picture away."""
        await self._store.posts.detach(picture)
        left = tuple(item for item in post.pictures if item.id != picture)
        return msgspec.structs.replace(post, pictures=left)

    async def thumbnail(self, picture: Picture, width: int, height: int) -> bytes:
        """A small PNG of a picture; ValueError if it cannot be drawn."""
        found = await self._store.posts.picture(picture.id)
        if found is None:
            raise ValueError("no picture")
        return await self._decode(found.data, width, height)

    async def edit(self, number: int) -> Post:
        """A draft that takes the place of a planned post once it is sent or planned."""
        posted = await self._known(number)
        return await self._store.posts.copy(msgspec.structs.replace(posted.post, replaces=number))

    async def again(self, number: int) -> Post:
        """A new draft that says the same, to be sent at once or at a time of its own."""
        posted = await self._known(number)
        return await self._store.posts.copy(msgspec.structs.replace(posted.post, replaces=0, at=0))

    async def _known(self, number: int) -> Posted:
        posted = await self._store.posts.get(number)
        if posted is None:
            raise NotFoundError(what=lazy(N_("The post")))
        return posted

    # -- passing on ------------------------------------------------------------------------------------------------

    def repost(self, message: Message, *, copy: bool = False) -> Post:
        """A draft that passes a message on: boosted where that is the network's own way, else with its address.

        `copy`: our own words once more, as a post of today.
        """
        if copy:
            post = self.blank()
            return msgspec.structs.replace(
                post, text=message.text, spoiler=message.spoiler, language=message.language or post.language
            )
        parts = [self.way(message, channel) for channel in self.channels() if channel.reason is None]
        own = [part for part in parts if part.channel == message.channel]
        return Post(text=message.address, parts=tuple(own), source=message.id, address=message.address)

    def way(self, message: Message, channel: Channels) -> Part:
        """How a channel passes a message on that is for everyone; see `may_pass_on`."""
        part = self.part(channel)
        offer = channel.capabilities.offer(Act.BOOST)
        if offer is None or not offer.available:
            return part
        target = self._there(message, channel.id)
        same = self._supervisor.network(channel.id) == self._supervisor.network(message.channel)
        if target or (same and message.address):
            return msgspec.structs.replace(part, way=Way.BOOST, target=target)
        return part

    def _there(self, message: Message, channel: int) -> str:
        """The remote id that a message has for another account, as far as it is known without asking the network."""
        here, there = self._supervisor.config(message.channel), self._supervisor.config(channel)
        if here is None or there is None:
            return ""
        return message.remote_id if (here.kind, here.server) == (there.kind, there.server) else ""

    # -- checking --------------------------------------------------------------------------------------------------

    def operation(self, post: Post, part: Part) -> Operation:
        """What is asked of a channel."""
        if part.way is Way.BOOST:
            options = {"address": post.address} if post.address and not part.target else {}
            return Operation(new_operation(), Act.BOOST, part.target, visibility=part.visibility, options=options)
        options = {"pictures": str(len(post.pictures))} if post.pictures else {}
        return Operation(
            new_operation(), Act.POST, text=post.text_on(part), visibility=part.visibility, language=post.language,
            spoiler=post.spoiler_on(part).strip(), options=options,
        )  # fmt: skip

    def check(self, post: Post, gone: frozenset[int] = frozenset()) -> Examined:
        """Everything that is wrong with a post; quick enough for each keystroke. On channels in `gone` it has left."""
        parts = {part.channel: self._check_part(post, part) for part in post.parts if part.channel not in gone}
        obstacles = []
        if not parts:
            obstacles.append(lazy(N_("Choose at least one channel.")))
        if post.at and post.at < self._clock.now() + SOONEST:
            obstacles.append(lazy(N_("This time has passed already. Choose a later one.")))
        return Examined(parts, tuple(obstacles), tuple(self._hints(post)))

    def _check_part(self, post: Post, part: Part) -> Check:
        operation = self.operation(post, part)
        if part.way is Way.BOOST:
            found = self._drafting.check(part.channel, msgspec.structs.replace(operation, text="-"))
            return Check(Length(0, 0, LengthUnit.CHARACTERS), (), found.obstacles)
        check = self._drafting.check(part.channel, operation)
        obstacles = list(check.obstacles)
        if post.pictures:
            # A picture alone is a post too.
            obstacles = [one for one in obstacles if one.kind is not Block.EMPTY]
            obstacles += self._picture_obstacles(post.pictures, part.channel)
        return Check(check.length, check.blanks, tuple(obstacles))

    def _picture_obstacles(self, pictures: Sequence[Picture], channel: int) -> list[Obstacle]:
        opened = self._supervisor.opened(channel)
        if opened is None:
            return []
        can, found = opened.capabilities.pictures, []
        if not can.most:
            found.append(lazy(N_("This channel takes no pictures.")))
        elif len(pictures) > can.most:
            found.append(
                lazy_plural("This channel takes {count} picture.", "This channel takes {count} pictures.", can.most)
            )
        for picture in pictures if can.most else ():
            if can.kinds and picture.kind not in can.kinds:
                found.append(lazy(N_("This channel does not take “{name}”."), name=picture.name))
            if can.size and picture.size > can.size:
                found.append(lazy(N_("“{name}” is too large for this channel."), name=picture.name))
            if can.alt and len(picture.alt) > can.alt:
                found.append(lazy(N_("The description of “{name}” is too long."), name=picture.name))
        return [Obstacle(Block.REFUSED, text) for text in found]

    @staticmethod
    def _hints(post: Post) -> list[LazyText]:
        bare = sum(not picture.alt.strip() for picture in post.pictures)
        if not bare:
            return []
        return [
            lazy_plural(
                "{count} picture has no description: who cannot see it learns nothing of it.",
                "{count} pictures have no description: who cannot see them learns nothing of them.",
                bare,
            )
        ]

    # -- on their way ----------------------------------------------------------------------------------------------

    async def send(self, post: Post, gone: frozenset[int] = frozenset()) -> Posted:
        """Send a post after the undo window, or plan it for its time: all channels in one step.

        Raises NotFoundError for a post that was sent or thrown away meanwhile.
        """
        saved = await self._store.posts.save(post)
        operations = [(part.channel, self.operation(saved, part)) for part in saved.parts if part.channel not in gone]
        not_before = saved.at or self._clock.now() + self._settings.undo_micros
        posted, _changes = await self._store.posts.plan(saved, operations, not_before, self._latest(saved.at))
        return posted

    def _latest(self, at: Micros) -> Micros:
        return at + self._settings.now.late_minutes * MINUTE if at else 0

    async def move(self, number: int, at: Micros, zone: str) -> bool:
        """Let what has not left of a post go out at another time; False if all has left."""
        return await self._store.posts.move(number, at, self._latest(at), zone) is not None

    async def take_back(self, number: int) -> bool:
        """Take back what has not left; False: all of it has."""
        return await self._store.posts.take_back(number) is not None

    async def plan_again(self, number: int) -> Posted:
        """Undo `take_back`: what was taken back waits for its time again."""
        posted = await self._known(number)
        return await self.send(await self.edit(number), posted.left)

    async def posted(self, number: int) -> Posted | None:
        """A planned post with how it fares."""
        return await self._store.posts.get(number)

    async def between(self, start: Micros, end: Micros) -> tuple[Posted, ...]:
        """Planned and sent posts of a span of time, earliest first."""
        return await self._store.posts.between(start, end)

    async def missed(self) -> tuple[Posted, ...]:
        """Posts whose time has passed unsent: machine off, channel away, outbox held."""
        return await self._store.posts.missed()

    async def next_missed(self) -> Micros | None:
        """When to look for missed posts again."""
        return await self._store.posts.next_missed()


def may_pass_on(message: Message) -> LazyText | None:
    """Why a message must not be shown to others, or None."""
    if message.deleted_at:
        return lazy(N_("It was deleted on the network."))
    if message.visibility not in (Visibility.PUBLIC, Visibility.UNLISTED):
        return lazy(N_("It is not public: only those it was written for may see it."))
    return None if message.address or message.own else lazy(N_("Its address on the network is not known."))


def shifted(at: Micros, zone: clock.tzinfo, *, days: int = 0, hours: int = 0) -> Micros:
    """A moment so many days later by the calendar of `zone`, where 9:00 stays 9:00, and so many hours by the clock."""
    local = (clock.datetime(1970, 1, 1, tzinfo=clock.UTC) + clock.timedelta(microseconds=at)).astimezone(zone)
    day = (local + clock.timedelta(days=days)).replace(tzinfo=None, fold=0)
    moments = wallclock.read(day, zone).moments if days else (at,)
    chosen = moments[-1] if local.fold and len(moments) > 1 else moments[0]
    return chosen + hours * 60 * MINUTE
