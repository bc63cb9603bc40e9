"""What is known of the rooms of an account, kept up by state events as they come; no questions are asked here."""

from collections.abc import Iterable, Iterator

from workstation.connectors.matrix import names, unpack
from workstation.domain.messages import Visibility
from workstation.net.plain import one_line

MEMBERS_KEPT = 5_000
"""Members of a room whose names are kept; they are told again where somebody speaks."""
CREATORS_HAVE_ALL = frozenset({"12"}) | {str(version) for version in range(13, 40)}
"""Room versions whose creators stand above all power levels."""
ENDLESS = 1 << 60


class Member:
    """A person in a room, as they are called there."""

    __slots__ = ("avatar", "membership", "name")

    def __init__(self, content: unpack.Values) -> None:
        self.membership = unpack.text(content, "membership")
        self.name = one_line(unpack.text(content, "displayname"), 100)
        avatar = unpack.text(content, "avatar_url")
        self.avatar = avatar if names.media_parts(avatar)[0] else ""


class Room:
    """One room. `own` is our user id."""

    def __init__(self, room_id: str, own: str) -> None:
        self.id = room_id
        self.own = own
        self.name = ""
        self.alias = ""
        self.join_rule = ""
        self.encrypted = False
        self.space = False
        """Whether it only holds other rooms together."""
        self.listed_direct = False
        self.replacement = ""
        self.active_at = 0
        """When its latest event was written, as the server says; milliseconds."""
        self.heroes: list[str] = []
        self.joined = -1
        self.invited = 0
        self.members: dict[str, Member] = {}
        self._levels: unpack.Values | None = None
        self._creators: frozenset[str] = frozenset()
        self._version = ""

    @property
    def source(self) -> str:
        """The key of the source."""
        return f"room:{self.id}"

    @property
    def direct(self) -> bool:
        """Whether it is a conversation of two."""
        if self.listed_direct:
            return True
        people = self.joined + self.invited if self.joined >= 0 else len(self._present())
        return 0 < people <= 2 and self.join_rule != "public"

    @property
    def visibility(self) -> Visibility:
        """Who sees what is written here."""
        if self.direct:
            return Visibility.DIRECT
        return Visibility.PUBLIC if self.join_rule == "public" else Visibility.FOLLOWERS

    @property
    def title(self) -> str:
        """Its name, its address, who else is in it, or its id."""
        if self.name or self.alias:
            return self.name or self.alias
        others = [user for user in self.heroes if user != self.own] or [
            each for each in self._present() if each != self.own
        ]
        return one_line(", ".join(self.called(user) for user in others[:5])) or self.id

    def _present(self) -> list[str]:
        return [user for user, member in self.members.items() if member.membership in {"join", "invite"}]

    @property
    def partner(self) -> str:
        """The other one in a conversation of two, if there is exactly one."""
        others = {user for user in (*self.heroes, *self._present()) if user != self.own}
        return others.pop() if self.direct and len(others) == 1 else ""

    def called(self, user: str) -> str:
        """What somebody is called here."""
        member = self.members.get(user)
        return (member.name if member is not None else "") or names.localpart(user) or user

    def avatar(self, user: str) -> str:
        """The address of somebody's picture; empty for none."""
        member = self.members.get(user)
        return member.avatar if member is not None else ""

    # -- power ---------------------------------------------------------------------------------------------------

    def power(self, user: str) -> int:
        """Somebody's power level here."""
        if user in self._creators and (self._version in CREATORS_HAVE_ALL or self._levels is None):
            return ENDLESS
        if self._levels is None:
            return 0
        given = unpack.values(self._levels, "users")
        return unpack.number(given, user) if user in given else unpack.number(self._levels, "users_default")

    def needed(self, what: str) -> int:
        """The power level for `ban`, `kick`, `redact`, or for sending an event of a type."""
        levels = self._levels if self._levels is not None else unpack.EMPTY
        if what in {"ban", "kick", "redact"}:
            return unpack.number(levels, what) if what in levels else 50
        events = unpack.values(levels, "events")
        return unpack.number(events, what) if what in events else unpack.number(levels, "events_default")

    def may(self, what: str) -> bool:
        """Whether our level is enough."""
        return self.power(self.own) >= self.needed(what)

    # -- what comes ----------------------------------------------------------------------------------------------

    def learn(self, kind: str, key: str, content: unpack.Values, sender: str = "") -> None:
        """A state event."""
        match kind:
            case "m.room.member":
                self._learn_member(key, content)
            case "m.room.name":
                self.name = one_line(unpack.text(content, "name"), 120)
            case "m.room.canonical_alias":
                self.alias = one_line(unpack.text(content, "alias"), 120)
            case "m.room.join_rules":
                self.join_rule = unpack.text(content, "join_rule")
            case "m.room.encryption":
                self.encrypted = True  # it cannot be turned off
            case "m.room.power_levels":
                self._levels = content
            case "m.room.tombstone":
                told = unpack.text(content, "replacement_room")
                self.replacement = told if names.is_id(told, "!") else ""
            case "m.room.create":
                self._version = unpack.text(content, "room_version")
                self.space = unpack.text(content, "type") == "m.space"
                others = unpack.texts(unpack.items(content, "additional_creators"), 50)
                self._creators = frozenset((sender, *others)) - {""}

    def _learn_member(self, user: str, content: unpack.Values) -> None:
        if not names.is_id(user, "@"):
            return
        if user not in self.members and len(self.members) >= MEMBERS_KEPT:
            self.members.pop(next(iter(self.members)))
        self.members[user] = Member(content)

    def summarise(self, summary: unpack.Values) -> None:
        """The room's summary, of which /sync tells what has changed."""
        if "m.joined_member_count" in summary:
            self.joined = unpack.number(summary, "m.joined_member_count")
        if "m.invited_member_count" in summary:
            self.invited = unpack.number(summary, "m.invited_member_count")
        if "m.heroes" in summary:
            self.heroes = unpack.texts(unpack.items(summary, "m.heroes"), 5)


