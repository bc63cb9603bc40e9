"""Columns that can be added with one click: what they are called, what they show."""

import msgspec

from workstation.domain.text import LazyText, lazy
from workstation.services.columns import ColumnSpec


class Preset(msgspec.Struct, frozen=True):
    """A ready-made column. A `{value}` in the filter is asked for, `asks` being the question."""

    id: str
    title: LazyText
    summary: LazyText
    icon: str
    filter: str
    queue: bool = False
    asks: LazyText | None = None

    def column(self, ident: str, value: str = "") -> ColumnSpec:
        """The column that this makes; with a value, that is also its title."""
        text = self.filter.replace("{value}", value)
        return ColumnSpec(ident, title=value, filter=text, queue=self.queue, preset=self.id)


PRESETS: tuple[Preset, ...] = (
    Preset(
        "needs_reply",
        lazy("Needs reply"),
        lazy("Open cases, those who wait longest first"),
        "message-circle-reply",
        "is:unanswered -is:snoozed -is:spam",
        queue=True,
    ),
    Preset("mentions", lazy("Mentions"), lazy("Everything that names you"), "at-sign", "kind:mention"),
    Preset("direct", lazy("Direct messages"), lazy("Messages only you can see"), "mail", "kind:direct"),
    Preset("mine", lazy("Mine"), lazy("Cases that you hold"), "user-check", "is:mine -is:solved", queue=True),
    Preset(
        "promised",
        lazy("Promised"),
        lazy("Cases in which something was promised, those that wait longest first"),
        "calendar-clock",
        "is:promised -is:solved",
        queue=True,
    ),
    Preset(
        "escalated",
        lazy("Escalated"),
        lazy("Cases that wait for an answer from people inside"),
        "hourglass",
        "is:escalated",
        queue=True,
    ),
    Preset("home", lazy("Home"), lazy("The home timeline of your accounts"), "house", "source:home"),
    Preset("reports", lazy("Reports"), lazy("What people reported to moderators"), "flag", "kind:report", queue=True),
    Preset("own", lazy("Our replies"), lazy("What was written from your accounts"), "reply", "is:own"),
    Preset("all", lazy("Everything"), lazy("Every message of every channel"), "inbox", ""),
    Preset(
        "hashtag",
        lazy("Hashtag"),
        lazy("Posts with a hashtag that a channel follows"),
        "hash",
        "source:hashtag:{value}",
        asks=lazy("Hashtag, without #"),
    ),
    Preset("tag", lazy("Tag"), lazy("Cases with a tag of yours"), "tag", "tag:{value}", queue=True, asks=lazy("Tag")),
    Preset("search", lazy("Search"), lazy("Messages that contain a word"), "search", "{value}", asks=lazy("Words")),
)

BY_ID: dict[str, Preset] = {preset.id: preset for preset in PRESETS}
