"""Templates as files: they come back as they went, a bad one is named with its line, an import is shown first."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.empty import empty
from tests.services.parts import SetClock
from workstation.domain.knowledge import Change
from workstation.domain.templates import OTHER, Drift, Family, Formality, Variant, drift, fingerprint, source_of
from workstation.services.feed import Feed
from workstation.services.template_files import FORMATS, TemplateFileError, _plain_cell, _safe_cell, parse, written
from workstation.services.templates import ShortcutTakenError, Step, Templates, free_key
from workstation.store.store import Store

PLAIN = st.characters(exclude_categories=["Cs", "Cc"])
LINE = st.text(PLAIN, min_size=1, max_size=20).filter(lambda text: text == " ".join(text.split()) and text != "")
TEXT = st.text(PLAIN | st.just("\n"), min_size=1, max_size=60).map(str.strip).filter(bool)
KEY = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
LANGUAGE = st.sampled_from(["en", "de", "pt-BR", "zh-Hans", "ar"])
WORD = st.from_regex(r"[a-zäß]{1,8}", fullmatch=True)


def states(draw: st.DrawFn, made: Family) -> Family:
    """The same with variants that fit, that do not, that nobody has read, and of which nothing is known."""
    variants = []
    for variant in made.variants:
        source = source_of(made, variant)
        known = draw(st.sampled_from(["", OTHER, fingerprint(source.text)])) if source is not None else ""
        variants.append(msgspec.structs.replace(variant, made_for=known, machine=draw(st.booleans())))
    return msgspec.structs.replace(made, variants=tuple(variants))


@st.composite
def family(draw: st.DrawFn, key: str, shortcut: str) -> Family:
    pairs = draw(st.lists(st.tuples(LANGUAGE, st.sampled_from(Formality)), min_size=1, max_size=4, unique=True))
    pairs.sort(key=lambda pair: pair[1] is not Formality.NEUTRAL)  # TOML names a language's neutral text first
    by_language = sorted(pairs, key=lambda pair: [each[0] for each in pairs].index(pair[0]))
    made = Family(
        0,
        key,
        draw(LINE),
        tuple(Variant(language, draw(TEXT), formality, 7) for language, formality in by_language),
        draw(LANGUAGE),
        tuple(sorted({tag.casefold() for tag in draw(st.lists(WORD, max_size=3))})),
        folder="/".join(draw(st.lists(WORD, max_size=3))),
        shortcut=shortcut,
    )
    return states(draw, made)


@st.composite
def libraries(draw: st.DrawFn) -> tuple[Family, ...]:
    keys = sorted(draw(st.sets(KEY, max_size=4)))
    shortcuts = draw(st.lists(WORD.map(str.casefold), min_size=len(keys), max_size=len(keys), unique=True))
    return tuple(draw(family(key, shortcut)) for key, shortcut in zip(keys, shortcuts, strict=True))


@pytest.mark.parametrize("suffix", FORMATS)
@given(library=libraries())
def test_what_goes_out_comes_back(suffix: str, library: tuple[Family, ...]) -> None:
    assert parse(written(library, f"x{suffix}"), f"x{suffix}", 7) == library


@given(st.binary(max_size=200), st.sampled_from(["x.toml", "x.json", "x.csv"]))
def test_garbage_is_refused_and_never_crashes(data: bytes, name: str) -> None:
    try:
        parse(data, name, 1)
    except TemplateFileError as error:
        assert name in str(error)  # noqa: PT017 - most data is refused, some is sound


GOOD = '{"templates": [\n{"key": "a", "title": "A", "variants": [{"language": "en", "text": "x"}]},\n'
HEAD = "key,title,language,text\r\n"


@pytest.mark.parametrize(
    ("name", "data", "line", "said"),
    [
        ("x.json", GOOD + '{"key": "b" "title"}]}', 3, "JSON"),
        ("x.json", GOOD + '{"key": "b", "title": 5, "variants": []}]}', 3, "title"),
        ("x.json", GOOD + '{"key": "a", "title": "B", "variants": [{"language": "en", "text": "x"}]}]}', 3, "twice"),
        ("x.json", GOOD + '{"key": "b", "title": "B", "variants": [{"language": "?", "text": "x"}]}]}', 3, "language"),
        ("x.json", GOOD + '{"key": "b", "title": "B", "variants": [{"language": "en", "text": " "}]}]}', 3, "empty"),
        ("x.json", GOOD + '{"key": "b", "title": "B", "variants": []}]}', 3, "no text"),
        ("x.json", GOOD + '{"key": "b", "title": "B", "sneaky": 1, "variants": []}]}', 3, "sneaky"),
        ("x.json", '{"other": 1}', 1, "templates"),
        ("x.csv", HEAD + "a,A,en,x\r\nb,B,en\r\n", 3, "cells"),
        ("x.csv", HEAD + 'a,A,en,"x\r\ny"\r\nb,B,klingon!,x\r\n', 4, "language"),
        ("x.csv", "key,title,text\r\na,A,x\r\n", 1, "language"),
        ("x.csv", "key,title,language,text,sneaky\r\na,A,en,x,y\r\n", 1, "sneaky"),
        ("x.csv", "key,title,language,state,text\r\na,A,en,maybe,x\r\n", 2, "maybe"),
        ("x.json", GOOD + '{"key": "b", "title": "B", "source": "!", "variants": {"en": "x"}}]}', 3, "language"),
        ("x.json", GOOD + '{"key": "b", "title": "B", "variants": {"en": {"text": "x", "state": "?"}}}]}', 3, "state"),
        ("x.csv", HEAD + 'a,A,en,"x\r\n', 2, "CSV"),
        ("x.csv", HEAD + "a,A,en,x\r\na,B,de,x\r\n", 3, "line 2"),
        ("x.toml", '[a]\ntitle = "A"\nvariants = {en = "x"}\n[b\n', 4, "TOML"),
        ("x.toml", '[a]\ntitle = "A"\nvariants = {en = "x"}\n\n[b]\ntitle = 5\nvariants = {en = "x"}\n', 5, "b"),
    ],
)
def test_a_bad_file_is_named_with_its_line(name: str, data: str, line: int, said: str) -> None:
    with pytest.raises(TemplateFileError) as caught:
        parse(data.encode(), name, 1)
    assert caught.value.line == line
    assert said in str(caught.value)
    assert f"line {line}" in str(caught.value)


def test_bytes_that_are_no_text_are_named_with_their_line() -> None:
    with pytest.raises(TemplateFileError) as caught:
        parse(b"key,title,language,text\r\na,A,en,\xff\r\n", "x.csv", 1)
    assert caught.value.line == 2


def test_a_spreadsheet_may_part_by_semicolons_and_sees_no_formula() -> None:
    (one,) = parse("\ufeffkey;title;language;text\r\na;A;en;x, y\r\n".encode(), "x.csv", 1)
    assert one.variants[0].text == "x, y"
    risky = Family(0, "a", "=cmd()", (Variant("en", "@all", updated_at=1),))
    data = written((risky,), "x.csv").decode("utf-8-sig")
    assert "'=cmd()" in data
    assert parse(data.encode(), "x.csv", 1) == (risky,)


@pytest.fixture
async def templates(folder: Path) -> AsyncIterator[Templates]:
    store = await Store.open(empty(folder / "desk.sqlite3"), Feed().publish, clock=SetClock())
    yield Templates(store, SetClock())
    await store.close()


async def test_an_import_is_shown_then_done_then_taken_back(templates: Templates, tmp_path: Path) -> None:
    first = await templates.save(Family(0, "late", "Late", (Variant("en", "Late."),), shortcut="late"))
    await templates.save(Family(0, "thanks", "Thanks", (Variant("en", "Thanks."),)))
    await templates.used(first.id)
    before = await templates.list()
    path = tmp_path / "in.json"
    path.write_text(
        '{"templates": [{"key": "late", "title": "Very late", "shortcut": "late", "variants": '
        '[{"language": "en", "text": "Late."}, {"language": "de", "text": "Spät."}]},'
        '{"key": "thanks", "title": "Thanks", "variants": [{"language": "en", "text": "Thanks."}]},'
        '{"key": "new", "title": "New", "variants": [{"language": "en", "text": "New."}]}]}',
        encoding="utf-8",
    )
    plan = await templates.plan(path)
    assert await templates.list() == before
    told = {each.family.key: (each.change, each.fields) for each in plan.differences}
    assert told == {
        "late": (Change.CHANGED, ("title", "de")),
        "new": (Change.NEW, ()),
        "thanks": (Change.SAME, ()),
    }
    back = await templates.carry_out(plan)
    after = {family.key: family for family in await templates.list()}
    assert set(after) == {"late", "new", "thanks"}
    assert (after["late"].used, after["late"].languages) == (1, ("en", "de"))
    again = await templates.take(back)
    assert await templates.list() == before
    await templates.take(again)
    assert {family.key: family for family in await templates.list()} == after


async def test_nothing_half_imported(templates: Templates, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(HEAD + "a,A,en,x\r\nb,B,en,x\r\nc,,en,x\r\n", encoding="utf-8", newline="")
    with pytest.raises(TemplateFileError):
        await templates.import_file(path)
    assert await templates.list() == ()


async def test_a_shortcut_belongs_to_one(templates: Templates, tmp_path: Path) -> None:
    mine = await templates.save(Family(0, "a", "A", (Variant("en", "x"),), shortcut=";Thanks"))
    assert mine.shortcut == "thanks"
    with pytest.raises(ShortcutTakenError):
        await templates.save(Family(0, "b", "B", (Variant("en", "x"),), shortcut="thanks"))
    path = tmp_path / "in.csv"
    path.write_text("key,title,shortcut,language,text\nb,B,thanks,en,x\n", encoding="utf-8")
    with pytest.raises(TemplateFileError, match="thanks"):
        await templates.plan(path)
    # Within one file two may change places.
    path.write_text("key,title,shortcut,language,text\nb,B,thanks,en,x\na,A,sorry,en,x\n", encoding="utf-8")
    await templates.import_file(path)
    assert {family.key: family.shortcut for family in await templates.list()} == {"a": "sorry", "b": "thanks"}


async def test_everything_in_the_library_can_be_taken_back(templates: Templates) -> None:
    made = await templates.create("Größe passt nicht", "Returns/Size", "de")
    assert (made.key, made.folder) == ("grosse-passt-nicht", "Returns/Size")
    copy = await templates.duplicate(made, f"{made.title} 2")
    assert copy.key != made.key
    before = await templates.list()
    for step in (
        await templates.move(before, "Elsewhere"),
        await templates.rename_folder("Elsewhere", "There/Again"),
    ):
        assert {family.folder for family in step.put}
    assert {family.folder for family in await templates.list()} == {"There/Again"}
    gone = await templates.remove(copy.id)
    assert len(await templates.list()) == 1
    await templates.take(gone)
    await templates.take(Step(put=before))
    assert await templates.list() == before


@given(st.text(), st.sets(st.sampled_from(["template", "template-2", "a"])))
def test_a_free_key_is_free(title: str, taken: set[str]) -> None:
    key = free_key(title, taken)
    assert key
    assert key not in taken


DE, EN = Variant("de", "Hallo."), Variant("en", "Hello.")


async def test_a_changed_source_is_seen_until_somebody_says_that_it_fits(templates: Templates, tmp_path: Path) -> None:
    made = await templates.save(Family(0, "a", "A", (EN, DE)))
    assert [drift(made, each) for each in made.variants] == [None, None]
    texts = (msgspec.structs.replace(made.variants[0], text="Hello there."), made.variants[1])
    changed = await templates.save(msgspec.structs.replace(made, variants=texts))
    assert drift(changed, changed.variants[1]) is Drift.OTHER
    for name in ("a.json", "a.csv", "a.toml"):
        await templates.export_file(tmp_path / name)
        (read,) = parse((tmp_path / name).read_bytes(), name, 1)
        assert drift(read, read.variants[1]) is Drift.OTHER, "the flag travels"
    back = await templates.confirm(changed.id, "de", Formality.NEUTRAL)
    (now,) = await templates.list()
    assert drift(now, now.variants[1]) is None
    assert now.variants[1].text == "Hallo."
    (difference,) = (await templates.plan(tmp_path / "a.csv")).differences
    assert difference.change is Change.CHANGED, "a file may say that it is old"
    again = await templates.take(back)
    (then,) = await templates.list()
    assert drift(then, then.variants[1]) is Drift.OTHER
    await templates.take(again)
    (now,) = await templates.list()
    assert drift(now, now.variants[1]) is None
    restored = (msgspec.structs.replace(now.variants[0], text="Hello."), now.variants[1])
    assert drift(await templates.save(msgspec.structs.replace(now, variants=restored)), now.variants[1]) is Drift.OTHER


async def test_what_a_machine_drafted_is_flagged_until_it_was_read(templates: Templates) -> None:
    drafted = msgspec.structs.replace(DE, machine=True)
    made = await templates.save(Family(0, "a", "A", (EN, drafted)))
    assert made.variants[1].machine
    same = await templates.save(msgspec.structs.replace(made, title="B"))
    assert same.variants[1].machine
    await templates.confirm(made.id, "de", Formality.NEUTRAL)
    assert not (await templates.list())[0].variants[1].machine
    assert await templates.confirm(made.id, "de", Formality.NEUTRAL) == Step(), "nothing to do twice"
    assert await templates.confirm(99, "de", Formality.NEUTRAL) == Step()


async def test_another_form_of_address_is_the_same_text(templates: Templates) -> None:
    made = await templates.save(Family(0, "a", "A", (EN, msgspec.structs.replace(DE, made_for=OTHER))))
    formal = msgspec.structs.replace(made.variants[1], formality=Formality.FORMAL)
    kept = await templates.save(msgspec.structs.replace(made, variants=(made.variants[0], formal)))
    assert kept.variants[1].formality is Formality.FORMAL
    assert drift(kept, kept.variants[1]) is Drift.OTHER


async def test_an_export_leaves_out_what_is_still_to_be_written(templates: Templates, tmp_path: Path) -> None:
    await templates.save(Family(0, "a", "A", (EN, Variant("ar", ""))))
    await templates.save(Family(0, "b", "B", (Variant("en", ""),)))
    for name in ("a.json", "a.csv", "a.toml"):
        await templates.export_file(tmp_path / name)
        (read,) = parse((tmp_path / name).read_bytes(), name, 1)
        assert [each.language for each in read.variants] == ["en"]


@given(st.text("'=+-@\t\rab", max_size=8) | st.text(max_size=8))
def test_a_cell_comes_back_however_it_begins_and_is_no_formula(cell: str) -> None:
    safe = _safe_cell(cell)
    assert _plain_cell(safe) == cell
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["'@ada is here", "'=1+1", "''@ada", "@ada", "'quoted'"])
def test_a_text_that_begins_with_a_quote_survives_a_table(text: str) -> None:
    made = Family(0, "a", "A", (Variant("en", text, Formality.NEUTRAL, 7),), "en")
    (back,) = parse(written((made,), "a.csv"), "a.csv", 7)
    assert back.variants[0].text == text
