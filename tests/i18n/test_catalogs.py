"""The shipped catalogs are complete and fresh; the checker refuses each kind of fault; updating keeps what it must."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from workstation.i18n import check as checking
from workstation.i18n import drafts, extraction, update
from workstation.i18n.catalog import load, mo_path, po_path
from workstation.i18n.drafts import Draft
from workstation.i18n.qt_texts import QT_TEXTS

REQUIRED = ("de", "en", "nl")

SOURCE = """
from workstation.domain.text import N_, lazy, lazy_in, lazy_plural
from workstation.i18n import _, ngettext, npgettext, pgettext

# Translators: of a case
LABEL = N_("Open")
texts = [
    _("Held by {name}", name="x"),
    ngettext("{count} reply", "{count} replies", 2),
    pgettext("verb", "Open"),
    npgettext("badge", "{count} new", "{count} new", 2),
    lazy("Sent {when}", when=1),
    lazy_plural("{count} case", "{count} cases", 2),
    lazy_in("age", "now"),
    N_plural("Claimed", "{count} cases claimed"),
    language.gettext("By a method"),
]
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one text for each way of marking."""
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "module.py").write_text(SOURCE, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the catalogs of `package` go."""
    return tmp_path / "locales"


@pytest.fixture(scope="module")
def source() -> set[extraction.Key]:
    """What the program's own source holds."""
    return {extraction.key_of(message) for message in extraction.messages_of(extraction.extract())}


def test_shipped_catalogs_have_no_faults() -> None:
    assert "\n".join(map(str, checking.check(required=REQUIRED))) == ""


def test_every_way_of_marking_is_extracted(package: Path) -> None:
    found = {extraction.key_of(message): message for message in extraction.messages_of(extraction.extract(package))}
    assert set(found) == {
        ("", ("Open",)),
        ("verb", ("Open",)),
        ("", ("Held by {name}",)),
        ("", ("{count} reply", "{count} replies")),
        ("badge", ("{count} new", "{count} new")),
        ("", ("Sent {when}",)),
        ("", ("{count} case", "{count} cases")),
        ("age", ("now",)),
        ("", ("Claimed", "{count} cases claimed")),
        ("", ("By a method",)),
    }
    assert found["", ("Open",)].auto_comments == ["of a case"]


def test_texts_of_qt_are_in_the_catalogs(source: set[extraction.Key]) -> None:
    assert {(text.context, (text.msgid,)) for text in QT_TEXTS} <= source


def test_updating_keeps_translations_flags_and_comments_and_drops_what_is_gone(package: Path, folder: Path) -> None:
    template = extraction.extract(package)
    update.update("de", template, folder)
    path = po_path("de", folder)
    catalog = extraction.read(path, "de")
    catalog.add("Gone", "Weg")
    message = catalog.get("Open")
    assert message is not None
    message.string, message.flags, message.user_comments = "Offen", {drafts.FLAG}, ["seen by Ann"]
    extraction.write(catalog, path)

    missing, changed = update.update("de", template, folder)

    assert changed
    assert missing == len(template) - 1
    text = path.read_text(encoding="utf-8")
    assert "#, machine-draft\n" in text
    assert "# seen by Ann\n" in text
    assert "Gone" not in text
    merged = extraction.read(path, "de").get("Open")
    assert merged is not None
    assert merged.string == "Offen"


def test_updating_twice_changes_nothing_and_writes_no_dates(package: Path, folder: Path) -> None:
    template = extraction.extract(package)
    update.update("en", template, folder)
    before = po_path("en", folder).read_bytes(), mo_path("en", folder).read_bytes()

    assert update.update("en", template, folder) == (0, False)

    assert (po_path("en", folder).read_bytes(), mo_path("en", folder).read_bytes()) == before
    assert b"Date" not in before[0]


def test_a_locale_is_added_by_its_folder(package: Path, folder: Path) -> None:
    template = extraction.extract(package)
    for tag in ("en", "pl", "pt-BR"):
        update.update(tag, template, folder)
    assert update.locales(folder) == ["en", "pl", "pt-BR"]
    polish = drafts.missing(extraction.read(po_path("pl", folder), "pl"))
    assert {len(draft.forms) for draft in polish} == {1, 4}
    found = checking.check(folder, package)
    assert {(fault.locale, fault.kind) for fault in found} == {("pl", "missing"), ("pt-BR", "missing")}


@pytest.mark.parametrize(
    ("ids", "forms", "kind"),
    [
        (("Open",), ("",), "missing"),
        (("{count} a", "{count} b"), ("{count} x",), "plural count"),
        (("{count} a", "{count} b"), ("{count} x", ""), "missing"),
        (("By {name}",), ("Von",), "placeholders"),
        (("By {name}",), ("Von {Name}",), "placeholders"),
        (("By {name}",), ("Von {name} {name}",), "placeholders"),
        (("{count} a", "{count} b"), ("eins", "viele"), "placeholders"),
        (("<b>Bold</b>",), ("<b>Fett<b>",), "markup"),
        (("Plain",), ("<script>Schlicht</script>",), "markup"),
        (("%1 of %2",), ("%1 von %1",), "Qt placeholders"),
        (("a &amp; b",), ("a und b",), "entities"),
        (("&Open",), ("Öffnen",), "mnemonic"),
        (("Open",), ("&Öffnen",), "mnemonic"),
        (("&Open",), ("&Ö&ffnen",), "mnemonic"),
        (("Open\tCtrl+O",), ("Öffnen",), "shortcut"),
        (("Show ",), ("Zeige",), "spaces or line ends at the edges"),
        (("Open",), ("\u202eOffen",), "bidirectional control"),
    ],
)
def test_each_fault_of_a_translation_is_named(ids: tuple[str, ...], forms: tuple[str, ...], kind: str) -> None:
    single = len(ids) == 1
    message = Message(ids[0] if single else ids, forms[0] if single else forms)
    assert kind in {fault.kind for fault in checking.check_message("de", message, 2)}


