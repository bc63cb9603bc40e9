"""``python -m workstation.i18n.drafts``: hand out what is untranslated, take translations back as drafts.

``drafts list nl`` prints the missing texts of a locale as JSON, a list of ``{"context", "ids", "comments", "forms"}``
with as many empty ``forms`` as the locale's plural needs. Filled in, ``drafts apply nl FILE`` puts them into the
catalog and compiles it. They are flagged ``#, machine-draft`` in the ``.po`` until a person has read them and removes
the flag; ``--reviewed`` leaves it out. Texts that fail `check` are refused, each with its reason.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from babel.messages.catalog import Catalog, Message

from workstation.i18n import extraction
from workstation.i18n.catalog import LOCALES, mo_path, po_path
from workstation.i18n.check import check_message

FLAG = "machine-draft"


class Draft(msgspec.Struct, frozen=True):
    """One text with its translation: one form, or as many as the locale's plural has."""

    ids: tuple[str, ...]
    forms: tuple[str, ...]
    context: str = ""
    comments: tuple[str, ...] = ()


def missing(catalog: Catalog) -> list[Draft]:
    """Return the texts of `catalog` without a translation, as drafts to fill in."""
    wanted: list[Draft] = []
    for message in extraction.messages_of(catalog):
        context, ids = extraction.key_of(message)
        forms = extraction.forms_of(message)
        if not forms or not all(forms):
            count = catalog.num_plurals if len(ids) > 1 else 1
            wanted.append(Draft(ids, ("",) * count, context, tuple(message.auto_comments)))
    return sorted(wanted, key=lambda draft: (draft.ids, draft.context))


def apply(catalog: Catalog, drafts: Sequence[Draft], tag: str, reviewed: bool = False) -> list[str]:
    """Put `drafts` into `catalog` and return why some were refused."""
    known = {extraction.key_of(message): message for message in extraction.messages_of(catalog)}
    refused: list[str] = []
    for draft in drafts:
        message = known.get((draft.context, draft.ids))
        if message is None:
            refused.append(f"{tag}: not in the catalog: {draft.ids[0]!r}")
            continue
        string = draft.forms[0] if len(draft.ids) == 1 and draft.forms else draft.forms
        filled = Message(message.id, string, context=message.context)
        faults = list(check_message(tag, filled, catalog.num_plurals))
        refused += map(str, faults)
        if not faults:
            message.string = string
            message.flags.discard("fuzzy")
            message.flags.discard(FLAG) if reviewed else message.flags.add(FLAG)
    return refused


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``list`` or ``apply``; 1 when a draft was refused."""
    parser = argparse.ArgumentParser(prog="python -m workstation.i18n.drafts", description="Translate in bulk.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list").add_argument("tag")
    applying = commands.add_parser("apply")
    applying.add_argument("tag")
    applying.add_argument("file", type=Path)
    applying.add_argument("--reviewed", action="store_true", help="a person has read these translations")
    arguments = parser.parse_args(argv)
    path = po_path(arguments.tag, LOCALES)
    catalog = extraction.read(path, arguments.tag)
    if arguments.command == "list":
        listing = msgspec.json.format(msgspec.json.encode(missing(catalog)), indent=1)
        sys.stdout.buffer.write(listing + b"\n")
        return 0
    drafts = msgspec.json.decode(arguments.file.read_bytes(), type=list[Draft])
    refused = apply(catalog, drafts, arguments.tag, arguments.reviewed)
    extraction.write(catalog, path)
    extraction.compile_to(extraction.read(path, arguments.tag), mo_path(arguments.tag, LOCALES))
    for line in refused:
        sys.stdout.write(f"{line}\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
