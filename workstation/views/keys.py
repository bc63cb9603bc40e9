"""Every action of the window, once: its name, label, keys, icon, group and where its keys work. A table, no Qt.

Menus, context menus, the command palette, the help overlay and the page that rebinds keys are all read from here,
so an action that is not in this table does not exist. Keys are written as Qt's portable text (``Ctrl`` is Cmd on
macOS); ``X, M`` is one key after the other. Single letters work only outside editors (Qt gives editors their letters
first) and every key can be changed (WCAG 2.1.4).
"""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from workstation.domain.outbox import Act
from workstation.domain.text import LazyText, lazy, lazy_in


class Group(StrEnum):
    """Under which heading an action is listed."""

    GO = "go"
    DECK = "deck"
    CASE = "case"
    COMPOSER = "composer"
    POSTS = "posts"
    MODERATION = "moderation"
    OUTBOX = "outbox"
    TEMPLATES = "templates"
    RULES = "rules"
    DESK = "desk"


GROUPS: dict[Group, LazyText] = {
    Group.GO: lazy("Go to"),
    Group.DECK: lazy("Columns"),
    Group.CASE: lazy("Case"),
    Group.COMPOSER: lazy("Reply"),
    Group.POSTS: lazy("Posts"),
    Group.MODERATION: lazy("Moderation"),
    Group.OUTBOX: lazy("Outbox"),
    Group.TEMPLATES: lazy("Templates"),
    Group.RULES: lazy("Rules"),
    Group.DESK: lazy("Desk"),
}


class Scope(StrEnum):
    """Where the keys of an action work: in the whole window, or while the focus is inside one part of it."""

    WINDOW = "window"
    DECK = "deck"
    COMPOSER = "composer"
    TEMPLATES = "templates"
    POSTING = "posting"
    CALENDAR = "calendar"
    RULES = "rules"
    APPROVAL = "approval"


class ActionSpec(msgspec.Struct, frozen=True):
    """One action. `keys` are the defaults; the first is the one that menus show."""

    id: str
    label: LazyText
    keys: tuple[str, ...]
    icon: str
    group: Group
    scope: Scope = Scope.WINDOW


def _rows(group: Group, *rows: tuple[str, LazyText, str, str], scope: Scope = Scope.WINDOW) -> list[ActionSpec]:
    return [ActionSpec(name, label, tuple(keys.split(" | ")), icon, group, scope) for name, label, keys, icon in rows]


def act_id(act: Act) -> str:
    """The action that asks the network for `act`."""
    return f"act.{act.value}"