@pytest.mark.parametrize(
    ("ids", "forms"),
    [
        (("{count} a", "{count} b"), ("ein x", "{count} x")),
        (("One of {name}", "{count} of {name}"), ("{count} von {name}", "{count} von {name}")),
        (("Fish && &chips",), ("Fisch && &Fritten",)),
        (("AT&T",), ("AT&T",)),
        (("a &amp; b",), ("a &amp; b",)),
    ],
)
def test_right_translations_pass(ids: tuple[str, ...], forms: tuple[str, ...]) -> None:
    single = len(ids) == 1
    message = Message(ids[0] if single else ids, forms[0] if single else forms)
    assert not list(checking.check_message("de", message, 2))


def test_catalogs_that_disagree_with_source_or_compilation_are_refused(package: Path, folder: Path) -> None:
    template = extraction.extract(package)
    update.update("en", template, folder)
    path = po_path("en", folder)
    assert checking.check(folder, package) == []

    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgstr "Held by {name}"', 'msgstr "Kept by {name}"'), encoding="utf-8")
    assert {fault.kind for fault in checking.check(folder, package)} == {"stale"}
    path.write_text(text.replace('msgid "By a method"', '#, fuzzy\nmsgid "Else"'), encoding="utf-8")
    kinds = {fault.kind for fault in checking.check(folder, package)}
    assert kinds == {"stale", "fuzzy", "not in the source", "not in the catalog"}
    path.write_text(text.replace("nplurals=2", "nplurals=3"), encoding="utf-8")
    assert "plural header" in {fault.kind for fault in checking.check(folder, package)}
    path.write_text("msgid broken", encoding="utf-8")
    assert [fault.kind for fault in checking.check(folder, package)] == ["unreadable"]
    assert [fault.kind for fault in checking.check(folder / "none", package, ["de"])] == ["no catalog"]


@pytest.mark.parametrize(
    "call",
    [
        '_(f"Held by {name}")',
        "f\"{_('Held')}: 1\"",
        "f\"{len(N_('Held'))}\"",
        "f\"{1:{lazy('Held')}}\"",
        'lazy("Held by " + name)',
        '_("%s" % name)',
        'lazy_plural(N_("{count} a"), N_("{count} b"), 2)',
    ],
)
def test_texts_no_extractor_can_find_are_refused(tmp_path: Path, call: str) -> None:
    (tmp_path / "module.py").write_text(f"x = {call}\n", encoding="utf-8")
    assert [fault.text for fault in checking.check_source(tmp_path)] == ["module.py:1"]


def test_drafts_are_listed_taken_flagged_and_refused_when_wrong(package: Path, folder: Path) -> None:
    update.update("nl", extraction.extract(package), folder)
    catalog = extraction.read(po_path("nl", folder), "nl")
    wanted = drafts.missing(catalog)
    assert Draft(("{count} case", "{count} cases"), ("", "")) in wanted
    given = [
        Draft(("Held by {name}",), ("Bij {name}",)),
        Draft(("{count} case", "{count} cases"), ("{count} zaak", "{count} zaken")),
        Draft(("Open",), ("Openen",), context="verb"),
        Draft(("Sent {when}",), ("Verzonden",)),
        Draft(("Unheard of",), ("Ongehoord",)),
    ]

    refused = drafts.apply(catalog, given, "nl")

    assert len(refused) == 2
    assert "placeholders" in refused[0]
    assert "not in the catalog" in refused[1]
    assert {len(wanted) - len(drafts.missing(catalog))} == {3}
    assert _flags(catalog, "Held by {name}") == {drafts.FLAG}
    drafts.apply(catalog, given[:1], "nl", reviewed=True)
    assert _flags(catalog, "Held by {name}") == set()


def _flags(catalog: Catalog, msgid: str) -> set[str]:
    message = catalog.get(msgid)
    assert message is not None
    return {flag for flag in message.flags if not flag.startswith("python-")}


def test_the_template_is_the_source(source: set[extraction.Key]) -> None:
    with extraction.TEMPLATE.open("rb") as file:
        template = read_po(file)
    found = {extraction.key_of(message) for message in extraction.messages_of(template)}
    assert found == source


def test_the_singular_of_a_counted_text_is_found_by_itself() -> None:
    catalog = load("de")
    stored = catalog.__dict__["_catalog"]
    counted = {key[0] for key in stored if isinstance(key, tuple)}
    assert counted
    assert counted <= set(stored)
