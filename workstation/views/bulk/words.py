"""What would change in a case, in words: each field before and after."""

import re
from collections.abc import Iterator

from workstation.domain.cases import Case, Entry
from workstation.domain.messages import Micros
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, plain, render
from workstation.services.bulk import Effect, Verdict
from workstation.views import masking, wording
from workstation.views.case.words import HOLDER, OUTCOME, STATUS
from workstation.views.deck.content import one_line

EXCERPT = 120
_CALLED = re.compile(r"^(?:\s*@[\w.@-]+)+\s*")

PRIORITIES: dict[int, LazyText] = {
    0: lazy("Normal priority"),
    1: lazy("Raised priority"),
    2: lazy("High priority"),
    3: lazy("Urgent"),
}


def priority(value: int) -> str:
    """A priority by its name, or by its number where rules gave it one of their own."""
    found = PRIORITIES.get(value)
    return render(found) if found is not None else _("Priority {number}", number=formats().number(value))


def differences(before: Case, after: Case) -> list[str]:
    """Each field that changes; empty if nothing does that people see."""
    return [_("{field}: {change}", field=field, change=change) for field, change in _fields(before, after)]


def _fields(before: Case, after: Case) -> Iterator[tuple[str, str]]:
    if before.status is not after.status:
        yield _("Status"), arrow(render(STATUS[before.status]), render(STATUS[after.status]))
    if before.outcome is not after.outcome:
        words = [render(OUTCOME[case.outcome]) if case.outcome else "" for case in (before, after)]
        yield _("Outcome"), arrow(*words)
    if before.holder is not after.holder:
        yield _("Held"), arrow(render(HOLDER[before.holder]), render(HOLDER[after.holder]))
    if before.tags != after.tags:
        gone = [f"−{plain(tag)}" for tag in before.tags if tag not in after.tags]
        come = [f"+{plain(tag)}" for tag in after.tags if tag not in before.tags]
        yield _("Tags"), " ".join([*come, *gone])
    if before.priority != after.priority:
        yield _("Priority"), arrow(priority(before.priority), priority(after.priority))
    if before.snoozed_until != after.snoozed_until:
        yield _("Snoozed until"), arrow(_moment(before.snoozed_until), _moment(after.snoozed_until))
    if before.due_at != after.due_at:
        yield _("Promised by"), arrow(_moment(before.due_at), _moment(after.due_at))


def arrow(before: str, after: str) -> str:
    """Before and after, read in the direction of the interface; nothing is a dash."""
    sign = "←" if formats().direction == "rtl" else "→"
    return f"{before or '–'} {sign} {after or '–'}"


def _moment(at: Micros) -> str:
    return formats().datetime(at, "short") if at else ""


def whom(entry: Entry) -> str:
    """The customer of a row, on one line."""
    author = entry.message.author
    return one_line(masking.name(author)) or one_line(masking.handle(author)) or _("Unknown")


def excerpt(entry: Entry) -> str:
    """The beginning of what they wrote, on one line, without whom they called."""
    text = masking.text(wording.text(entry.message))
    return one_line(_CALLED.sub("", text) or text, EXCERPT)


def told(effect: Effect) -> str:
    """What an effect does to its case, or why nothing is done."""
    case = effect.entry.case
    if effect.verdict is Verdict.REFUSED:
        return render(effect.why) if effect.why is not None else ""
    if effect.verdict is Verdict.SAME or case is None or effect.after is None:
        return _("Stays as it is")
    return " · ".join(differences(case, effect.after)) or _("Changes")