_GO = _rows(
    Group.GO,
    ("page.deck", lazy("Deck"), "Ctrl+1", "columns-3"),
    ("page.outbox", lazy("Outbox"), "Ctrl+2", "send"),
    ("page.kpi", lazy("Live figures"), "Ctrl+3", "chart-line"),
    ("page.posts", lazy("Posts"), "Ctrl+6", "calendar"),
    ("page.templates", lazy("Templates"), "Ctrl+4", "layout-template"),
    ("page.rules", lazy("Rules"), "Ctrl+5", "filter"),
    ("page.approval", lazy("Approval"), "Ctrl+7", "shield-check"),
    ("page.privacy", lazy("People’s data"), "Ctrl+8", "lock"),
    ("page.settings", lazy("Settings"), "Ctrl+,", "settings"),
    ("go.search", lazy("Search"), "/ | Ctrl+F", "search"),
    ("go.palette", lazy("Command palette"), "Ctrl+K", "command"),
    ("go.region", lazy("Next part of the window"), "F6", "panel-right"),
    ("go.region_back", lazy("Previous part of the window"), "Shift+F6", "panel-right"),
    ("go.notices", lazy("Notices"), "Ctrl+Shift+N", "bell"),
    ("go.menu", lazy("Menu"), "F10", "menu"),
    ("go.help", lazy("All keys"), "? | F1", "circle-help"),
    ("go.keys", lazy("Change keys"), "Shift+F1", "keyboard"),
    ("page.courses", lazy("Practice courses"), "Ctrl+Shift+C", "graduation-cap"),
)
_DECK = _rows(
    Group.DECK,
    ("card.next", lazy("Next message"), "J", "chevron-down"),
    ("card.previous", lazy("Previous message"), "K", "chevron-up"),
    ("column.next", lazy("Next column"), "Ctrl+Right", "chevron-right"),
    ("column.previous", lazy("Previous column"), "Ctrl+Left", "chevron-left"),
    *(
        (f"column.{number}", lazy("Column {number}", number=str(number)), str(number), "columns-3")
        for number in range(1, 10)
    ),
    ("marks.next", lazy("Mark on to the next message"), "Shift+J", "chevron-down"),
    ("marks.previous", lazy("Mark on to the previous message"), "Shift+K", "chevron-up"),
    ("marks.toggle", lazy("Mark or unmark the message"), "V", "check"),
    ("marks.none", lazy("Unmark all"), "Shift+V", "x"),
    ("bulk.menu", lazy("Do to all that is marked"), "U", "list"),
    ("bulk.answer", lazy("Answer all that is marked, or alike"), "Shift+R", "reply"),
    ("alike.open", lazy("Show everybody who says the same"), "D", "layers"),
    ("column.alike", lazy("Gather what is alike, or list each"), "Shift+G", "layers"),
    ("column.newest", lazy("Go to the newest"), ".", "arrow-up"),
    ("column.pause", lazy("Pause or go on"), "Shift+P", "pause"),
    ("column.add", lazy("Add a column"), "Ctrl+T", "plus"),
    ("column.edit", lazy("Change the column’s filter"), "Ctrl+E", "sliders-horizontal"),
    ("column.close", lazy("Close the column"), "Ctrl+W", "x"),
    ("column.move_left", lazy("Move the column back"), "Ctrl+Shift+Left", "arrow-left"),
    ("column.move_right", lazy("Move the column on"), "Ctrl+Shift+Right", "arrow-right"),
    ("column.wider", lazy("Wider column"), "Ctrl+Alt+Right", "maximize-2"),
    ("column.narrower", lazy("Narrower column"), "Ctrl+Alt+Left", "minimize-2"),
    ("column.window", lazy("Column into a window of its own, or back"), "Ctrl+Shift+O | Shift+C, W", "external-link"),
    ("column.notify", lazy("Notifications of the column"), "Shift+C, N", "bell"),
    ("column.highlights", lazy("Highlights"), "Shift+C, H", "star"),
    ("column.health", lazy("How the column’s channels fare"), "Shift+C, C", "plug"),
    ("column.older", lazy("Load older messages from the network"), "Shift+C, O", "history"),
    ("column.copy", lazy("Copy the column as text"), "Shift+C, Y", "copy"),
    ("deck.copy", lazy("Copy all columns as text"), "Shift+C, A", "copy"),
    ("deck.save", lazy("Save all columns to a file"), "Shift+C, S", "save"),
    ("deck.take", lazy("Take in columns from text"), "Shift+C, T", "download"),
    ("deck.layouts", lazy("Layouts"), "Shift+C, L", "layers"),
    ("deck.quiet", lazy("Do not disturb"), "Shift+C, Q", "volume-x"),
    ("deck.mask", lazy("Hide persons while the screen is shared, or show them"), "F8", "eye-off"),
) + _rows(
    Group.DECK,
    ("card.open", lazy("Open the message"), "Return | Enter", "panel-right"),
    ("marks.all", lazy("Mark all that is shown, then all there is"), "Ctrl+A", "list"),
    scope=Scope.DECK,
)
_CASE = _rows(
    Group.CASE,
    ("case.reply", lazy("Reply"), "R", "reply"),
    ("case.claim", lazy("Assign to me"), "A", "user-plus"),
    ("case.release", lazy("Give back"), "Shift+A", "user-minus"),
    ("case.tag", lazy("Tags"), "T", "tag"),
    ("case.note", lazy("Write a note"), "N", "sticky-note"),
    ("contact.note", lazy("Note a call, letter or talk"), "Shift+N", "phone"),
    ("case.snooze", lazy("Snooze"), "S", "alarm-clock"),
    ("case.wake", lazy("End the snooze"), "Shift+S", "alarm-clock-off"),
    ("case.promise", lazy("Promise a time"), "P", "calendar-clock"),
    ("case.resolve", lazy("Resolve"), "E", "circle-check"),
    ("case.reopen", lazy("Reopen"), "Shift+E", "rotate-ccw"),
    ("case.thread", lazy("Show the thread"), "G, T", "messages-square"),
    ("case.history", lazy("Show the customer’s history"), "G, H", "history"),
    ("case.timeline", lazy("Show notes and what happened"), "G, N", "list"),
    ("case.others", lazy("The person’s other cases and linked ones"), "G, O", "layers"),
    ("case.link", lazy("Link with another case"), "G, L", "link"),
    ("case.person", lazy("Accounts of this person"), "G, P", "users"),
    ("case.kept_data", lazy("What is kept of this person"), "G, V", "lock"),
    ("case.hold", lazy("Legal hold on the case"), "G, J", "lock"),
    ("case.kept", lazy("Promise kept"), "G, D", "calendar"),
    ("case.escalate", lazy("Ask people inside (escalate)"), "G, E", "hourglass"),
    ("case.answered", lazy("Keep the answer from inside"), "G, A", "message-circle-reply"),
    ("case.issue", lazy("File under a known issue"), "G, I", "triangle-alert"),
    ("issue.list", lazy("Known issues"), "G, K", "table"),
    ("case.retract", lazy("Retract our message and correct it"), "G, R", "rotate-ccw"),
    ("case.spoken", lazy("Language of the message"), "G, S", "languages"),
    ("case.more", lazy("More about this case"), "G, M", "menu"),
    ("case.refresh", lazy("Read the thread again"), "F5", "refresh-cw"),
    ("case.media", lazy("Show pictures"), "I", "image"),
    ("case.translate", lazy("Translate the message, or show the original alone"), "Shift+T", "languages"),
    ("case.translate_all", lazy("Translate the whole thread"), "G, U", "languages"),
    ("case.browser", lazy("Open on the network"), "W", "external-link"),
    ("case.copy", lazy("Copy the text"), "Y", "copy"),
    ("case.close", lazy("Close the case"), "Q", "x"),
)
_COMPOSER = _rows(
    Group.COMPOSER,
    ("composer.post", lazy("Write a new post"), "C", "pencil"),
    ("composer.template", lazy("Insert a template"), "M | Ctrl+M", "layout-template"),
) + _rows(
    Group.COMPOSER,
    ("composer.send", lazy("Send"), "Ctrl+Return | Ctrl+Enter", "send"),
    ("composer.send_resolve", lazy("Send and resolve"), "Ctrl+Shift+Return | Ctrl+Shift+Enter", "send"),
    ("composer.placeholder", lazy("Next unfilled placeholder"), "Ctrl+J", "braces"),
    ("composer.visibility", lazy("Who can see it"), "Ctrl+Shift+V", "eye"),
    ("composer.language", lazy("Language of the text"), "Ctrl+Shift+L", "languages"),
    ("composer.sides", lazy("One editor, or the customer’s language beside mine"), "Ctrl+Shift+F", "arrow-left-right"),
    ("composer.other", lazy("To the other editor"), "F2", "arrow-left-right"),
    ("composer.translate", lazy("Translate what I wrote"), "F3", "languages"),
    ("composer.back", lazy("Translate it back, to compare"), "Shift+F3", "rotate-ccw"),
    ("composer.finding", lazy("Next thing that is wrong"), "Shift+F2", "circle-alert"),
    ("composer.suggestion", lazy("Insert the first suggestion"), "Alt+Return | Alt+Enter", "corner-up-left"),
    ("composer.suggestions", lazy("All suggestions"), "Alt+Down", "list"),
    ("composer.formality", lazy("How the customer is addressed"), "Shift+F12", "user"),
    ("composer.spoiler", lazy("Content warning"), "Ctrl+Shift+W", "triangle-alert"),
    ("composer.articles", lazy("Articles beside the reply"), "Ctrl+Shift+K", "file"),
    ("composer.guideline", lazy("How we write here"), "Ctrl+Shift+G", "info"),
    ("composer.quote", lazy("Quote the article"), "Ctrl+Shift+I", "message-square"),
    ("composer.link", lazy("Insert the article’s link"), "Ctrl+Shift+J", "link"),
    ("composer.close", lazy("Close the reply"), "Esc", "x"),
    scope=Scope.COMPOSER,
)
_POSTS = (
    _rows(
        Group.POSTS,
        ("posts.calendar", lazy("Calendar of posts"), "G, C | Ctrl+Shift+D", "calendar"),
        ("posts.missed", lazy("Posts that missed their time"), "G, W", "alarm-clock-off"),
        ("posts.repost", lazy("Pass on to several channels"), "X, P", "repeat-2"),
        ("posts.copy", lazy("Post our message once more"), "X, Shift+P", "copy"),
    )
    + _rows(
        Group.POSTS,
        ("posts.send", lazy("Send or plan the post"), "Ctrl+Return | Ctrl+Enter", "send"),
        ("posts.when", lazy("Send at a time"), "Ctrl+Shift+S", "calendar-clock"),
        ("posts.picture", lazy("Add a picture"), "Ctrl+Shift+I", "image"),
        ("posts.template", lazy("Insert a template"), "Ctrl+Shift+M", "layout-template"),
        ("posts.placeholder", lazy("Next unfilled placeholder"), "Ctrl+J", "braces"),
        ("posts.language", lazy("Language of the text"), "Ctrl+Shift+L", "languages"),
        ("posts.spoiler", lazy("Content warning"), "Ctrl+Shift+W", "triangle-alert"),
        ("posts.drafts", lazy("Other drafts"), "Ctrl+Shift+Y", "file"),
        ("posts.discard", lazy("Throw the draft away"), "Ctrl+Shift+Backspace", "trash-2"),
        scope=Scope.POSTING,
    )
    + _rows(
        Group.POSTS,
        ("posts.details", lazy("Open the day or the post"), "Return | Enter", "panel-right"),
        ("posts.edit", lazy("Change the planned post"), "F2", "pencil"),
        ("posts.again", lazy("Use the post again"), "Ctrl+D", "copy"),
        ("posts.move", lazy("Another time for the post"), "Shift+F2", "calendar-clock"),
        ("posts.cancel", lazy("Take the planned post back"), "Del | Backspace", "undo-2"),
        ("posts.day_later", lazy("Post a day to the right"), "Alt+Right", "arrow-right"),
        ("posts.day_earlier", lazy("Post a day to the left"), "Alt+Left", "arrow-left"),
        ("posts.hour_later", lazy("Post an hour later"), "Alt+Down", "chevron-down"),
        ("posts.hour_earlier", lazy("Post an hour earlier"), "Alt+Up", "chevron-up"),
        ("posts.earlier_span", lazy("The month or week before"), "PgUp", "chevron-left"),
        ("posts.later_span", lazy("The month or week after"), "PgDown", "chevron-right"),
        ("posts.today", lazy("Today"), "Home", "calendar"),
        ("posts.week", lazy("Month or week"), "F7", "table"),
        scope=Scope.CALENDAR,
    )
)
_MODERATION = _rows(
    Group.MODERATION,
    ("act.menu", lazy("Moderation actions"), "X, X", "shield"),
    (act_id(Act.FAVOURITE), lazy("Favourite"), "F", "star"),
    (act_id(Act.UNFAVOURITE), lazy("Take back the favourite"), "Shift+F", "star-off"),
    (act_id(Act.BOOST), lazy("Boost"), "B", "repeat-2"),
    (act_id(Act.UNBOOST), lazy("Take back the boost"), "Shift+B", "repeat-2"),
    (act_id(Act.MUTE), lazy("Hide: mute this account"), "H", "volume-x"),
    (act_id(Act.UNMUTE), lazy("Unmute this account"), "Shift+H", "volume-2"),
    (act_id(Act.BLOCK), lazy("Block this account"), "X, B", "ban"),
    (act_id(Act.UNBLOCK), lazy("Unblock this account"), "X, Shift+B", "ban"),
    (act_id(Act.REPORT), lazy_in("verb", "Report"), "X, R", "flag"),
    (act_id(Act.EDIT), lazy("Edit our message"), "X, E", "pencil"),
    (act_id(Act.DELETE), lazy("Delete our message"), "X, D", "trash-2"),
    (act_id(Act.ASSIGN_REPORT), lazy("Take the report"), "X, A", "shield"),
    (act_id(Act.UNASSIGN_REPORT), lazy("Give the report back"), "X, Shift+A", "shield"),
    (act_id(Act.RESOLVE_REPORT), lazy("Close the report"), "X, C", "shield-check"),
    (act_id(Act.REOPEN_REPORT), lazy("Reopen the report"), "X, Shift+C", "shield"),
    (act_id(Act.WARN_ACCOUNT), lazy("Warn the account"), "X, W", "triangle-alert"),
    (act_id(Act.MARK_SENSITIVE), lazy("Mark the account’s media as sensitive"), "X, N", "eye-off"),
    (act_id(Act.UNMARK_SENSITIVE), lazy("Media no longer sensitive"), "X, Shift+N", "eye"),
    (act_id(Act.FREEZE_ACCOUNT), lazy("Freeze the account"), "X, F", "lock"),
    (act_id(Act.UNFREEZE_ACCOUNT), lazy("Unfreeze the account"), "X, Shift+F", "lock-open"),
    (act_id(Act.LIMIT_ACCOUNT), lazy("Limit the account"), "X, L", "volume-x"),
    (act_id(Act.UNLIMIT_ACCOUNT), lazy("No longer limit the account"), "X, Shift+L", "volume-2"),
    (act_id(Act.APPROVE), lazy("Approve the message"), "X, Y", "check"),
    (act_id(Act.HOLD), lazy("Hold the message back"), "X, Shift+Y", "pause"),
    (act_id(Act.JUNK), lazy("Spam"), "X, J", "circle-alert"),
    (act_id(Act.UNJUNK), lazy("No spam"), "X, Shift+J", "circle-check"),
    (act_id(Act.TRASH), lazy("Move to the trash"), "X, T", "trash-2"),
    (act_id(Act.RESTORE), lazy("Restore from the trash"), "X, Shift+T", "undo-2"),
    (act_id(Act.ARCHIVE), lazy("Archive"), "X, V", "inbox"),
    (act_id(Act.UNARCHIVE), lazy("Back from the archive"), "X, Shift+V", "inbox"),
    (act_id(Act.HIDE), lazy("Hide the message from others"), "X, H", "eye-off"),
    (act_id(Act.UNHIDE), lazy("Show the message to others"), "X, Shift+H", "eye"),
    (act_id(Act.REMOVE), lazy("Remove the message"), "X, Del", "trash-2"),
    (act_id(Act.KICK), lazy("Remove from the room"), "X, K", "user-minus"),
    (act_id(Act.BAN), lazy("Ban from the room"), "X, O", "ban"),
    (act_id(Act.UNBAN), lazy("Lift the ban"), "X, Shift+O", "user-check"),
    (act_id(Act.TAKE_DOWN), lazy("Take down from the network"), "X, Q", "shield"),
    (act_id(Act.REVERSE_TAKE_DOWN), lazy("Reverse the takedown"), "X, Shift+Q", "shield-check"),
    (act_id(Act.LABEL), lazy("Put a label on it"), "X, G", "tag"),
    (act_id(Act.UNLABEL), lazy("Take a label off"), "X, Shift+G", "tags"),
    (act_id(Act.ESCALATE_REPORT), lazy("Escalate the report"), "X, U", "arrow-up"),
    (act_id(Act.SUSPEND_ACCOUNT), lazy("Suspend the account"), "X, S", "ban"),
    (act_id(Act.UNSUSPEND_ACCOUNT), lazy("No longer suspend the account"), "X, Shift+S", "ban"),
)
_OUTBOX = _rows(
    Group.OUTBOX,
    ("outbox.hold", lazy("Hold or release the outbox"), "Ctrl+Shift+H", "hand"),
    ("outbox.now", lazy("Send now, without waiting"), "O, N", "send"),
    ("outbox.more", lazy("More time before it is sent"), "Shift+U", "timer"),
    ("outbox.cancel", lazy("Take back before it is sent"), "O, T", "undo-2"),
    ("outbox.look", lazy("Look again on the network"), "O, L", "search"),
    ("outbox.confirm", lazy("Mark as sent"), "O, S", "check"),
    ("outbox.again", lazy("Send again"), "O, A", "rotate-ccw"),
    ("outbox.discard", lazy("Discard"), "O, D", "trash-2"),
    ("outbox.case", lazy("Open its case"), "O, O", "panel-right"),
)
_APPROVAL = _rows(
    Group.OUTBOX,
    ("review.approve", lazy("Approve"), "O, P", "shield-check"),
    ("review.look", lazy("Second look at my own words"), "O, K", "eye"),
    ("review.edit", lazy("Change the words that wait"), "O, E", "pencil"),
    ("review.revert", lazy("Words as they were first"), "O, W", "rotate-ccw"),
    ("review.back", lazy("Send back with a remark"), "O, R", "corner-up-left"),
) + _rows(
    Group.OUTBOX,
    ("review.go", lazy("Approve what is shown"), "Ctrl+Return | Ctrl+Enter", "shield-check"),
    scope=Scope.APPROVAL,
)
_RULES = _rows(
    Group.RULES,
    ("rules.why", lazy("Why does the rule fit this message?"), "G, Y", "circle-help"),
    ("rules.undo", lazy("Take back what rules did to the case"), "G, Z", "undo-2"),
    ("rules.unfold", lazy("Show the folded card in full"), "G, F", "maximize-2"),
) + _rows(
    Group.RULES,
    ("rules.save", lazy("Save the rule"), "Ctrl+S", "save"),
    ("rules.new", lazy("New rule"), "Ins | Ctrl+Shift+A", "plus"),
    ("rules.copy", lazy("Duplicate the rule"), "Ctrl+D", "copy"),
    ("rules.switch", lazy("Switch the rule on or off"), "Ctrl+Shift+S", "check"),
    ("rules.up", lazy("Ask the rule earlier"), "Alt+Up", "arrow-up"),
    ("rules.down", lazy("Ask the rule later"), "Alt+Down", "chevron-down"),
    ("rules.remove", lazy("Remove the rule"), "Del", "trash-2"),
    ("rules.try", lazy("Dry run on the last 30 days"), "F9", "play"),
    ("rules.import", lazy("Take over rules from a file"), "Ctrl+Shift+I", "download"),
    ("rules.export", lazy("Save the rules to a file"), "Ctrl+Shift+E", "save"),
    scope=Scope.RULES,
)
_TEMPLATES = _rows(
    Group.TEMPLATES,
    ("templates.new", lazy("New template"), "Ctrl+Shift+A", "plus"),
    ("templates.duplicate", lazy("Duplicate the template"), "Ctrl+D", "copy"),
    ("templates.move", lazy("Move to another folder"), "Ctrl+Shift+M", "inbox"),
    ("templates.folder", lazy("Rename the folder"), "F2", "pencil"),
    ("templates.remove", lazy("Delete the template"), "Del | Backspace", "trash-2"),
    ("templates.find", lazy("Find a template"), "Ctrl+L", "search"),
    ("templates.placeholder", lazy("Insert a placeholder"), "Ctrl+J", "braces"),
    ("templates.import", lazy("Import templates"), "Ctrl+Shift+I", "download"),
    ("templates.export", lazy("Export templates"), "Ctrl+Shift+X", "save"),
    scope=Scope.TEMPLATES,
)
_DESK = _rows(
    Group.DESK,
    ("desk.undo", lazy("Undo"), "Z | Ctrl+Z", "undo-2"),
    ("desk.redo", lazy("Redo"), "Shift+Z | Ctrl+Shift+Z", "redo-2"),
    ("desk.channel", lazy("Connect a channel"), "Ctrl+N", "plug"),
    ("desk.practice", lazy("Start practising"), "Ctrl+Shift+P", "graduation-cap"),
    ("desk.afresh", lazy("Start practice afresh"), "Ctrl+Shift+F5", "refresh-cw"),
    ("wellness.lift", lazy("Show as it is, or soften again"), "Ctrl+Shift+B", "eye"),
    ("wellness.mine", lazy("What I have looked at"), "F4", "hourglass"),
    ("desk.language", lazy("Language of the interface"), "L", "languages"),
    ("desk.theme", lazy("Theme"), "Ctrl+Shift+T", "sun-moon"),
    ("desk.larger", lazy("Larger text"), "Ctrl++ | Ctrl+=", "zoom-in"),
    ("desk.smaller", lazy("Smaller text"), "Ctrl+-", "zoom-out"),
    ("desk.normal", lazy("Normal text size"), "Ctrl+0", "type"),
    ("desk.fullscreen", lazy("Full screen"), "F11", "maximize-2"),
    ("desk.quit", lazy("Quit"), "Ctrl+Q", "log-out"),
)

