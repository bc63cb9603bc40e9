"""What happened to a case, in words: every command and event has a sentence, none of them names anybody."""

from workstation.domain.cases import Happening, Outcome
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText, Moment, lazy, lazy_in
from workstation.domain.ties import TieKind
from workstation.views.case.words import OUTCOME, TIE
from workstation.views.keys import BY_ID, act_id

HAPPENED: dict[str, tuple[LazyText, str]] = {
    "opened": (lazy("Case opened"), "circle-dot"),
    "inbound": (lazy("The customer wrote"), "message-square"),
    "episode": (lazy("A new request began"), "circle-dot"),
    "claim": (lazy("Taken"), "user-plus"),
    "release": (lazy("Given back"), "user-minus"),
    "tags": (lazy("Tags changed"), "tag"),
    "snooze": (lazy("Snoozed"), "alarm-clock"),
    "wake": (lazy("Snooze ended"), "alarm-clock-off"),
    "woken": (lazy("Snooze ended"), "alarm-clock-off"),
    "resolve": (lazy("Resolved"), "circle-check"),
    "reopen": (lazy("Reopened"), "rotate-ccw"),
    "reopened": (lazy("Reopened"), "rotate-ccw"),
    "promise": (lazy("Promise changed"), "calendar-clock"),
    "priority": (lazy("Priority changed"), "arrow-up"),
    "add_note": (lazy("Note written"), "sticky-note"),
    "remove_note": (lazy("Note taken back"), "sticky-note"),
    "restore": (lazy("Undone"), "undo-2"),
    "replied": (lazy("Answered"), "reply"),
    "sent": (lazy("Reply sent"), "send"),
    "merged": (lazy("Joined with another case"), "layers"),
    "link": (lazy("Linked with another case"), "link"),
    "linked": (lazy("Linked with another case"), "link"),
    "unlink": (lazy("Link to another case removed"), "link"),
    "unlinked": (lazy("Link to another case removed"), "link"),
    "issue": (lazy("Known issue changed"), "triangle-alert"),
    "escalate": (lazy("People inside were asked; their answer is awaited"), "hourglass"),
    "withdraw": (lazy("The question to people inside was taken back"), "undo-2"),
    "answer": (lazy("The answer from inside came"), "message-circle-reply"),
    "await": (lazy("The answer from inside is awaited again"), "hourglass"),
    "rule": (lazy("A rule did something"), "filter"),
    "undo_rule": (lazy("What rules did was undone"), "undo-2"),
    "waits": (lazy("The words wait for approval"), "hourglass"),
    "reworded": (lazy("The words that wait were changed"), "pencil"),
    "approved": (lazy("The words were approved"), "shield-check"),
    "sent_back": (lazy("The words were sent back"), "corner-up-left"),
    "act:edit": (lazy("Our message was changed on the network"), "pencil"),
    "act:delete": (lazy("Our message was deleted on the network"), "trash-2"),
}
UNKNOWN = (lazy("Changed"), "circle")
HIDDEN = frozenset({"add_note"})
"""What the note itself tells."""


def told(row: Happening) -> tuple[LazyText, str]:
    """The sentence for a line of the timeline, and its icon."""
    plain, icon = HAPPENED.get(row.what) or _act(row.what)
    text = _sentence(row) or plain
    if row.what == "rule":
        return text, icon
    rule = row.detail.get("rule", "")
    if rule:
        text = lazy("{what} (rule “{rule}”)", what=text, rule=rule)
    return text, icon


def _act(what: str) -> tuple[LazyText, str]:
    name, _colon, act = what.partition(":")
    if name != "act" or act not in tuple(Act):
        return UNKNOWN
    spec = BY_ID.get(act_id(Act(act)))
    return (lazy("Done on the network: {action}", action=spec.label), spec.icon) if spec is not None else UNKNOWN


def _sentence(row: Happening) -> LazyText | None:
    """The sentence with what is known; None where the plain one says it all."""
    # Imported when first opened: a start pays for every module.
    from workstation.views.rules.words import happened

    detail = row.detail
    match row.what:
        case "tags":
            return _tags(detail.get("add", ""), detail.get("remove", ""))
        case "snooze" if until := _number(detail, "until"):
            return lazy("Snoozed until {time}", time=Moment(until))
        case "resolve" if detail.get("outcome") in tuple(Outcome):
            return lazy("Resolved: {outcome}", outcome=OUTCOME[Outcome(detail["outcome"])])
        case "promise":
            return _promise(_number(detail, "due_at"), kept=bool(detail.get("kept")))
        case "link" | "linked" if detail.get("kind") in tuple(TieKind):
            kind = TIE[TieKind(detail["kind"])]
            return lazy("Linked with case {number}: {kind}", number=detail.get("other", ""), kind=kind)
        case "unlink" | "unlinked" if detail.get("other"):
            return lazy("No longer linked with case {number}", number=detail["other"])
        case "rule":
            return happened(detail)
        case "approved" if detail.get("way") == "look":
            return lazy("The words were approved at a second look")
        case "priority" if (priority := detail.get("priority", "")).lstrip("-").isdecimal():
            return lazy("Priority now {priority}", priority=int(priority))
        case "issue":
            return _issue(_number(detail, "issue"))
        case _:
            return None


def _number(detail: dict[str, str], name: str) -> int:
    value = detail.get(name, "")
    return int(value) if value.isdecimal() else 0


def _tags(add: str, remove: str) -> LazyText | None:
    if add and remove:
        return lazy("Tags put on: {added}; taken off: {removed}", added=add, removed=remove)
    if add:
        return lazy("Tags put on: {tags}", tags=add)
    return lazy("Tags taken off: {tags}", tags=remove) if remove else None


def _promise(due: int, *, kept: bool) -> LazyText:
    if due:
        return lazy("Promised by {time}", time=Moment(due))
    return lazy_in("timeline", "Promise kept") if kept else lazy_in("timeline", "Promise taken back")


def _issue(number: int) -> LazyText:
    if number:
        return lazy("Filed under known issue {number}", number=str(number))
    return lazy("No longer filed under a known issue")
