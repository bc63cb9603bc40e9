"""The timeline: every command and event has words of its own, with what is known, and never a name."""

from typing import get_args

import msgspec
import pytest

from workstation.domain import actions
from workstation.domain.cases import Happening
from workstation.domain.outbox import WRITES_TEXT, Act
from workstation.i18n import plain, render
from workstation.views.case.happenings import HAPPENED, UNKNOWN, told


def _tags() -> list[str]:
    return [str(kind.__struct_config__.tag) for kind in get_args(actions.AnyCommand)]


@pytest.mark.parametrize("what", [*_tags(), "opened", "inbound", "reopened", "replied"])
def test_every_command_and_event_has_words(what: str) -> None:
    assert what in HAPPENED
    assert told(Happening(0, what)) != UNKNOWN


@pytest.mark.parametrize("act", [act for act in Act if act not in WRITES_TEXT or act is Act.EDIT])
def test_every_act_on_the_network_has_words(act: Act) -> None:
    text, icon = told(Happening(0, f"act:{act}"))
    assert render(text)
    assert icon != UNKNOWN[1]


@pytest.mark.parametrize(
    ("what", "detail", "words"),
    [
        ("snooze", {"until": "1780000000000000"}, "Snoozed until"),
        ("resolve", {"outcome": "answered"}, "Resolved: Answered"),
        ("tags", {"add": "refund", "remove": ""}, "Tags put on: refund"),
        ("tags", {"add": "a", "remove": "b"}, "Tags put on: a; taken off: b"),
        ("promise", {"due_at": "0", "kept": "yes"}, "Promise kept"),
        ("promise", {"due_at": "0", "kept": ""}, "Promise taken back"),
        ("linked", {"other": "7", "kind": "continues"}, "Linked with case 7: one conversation"),
        ("issue", {"issue": "3", "before": "0"}, "Filed under known issue 3"),
        ("issue", {"issue": "0", "before": "3"}, "No longer filed under a known issue"),
        ("tags", {"add": "vip", "rule": "Refunds"}, "Tags put on: vip (rule “Refunds”)"),
        ("resolve", {"outcome": "nonsense"}, "Resolved"),
    ],
)
def test_what_is_known_is_said(what: str, detail: dict[str, str], words: str) -> None:
    assert plain(render(told(Happening(0, what, detail))[0])).startswith(words)


def test_a_line_of_a_later_version_is_shown_as_a_change() -> None:
    assert told(Happening(0, "quux", {"a": "b"})) == UNKNOWN
    assert msgspec.to_builtins(UNKNOWN[0])