class Rooms:
    """All rooms of an account, by id."""

    def __init__(self, own: str) -> None:
        self.own = own
        self._rooms: dict[str, Room] = {}
        self._direct: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Room]:
        return iter(self._rooms.values())

    def __len__(self) -> int:
        return len(self._rooms)

    def get(self, room_id: str) -> Room | None:
        """A room that we are in."""
        return self._rooms.get(room_id)

    def enter(self, room_id: str) -> Room:
        """The room, which we are in from now on."""
        room = self._rooms.get(room_id)
        if room is None:
            room = self._rooms[room_id] = Room(room_id, self.own)
            room.listed_direct = room_id in self._direct
        return room

    def leave(self, room_id: str) -> Room:
        """The room, which we are no longer in."""
        room = self._rooms.pop(room_id, None) or Room(room_id, self.own)
        room.listed_direct = room_id in self._direct
        return room

    def succeeds(self, room_id: str) -> bool:
        """Whether one of our rooms goes on in this one."""
        return any(room.replacement == room_id for room in self)

    def told(self, events: Iterable[object]) -> None:
        """Account data: which rooms are conversations of two."""
        for event in events:
            if unpack.text(event, "type") == "m.direct":
                lists = (found for found in unpack.values(event, "content").values() if isinstance(found, list))
                self._direct = frozenset(each for found in lists for each in found if isinstance(each, str))
                for room in self:
                    room.listed_direct = room.id in self._direct

    def shared_with(self, user: str) -> list[Room]:
        """Rooms where somebody has been seen, the latest first; all of them where nobody knows."""
        known = [room for room in self if user in room.members]
        return sorted(known or self, key=lambda room: room.active_at, reverse=True)
