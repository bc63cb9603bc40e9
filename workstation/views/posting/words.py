"""The words for how a post fares, and for it in one line."""

from workstation.domain.messages import Micros
from workstation.domain.posts import Fate, Post, Posted, Way
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, formats, render

FATE: dict[Fate, LazyText] = {
    Fate.SCHEDULED: lazy("Planned"),
    Fate.MISSED: lazy("Missed its time"),
    Fate.APPROVAL: lazy("Waits for approval"),
    Fate.WAITING: lazy("Waiting to be sent"),
    Fate.SENDING: lazy("Being sent"),
    Fate.SENT: lazy("Sent"),
    Fate.UNKNOWN: lazy("Not known whether sent"),
    Fate.FAILED: lazy("Not sent"),
    Fate.CANCELLED: lazy("Taken back"),
}
FATE_TONE = {
    Fate.SCHEDULED: "accent",
    Fate.MISSED: "danger",
    Fate.APPROVAL: "warn",
    Fate.WAITING: "accent",
    Fate.SENDING: "accent",
    Fate.SENT: "ok",
    Fate.UNKNOWN: "warn",
    Fate.FAILED: "danger",
    Fate.CANCELLED: "",
}
FATE_ICON = {
    Fate.SCHEDULED: "calendar-clock",
    Fate.MISSED: "alarm-clock-off",
    Fate.APPROVAL: "hourglass",
    Fate.WAITING: "clock",
    Fate.SENDING: "loader-circle",
    Fate.SENT: "check",
    Fate.UNKNOWN: "circle-help",
    Fate.FAILED: "circle-alert",
    Fate.CANCELLED: "undo-2",
}
URGENT = (Fate.MISSED, Fate.UNKNOWN, Fate.FAILED, Fate.APPROVAL, Fate.SENDING, Fate.WAITING, Fate.SCHEDULED, Fate.SENT)
"""What tells most about a post on several channels stands first."""


def counted(kind: Fate, count: int) -> LazyText:
    """How many channels fare so."""
    match kind:
        case Fate.SCHEDULED:
            return lazy_plural("{count} planned", "{count} planned", count)
        case Fate.MISSED:
            return lazy_plural("{count} missed", "{count} missed", count)
        case Fate.APPROVAL:
            return lazy_plural("{count} to be approved", "{count} to be approved", count)
        case Fate.WAITING:
            return lazy_plural("{count} waiting", "{count} waiting", count)
        case Fate.SENDING:
            return lazy_plural("{count} being sent", "{count} being sent", count)
        case Fate.SENT:
            return lazy_plural("{count} sent", "{count} sent", count)
        case Fate.UNKNOWN:
            return lazy_plural("{count} unknown", "{count} unknown", count)
        case Fate.FAILED:
            return lazy_plural("{count} not sent", "{count} not sent", count)
        case Fate.CANCELLED:
            return lazy_plural("{count} taken back", "{count} taken back", count)


def summary(tally: dict[Fate, int]) -> str:
    """How a post fares on all its channels: "2 sent, 1 unknown"."""
    ordered = [Fate.SENT, *(kind for kind in Fate if kind is not Fate.SENT)]
    return formats().list([render(counted(kind, tally[kind])) for kind in ordered if kind in tally])


def worst(posted: Posted, now: Micros) -> Fate:
    """What of a post's fates is told by its sign."""
    tally = posted.tally(now)
    return next((kind for kind in URGENT if kind in tally), Fate.CANCELLED)


def gist(post: Post) -> str:
    """What a post says, in one line of plain text."""
    words = post.text or next((part.text for part in post.parts if part.text), "")
    if post.parts and all(part.way is Way.BOOST for part in post.parts):
        return _("Boost: {text}", text=" ".join(words.split()) or post.address)
    return " ".join(words.split()) or (_("Pictures") if post.pictures else _("Empty"))
