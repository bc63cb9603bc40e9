"""Layouts by name in files that every system takes, and columns as text that may come from anybody."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.errors import FilterError, MeridianError
from workstation.domain.filters import parse
from workstation.services import sharing
from workstation.services.columns import ColumnSpec, Placement, Severity
from workstation.services.highlights import Colour, Highlight
from workstation.services.layout import Arrangement, Layout, LayoutNameError
from workstation.services.sharing import Fate

SPEC = ColumnSpec(
    "a", title="German", filter="lang:de", queue=True, width=320, notify=Severity.URGENT,
    window=Placement("Side", 1, 2, 300, 400), highlights=(Highlight("is:late", "Late", Colour.WARN),),
)  # fmt: skip


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An empty profile's."""
    return Layout(tmp_path / "layout.toml", tmp_path / "window.toml")


def test_a_deck_reads_back_whole(layout: Layout, tmp_path: Path) -> None:
    deck = Arrangement((SPEC, ColumnSpec("b")), (Highlight("lang:fr"),), "Office")
    layout.put(deck)
    assert Layout(tmp_path / "layout.toml", tmp_path / "window.toml").now == deck


@pytest.mark.parametrize("name", ["Office", "con", "A/B: c?*", "オフィス", "..", "NUL.toml", "x" * 200, "مكتب"])
def test_any_name_makes_a_file(layout: Layout, tmp_path: Path, name: str) -> None:
    layout.save((SPEC,))
    kept = layout.keep(name)
    assert layout.names() == (kept,)
    assert layout.kept(kept) is not None
    (path,) = (tmp_path / "layouts").iterdir()
    assert path.parent == tmp_path / "layouts"
    assert not set('<>:"/\\|?*') & set(path.name)
    assert path.stem.casefold() not in {"con", "nul"}


def test_names_that_differ_only_in_writing_are_one_and_others_never_meet(layout: Layout, tmp_path: Path) -> None:
    layout.keep("Office", Arrangement((SPEC,)))
    layout.keep("OFFICE", Arrangement(()))
    assert layout.names() == ("OFFICE",)
    layout.keep("a/b", Arrangement((SPEC,)))
    layout.keep("a:b", Arrangement(()))
    assert set(layout.names()) == {"OFFICE", "a/b", "a:b"}
    with pytest.raises(LayoutNameError):
        layout.rename("a/b", "office")
    with pytest.raises(LayoutNameError):
        layout.keep("  ")
    (tmp_path / "layouts" / "broken.toml").write_text("= nonsense", encoding="utf-8")
    assert len(layout.names()) >= 3


def test_switching_gives_back_what_was_there(layout: Layout) -> None:
    layout.keep("Home", Arrangement((ColumnSpec("h"),)))
    layout.save((SPEC,))
    before = layout.switch("Home")
    assert layout.now.columns == (ColumnSpec("h"),)
    assert layout.now.name == "Home"
    assert not layout.changed
    assert before is not None
    layout.put(before)
    assert layout.now.columns == (SPEC,)
    assert layout.switch("nowhere") is None


def test_what_is_shared_holds_nothing_of_this_desk_alone() -> None:
    text = sharing.written((SPEC, ColumnSpec("b", preset="mentions", filter="kind:mention")))
    assert "Side" not in text
    assert '"a"' not in text
    (german, mentions) = sharing.read(text)
    assert german.highlights == SPEC.highlights
    assert mentions.preset == "mentions"
    mine = (SPEC, ColumnSpec("m", preset="mentions", filter="kind:mention"))
    offers = sharing.compared(mine, (german, mentions))
    assert [offer.fate for offer in offers] == [Fate.SAME, Fate.SAME]


def test_controls_of_direction_do_not_come_in() -> None:
    (spec,) = sharing.read('[[column]]\ntitle = "a\\u202Eb"\nfilter = "lang:de\\u2066"\n')
    assert spec.title == "ab"
    assert spec.filter == "lang:de"


@given(st.text(max_size=400))
def test_any_text_is_columns_or_a_sentence(text: str) -> None:
    with contextlib.suppress(MeridianError):  # and nothing else
        assert sharing.read(text)


@given(st.lists(st.tuples(st.text(max_size=20), st.sampled_from(["", "lang:de", "is:late -is:spam", "is:no", "("])),
                max_size=8))  # fmt: skip
def test_what_goes_out_comes_in_as_it_was(columns: list[tuple[str, str]]) -> None:
    specs = tuple(ColumnSpec(str(number), title=sharing._plain(title), filter=filter_)
                  for number, (title, filter_) in enumerate(columns))  # fmt: skip
    if not specs:
        return
    back = sharing.read(sharing.written(specs))
    assert [(spec.title, spec.filter) for spec in back] == [(spec.title, spec.filter) for spec in specs]
    for offer in sharing.compared((), back):
        readable = True
        try:
            parse(offer.spec.filter)
        except FilterError:
            readable = False
        assert (offer.fate is not Fate.UNREADABLE) is readable
    new = sharing.taken((), sharing.compared((), back))
    assert all(offer.fate in (Fate.NEW, Fate.UNREADABLE) for offer in sharing.compared((), back))
    assert len(new) <= len(specs)
