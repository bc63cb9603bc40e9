"""Columns that can be added with one click: what they are called, what they show."""

from collections.abc import Iterable, Mapping

import msgspec

from workstation.domain.filter_terms import All, Name, Named
from workstation.domain.filters import Filter, to_text
from workstation.domain.text import N_, LazyText, lazy
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
    name: str = ""
    """What the column is called where only its channel knows that, such as a room; else the preset's title."""

    def column(self, ident: str, value: str = "") -> ColumnSpec:
        """The column that this makes; with a value, that is also its title."""
        text = self.filter.replace("{value}", value)
        return ColumnSpec(ident, title=self.name or value, filter=text, queue=self.queue, preset=self.id)


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


def of_source(channel: str, source: str, title: str) -> Preset:
    """A column for one source that its channel has a name for, such as a room or a folder."""
    term = All((Named(Name.CHANNEL, channel), Named(Name.SOURCE, source)))
    summary = lazy(N_("All that comes to {channel} here"), channel=channel)
    return Preset(
        f"source:{channel}:{source}",
        lazy(N_("A source")),
        summary,
        "messages-square",
        to_text(Filter(term)),
        name=title,
    )


def of_sources(titles: Iterable[tuple[str, Mapping[str, str]]]) -> tuple[Preset, ...]:
    """Columns for the named sources of channels: pairs of a channel's name and its sources' names by key."""
    return tuple(
        of_source(channel, source, title)
        for channel, named in titles
        for source, title in sorted(named.items(), key=lambda item: item[1].casefold())
    )
