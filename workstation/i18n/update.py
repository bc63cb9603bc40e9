"""``python -m workstation.i18n.update``: bring the catalogs up to date with the source, and compile them.

After changing texts, run it and commit ``workstation/i18n/locales``. It extracts every marked text to
``meridian.pot``, merges it into each ``.po`` (keeping translations, flags and translators' comments; dropping what the
source no longer says), fills English with the source itself, compiles each ``.mo``, and says what remains to translate.

A locale is added with ``--add pt-BR``; nothing else needs to know it. Missing translations are listed and filled in
bulk with `workstation.i18n.drafts`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog

from workstation.i18n import extraction, tags
from workstation.i18n.catalog import LOCALES, mo_path, po_path


def locales(folder: Path = LOCALES) -> list[str]:
    """Return the tags that have a ``.po`` under `folder`, sorted."""
    return sorted(path.parts[-3].replace("_", "-") for path in folder.glob("*/LC_MESSAGES/*.po"))


def merge(old: Catalog, template: Catalog, tag: str) -> Catalog:
    """Return `template` with the translations, flags and comments of `old`; English translates itself."""
    merged = extraction.empty(tag)
    known = {extraction.key_of(message): message for message in extraction.messages_of(old)}
    for wanted in extraction.messages_of(template):
        found = known.get(extraction.key_of(wanted))
        string = found.string if found else ""
        if tag == tags.SOURCE:
            string = wanted.id
        merged.add(
            wanted.id,
            string,
            locations=wanted.locations,
            flags=found.flags if found else (),
            auto_comments=wanted.auto_comments,
            user_comments=found.user_comments if found else (),
            context=wanted.context,
        )
    return merged


def update(tag: str, template: Catalog, folder: Path = LOCALES) -> tuple[int, bool]:
    """Merge `template` into the catalog of `tag` and compile it; return how many texts lack, and if files changed."""
    path = po_path(tag, folder)
    old = extraction.read(path, tag) if path.exists() else extraction.empty(tag)
    merged = merge(old, template, tag)
    changed = extraction.write(merged, path)
    # Compiled from the file, as a reader of the repository would.
    changed |= extraction.compile_to(extraction.read(path, tag), mo_path(tag, folder))
    return sum(not all(extraction.forms_of(message) or [""]) for message in extraction.messages_of(merged)), changed


def main(argv: Sequence[str] | None = None) -> int:
    """Update all catalogs; exit code 0 also where translations are missing, which is for `check` to refuse."""
    parser = argparse.ArgumentParser(prog="python -m workstation.i18n.update", description="Update the catalogs.")
    parser.add_argument("--add", metavar="TAG", action="append", default=[], help="start a catalog for this locale")
    arguments = parser.parse_args(argv)
    template = extraction.extract()
    extraction.write(template, extraction.TEMPLATE)
    for tag in sorted({tags.SOURCE, *locales(), *map(tags.normalise, arguments.add)} - {""}):
        missing, changed = update(tag, template)
        state = "changed" if changed else "unchanged"
        sys.stdout.write(f"{tag}: {len(template)} texts, {missing} missing, {state}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
