"""Keys as text: what is written is read back, what cannot be used is told with its line."""

from hypothesis import given
from hypothesis import strategies as st

from workstation.i18n import plain, render
from workstation.views.keyboard.keyfile import normal, read, write
from workstation.views.keys import ACTIONS, BY_ID, bound

NAMES = st.sampled_from([spec.id for spec in ACTIONS])


def test_the_defaults_are_written_and_read_back() -> None:
    assert read(write({})) == read("")
    assert read(write({})).bindings == {}
    assert read(write({})).faults == ()


@given(NAMES, st.sampled_from(["Ctrl+Alt+F9", "F12", "Ctrl+Shift+F12, F9", ""]))
def test_changed_keys_come_back(name: str, keys: str) -> None:
    bindings = {name: (keys,) if keys else ()}
    text = write(bindings)
    assert bound(read(text).bindings) == bound(bindings)
    assert read(write(bindings, changed_only=True)) == read(text)


def test_what_cannot_be_used_is_told() -> None:
    reading = read("# ours\n\nnothing = X\ncase.claim = Strg+Bogus\ncase.tag = R\n")
    told = [(fault.line, plain(render(fault.text))) for fault in reading.faults]
    assert told == [
        (3, "There is no action “nothing”."),
        (4, "“Strg+Bogus” is not a key."),
        (0, "R would do both “Reply” and “Tags”."),
    ]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    reading = read(text)
    assert all(name in BY_ID for name in reading.bindings)


@given(st.text(max_size=12))
def test_a_key_is_spelled_as_qt_spells_it(text: str) -> None:
    spelled = normal(text)
    assert spelled == "" or normal(spelled) == spelled
