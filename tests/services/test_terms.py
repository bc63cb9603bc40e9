"""Agreed words: what holds for a pair, what must not be said, undo, files that come back as they went."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.checks import Wording
from workstation.domain.knowledge import Change
from workstation.domain.memory import Term
from workstation.domain.translation import Pair
from workstation.services import term_files
from workstation.services.desk import Desk, open_desk
from workstation.services.marked_up import WordFileError
from workstation.services.profile import Profile
from workstation.services.terms import TermRefusedError

ORDER = Term("en", "de", "order", "Bestellung", "in every letter", ("Order", "Auftrag"))
ACME = Term("", "", "Acme")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(Profile(tmp_path / "desk")) as found:
        yield found


async def test_what_holds_for_a_pair(desk: Desk) -> None:
    for term in (ORDER, ACME, Term("en", "fr", "order", "commande"), Term("de", "", "Handy"),
                 Term("en-US", "de-DE", "cell", "Handy")):  # fmt: skip
        await desk.terms.save(term)
    agreed = await desk.terms.agreed(Pair("en-GB", "de-AT"))
    assert agreed.kept == ("Acme",)
    assert set(agreed.glossary) == {Wording("order", ("Bestellung",)), Wording("cell", ("Handy",))}
    assert (await desk.terms.agreed(Pair("de", "en"))).kept == ("Acme", "Handy")


async def test_what_must_not_be_said_is_found_as_a_word(desk: Desk) -> None:
    await desk.terms.save(ORDER)
    agreed = await desk.terms.agreed(Pair("en", "de"))
    text = "Ihr AUFTRAG, Ihre Order; Ordertexte und Aufträge nicht."
    assert [text[start:end] for start, end, _term in agreed.forbidden(text)] == ["AUFTRAG", "Order"]
    assert [found[:2] for found in agreed.forbidden("İstanbul Order")] == [(9, 14)]


async def test_every_change_can_be_taken_back(desk: Desk) -> None:
    stored, back = await desk.terms.save(ORDER)
    changed, again = await desk.terms.save(Term("en", "de", "order", "Auftrag", id=stored.id))
    assert [term.target for term in await desk.terms.list()] == ["Auftrag"]
    forth = await desk.terms.take(again)
    assert await desk.terms.list() == (stored,)
    await desk.terms.take(forth)
    assert await desk.terms.list() == (changed,)
    gone = await desk.terms.remove([changed])
    await desk.terms.take(gone)
    assert await desk.terms.list() == (changed,)
    await desk.terms.take(back)
    assert await desk.terms.list() == ()


async def test_what_is_no_term_is_refused(desk: Desk) -> None:
    for term in (Term("en", "de", " "), Term("", "de", "a", "b"), Term("en", "", "a", "b")):
        with pytest.raises(TermRefusedError):
            await desk.terms.save(term)


async def test_a_file_is_planned_before_it_is_taken(desk: Desk, tmp_path: Path) -> None:
    await desk.terms.save(ORDER)
    await desk.terms.save(ACME)
    path = tmp_path / "words.csv"
    path.write_text(
        "source_language;target_language;source;target;note\nen;de;order;Bestellung;other\n;;Acme;;\nen;de;a;b;\n",
        "utf-8",
    )
    plan = await desk.terms.plan(path)
    assert [(each.change, each.term.source) for each in plan.differences] == [
        (Change.CHANGED, "order"), (Change.SAME, "Acme"), (Change.NEW, "a"),
    ]  # fmt: skip
    before = await desk.terms.list()
    back = await desk.terms.carry_out(plan)
    assert len(await desk.terms.list()) == 3
    await desk.terms.take(back)
    assert await desk.terms.list() == before


_WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(
    lambda text: " ".join(text.replace("|", "").split())
).filter(bool)  # fmt: skip
_TERM = st.one_of(
    st.builds(lambda source, note: Term("", "", source, note=note), _WORD, st.just("")),
    st.builds(
        lambda source, target, wrong, note: Term("en", "pt-BR", source, target, note, tuple(dict.fromkeys(wrong))),
        _WORD, _WORD, st.lists(_WORD, max_size=3), _WORD,
    ),
)  # fmt: skip


@given(st.lists(_TERM, max_size=5, unique_by=lambda term: (term.target_language, term.source, term.target)))
@pytest.mark.parametrize("name", ["words.tbx", "words.csv"])
def test_what_went_out_comes_back(name: str, terms: list[Term]) -> None:
    again = term_files.parse(term_files.written(terms, name), name)
    assert set(again) == set(terms)


OLD = """<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXBasic.dtd"><martif type="TBX-Basic" xml:lang="en">
<text><body><termEntry id="1"><descrip type="definition">what was bought</descrip>
<langSet xml:lang="en-US"><tig><term>order</term></tig></langSet>
<langSet xml:lang="DE"><ntig><termGrp><term>Bestellung</term></termGrp></ntig>
<tig><term>Order</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet>
</termEntry></body></text></martif>"""


def test_the_older_standard_is_read_too() -> None:
    assert term_files.parse(OLD.encode(), "old.tbx") == (
        Term("en-US", "de", "order", "Bestellung", "what was bought", ("Order",)),
    )


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("a.csv", b"source\nx\n", 1),
        ("a.csv", b"source_language,source,colour\nen,x,y\n", 1),
        ("a.csv", b"source_language,source\nen,x\nen\n", 3),
        ("a.csv", b"source_language,source\nen,\xff\n", 2),
        ("a.csv", b"source_language,source\nnot a language,x\n", 2),
        ("a.csv", b"source_language,source\nen," + b"x" * 300 + b"\n", 2),
        ("a.tbx", b'<!DOCTYPE tbx [<!ENTITY a "b">]><tbx>&a;</tbx>', 1),
        ("a.tbx", b"<tmx/>", 1),
        ("a.tbx", b"", 1),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(name: str, data: bytes, line: int) -> None:
    with pytest.raises(WordFileError) as refused:
        term_files.parse(data, name)
    assert refused.value.line == line
