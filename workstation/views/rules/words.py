"""What a rule does, would do and did, in words."""

from collections.abc import Mapping

from workstation.domain.replay import Tally
from workstation.domain.rules import Rule, Severity
from workstation.domain.text import N_, LazyText, lazy
from workstation.i18n import _, formats, ngettext, render

SEVERITY: dict[Severity, LazyText] = {
    Severity.QUIET: lazy("quietly"),
    Severity.NORMAL: lazy("as usual"),
    Severity.URGENT: lazy("urgently"),
}


HAPPENED: dict[str, str] = {
    "add": N_("tagged {value}"),
    "remove": N_("took off {value}"),
    "priority": N_("priority {value}"),
    "collapse": N_("folded the card"),
    "notify": N_("gave notice"),
    "holding": N_("holding reply “{value}”"),
}
"""What each value of a line in the timeline says."""


def follows(rule: Rule) -> str:
    """What follows from a rule, as one line."""
    parts = []
    if rule.add:
        parts.append(_("tag {tags}", tags=formats().list(list(rule.add))))
    if rule.remove:
        parts.append(_("take off {tags}", tags=formats().list(list(rule.remove))))
    if rule.priority is not None:
        parts.append(_("priority {number}", number=rule.priority))
    if rule.team:
        parts.append(_("team {team}", team=rule.team))
    if rule.collapse:
        parts.append(_("fold the card"))
    if rule.notify is not None:
        parts.append(_("give notice {how}", how=render(SEVERITY[rule.notify])))
    if rule.holding:
        parts.append(_("holding reply “{template}”", template=rule.holding))
    if rule.stop:
        parts.append(_("ask no later rule"))
    return " · ".join(parts) if parts else _("nothing follows yet")


def matched(tally: Tally, messages: int) -> str:
    """How much a rule would have fitted."""
    return ngettext(
        "{count} of {all} messages", "{count} of {all} messages", tally.matched, all=formats().number(messages)
    )


def would(tally: Tally) -> list[str]:
    """What a rule would have done, a line for each kind."""
    lines = [_counted(_("Tagged"), tally.added), _counted(_("Tags taken off"), tally.removed)]
    if tally.cases:
        lines.insert(0, ngettext("In {count} case", "In {count} cases", len(tally.cases)))
    if tally.without_case:
        lines.append(
            ngettext(
                "{count} message has no case: nothing to tag or answer",
                "{count} messages have no case: nothing to tag or answer",
                tally.without_case,
            )
        )
    if tally.priorities:
        lines.append(ngettext("{count} new priority", "{count} new priorities", tally.priorities))
    if tally.folded:
        lines.append(ngettext("{count} card folded", "{count} cards folded", tally.folded))
    if tally.notified:
        lines.append(ngettext("{count} notice", "{count} notices", tally.notified))
    if tally.held:
        lines.append(ngettext("{count} holding reply", "{count} holding replies", tally.held))
    return [line for line in lines if line]


def _counted(what: str, tags: Mapping[str, int]) -> str:
    if not tags:
        return ""
    listed = [_("{tag} {number}", tag=tag, number=formats().number(count)) for tag, count in sorted(tags.items())]
    return _("{what}: {detail}", what=what, detail=formats().list(listed))


def happened(detail: Mapping[str, str]) -> LazyText:
    """A line of the timeline: which rule did what."""
    told = [
        lazy(words, value=detail[name]) if "{" in words else lazy(words)
        for name, words in HAPPENED.items()
        if detail.get(name)
    ]
    rule = lazy("By rule “{rule}”", rule=detail.get("rule", ""))
    if not told:
        return rule
    what = told[0]
    for each in told[1:]:
        what = lazy("{first}, {second}", first=what, second=each)
    return lazy("{what}: {detail}", what=rule, detail=what)