ACTIONS: tuple[ActionSpec, ...] = (
    *_GO, *_DECK, *_CASE, *_COMPOSER, *_POSTS, *_MODERATION, *_OUTBOX, *_APPROVAL, *_TEMPLATES, *_RULES, *_DESK,
)  # fmt: skip
BY_ID: dict[str, ActionSpec] = {spec.id: spec for spec in ACTIONS}

Bindings = Mapping[str, tuple[str, ...]]
"""Keys by action id, only of those that differ from the defaults; an empty tuple leaves an action without keys."""


_SIDEWAYS = frozenset({"column.next", "column.previous", "column.move_left", "column.move_right"})
_ARROW = re.compile("Left|Right")


def bound(bindings: Bindings) -> dict[str, tuple[str, ...]]:
    """Keys by action id as they are in force; unknown ids in `bindings` are passed over."""
    return {spec.id: tuple(bindings.get(spec.id, spec.keys)) for spec in ACTIONS}


def seen(name: str, keys: tuple[str, ...], *, rtl: bool) -> tuple[str, ...]:
    """The keys of `name` as they are in force for who reads from right to left, if `rtl`.

    Left and Right go where one sees the next column; keys that somebody chose stay what they are.
    """
    if not rtl or name not in _SIDEWAYS or keys != BY_ID[name].keys:
        return keys
    return tuple(_ARROW.sub(lambda found: "Right" if found[0] == "Left" else "Left", key) for key in keys)
