"""What an account can do: from its power in its rooms and the server's versions; pure.

Everything is offered; what is not possible anywhere is disabled with the reason that people are shown. What one room
does not permit is said when it is tried there.
"""

from collections.abc import Iterable

import msgspec

from workstation.connectors.matrix.measure import TEXT_CAP
from workstation.connectors.matrix.rooms import Room
from workstation.domain.channels import Capabilities, Field, Idempotency, LengthUnit, Offer, Resume, Scope
from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import N_, LazyText, lazy

NO_POWER = N_("This account has no such right in any of its rooms.")
NO_ROOMS = N_("This account is in no room yet.")
NO_POST_ROOM = N_("No room for new posts is chosen in the channel’s settings.")
TRANSPORT = ("long-poll",)

REASON = Field("reason", lazy(N_("Reason")), help=lazy(N_("The people in the room can read it.")))
COMMENT = Field("comment", lazy(N_("Comment")), help=lazy(N_("What the moderators should know.")))
SCORE = Field("score", lazy(N_("How bad it is, from 0 to 100")), default="100", advanced=True)
ROOM = Field("room", lazy(N_("Room")), help=lazy(N_("Its id or address; empty: the one in the channel’s settings.")))


class Rights(msgspec.Struct, frozen=True):
    """What an account may do in at least one room."""

    rooms: bool = False
    speak: bool = False
    redact: bool = False
    kick: bool = False
    ban: bool = False
    post: bool = False


EVERYTHING = Rights(rooms=True, speak=True, redact=True, kick=True, ban=True, post=True)


def rights(rooms: Iterable[Room], *, post: bool) -> Rights:
    """What the rooms give; `post`: whether a room for posts is chosen."""
    known = list(rooms)
    return Rights(
        rooms=bool(known),
        speak=any(room.may("m.room.message") for room in known),
        redact=any(room.may("redact") for room in known),
        kick=any(room.may("kick") for room in known),
        ban=any(room.may("ban") for room in known),
        post=post,
    )


def offers(found: Rights) -> tuple[Offer, ...]:
    """Every act, each possible or with the reason why not."""
    power = None if found.rooms else lazy(NO_ROOMS)
    speak = power or _unless(found.speak)
    return (
        _offer(Act.POST, N_("Post"), reason=None if found.post else lazy(NO_POST_ROOM), fields=(ROOM,)),
        _offer(Act.REPLY, N_("Reply"), reason=speak),
        _offer(Act.EDIT, N_("Edit"), Scope.OWN),
        _offer(Act.DELETE, N_("Delete"), Scope.OWN, danger=True),
        _offer(Act.FAVOURITE, N_("React with a thumb up"), undone_by=Act.UNFAVOURITE),
        _offer(Act.UNFAVOURITE, N_("Take the thumb up back"), undone_by=Act.FAVOURITE),
        *_of_rooms(found, power),
        _offer(Act.MUTE, N_("Ignore everything they write"), Scope.OTHERS, on="account", undone_by=Act.UNMUTE),
        _offer(Act.UNMUTE, N_("Ignore no longer"), Scope.OTHERS, on="account", undone_by=Act.MUTE),
        _offer(Act.REPORT, N_("Report to the server’s administrators"), Scope.OTHERS, fields=(COMMENT, SCORE)),
    )


def _of_rooms(found: Rights, power: LazyText | None) -> tuple[Offer, ...]:
    """What an account does to others where it may moderate."""
    return (
        _offer(Act.APPROVE, N_("Accept the invitation"), Scope.OTHERS),
        _offer(
            Act.REMOVE,
            N_("Remove from the room"),
            Scope.OTHERS,
            reason=power or _unless(found.redact),
            fields=(REASON,),
            danger=True,
        ),
        _offer(
            Act.KICK,
            N_("Put out of the room"),
            Scope.OTHERS,
            reason=power or _unless(found.kick),
            fields=(REASON,),
            danger=True,
            on="account",
        ),
        _offer(
            Act.BAN,
            N_("Ban from the room"),
            Scope.OTHERS,
            reason=power or _unless(found.ban),
            fields=(REASON,),
            danger=True,
            on="account",
            undone_by=Act.UNBAN,
        ),
        _offer(
            Act.UNBAN,
            N_("Lift the ban from the room"),
            Scope.OTHERS,
            reason=power or _unless(found.ban and found.kick),
            on="account",
            undone_by=Act.BAN,
        ),
    )


def _unless(able: bool) -> LazyText | None:
    return None if able else lazy(NO_POWER)


def _offer(
    act: Act,
    label: str,
    scope: Scope = Scope.ANY,
    *,
    reason: LazyText | None = None,
    undone_by: Act | None = None,
    fields: tuple[Field, ...] = (),
    danger: bool = False,
    on: str = "message",
) -> Offer:
    return Offer(
        act,
        lazy(label),
        scope=scope,
        available=reason is None,
        reason=reason,
        undone_by=undone_by,
        fields=fields,
        danger=danger,
        on=on,
    )


def capabilities(found: Rights, server: str) -> Capabilities:
    """All of it."""
    return Capabilities(
        transport=TRANSPORT,
        resume=Resume.EXACT,
        idempotency=Idempotency.TXN,
        offers=offers(found),
        edits="event",
        deletions="event",
        length_limit=TEXT_CAP,
        length_unit=LengthUnit.BYTES,
        visibilities=(Visibility.FOLLOWERS, Visibility.PUBLIC, Visibility.DIRECT),
        server=server,
    )
