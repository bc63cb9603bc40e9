"""A team's own texts over the shipped ones: what fits is used, what does not is told, nothing else changes."""

from pathlib import Path

from workstation.i18n import load_language, plain

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def corrected(folder: Path, body: str, tag: str = "de") -> Path:
    """A folder with corrections."""
    folder.mkdir(exist_ok=True)
    (folder / f"{tag}.po").write_text(HEADER + body, encoding="utf-8")
    return folder


def test_a_correction_replaces_a_shipped_text_and_only_that(tmp_path: Path) -> None:
    folder = corrected(tmp_path / "locales", 'msgid "Reply"\nmsgstr "Zurückschreiben"\n')
    language = load_language("de", corrections=folder)
    assert language.gettext("Reply") == "Zurückschreiben"
    assert language.gettext("Cancel") == load_language("de").gettext("Cancel")
    assert language.faults == ()
    assert load_language("nl", corrections=folder).gettext("Reply") != "Zurückschreiben"


def test_counted_texts_and_contexts_are_corrected_too(tmp_path: Path) -> None:
    body = (
        'msgid "{count} image"\nmsgid_plural "{count} images"\n'
        'msgstr[0] "{count} Foto"\nmsgstr[1] "{count} Fotos"\n\n'
        'msgctxt "case"\nmsgid "Open"\nmsgstr "In Arbeit"\n'
    )
    language = load_language("de", corrections=corrected(tmp_path, body))
    assert plain(language.ngettext("{count} image", "{count} images", 2)) == "2 Fotos"
    assert language.pgettext("case", "Open") == "In Arbeit"


def test_what_does_not_fit_is_told_and_the_rest_is_used(tmp_path: Path) -> None:
    body = (
        'msgid "Reply to {name}"\nmsgstr "Antwort an {nmae}"\n\n'
        'msgid "Cancel"\nmsgstr "Doch nicht"\n\n'
        '#, fuzzy\nmsgid "Reply"\nmsgstr "Vielleicht"\n\n'
        'msgid "Send"\nmsgstr ""\n'
    )
    shipped = load_language("de")
    language = load_language("de", corrections=corrected(tmp_path, body))
    assert language.gettext("Cancel") == "Doch nicht"
    assert language.gettext("Reply to {name}", name="Ada") == shipped.gettext("Reply to {name}", name="Ada")
    assert language.gettext("Reply") == shipped.gettext("Reply")
    assert language.gettext("Send") == shipped.gettext("Send")
    (fault,) = language.faults
    assert "Reply to {name}" in fault


def test_a_file_that_is_no_catalog_is_told(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_bytes(b"\xff\xfe not a catalog\nmsgid")
    language = load_language("de", corrections=tmp_path)
    assert language.gettext("Cancel") == load_language("de").gettext("Cancel")
    assert len(language.faults) == 1
