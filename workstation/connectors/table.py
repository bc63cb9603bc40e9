"""``python -m workstation.connectors.table``: write what each kind of channel can do into docs/channels.md.

The table is made from the manifests: `typical()` of each says what an account with all permissions can do as a rule.
What an account can do in fact is discovered when it is opened. `--check` only says whether the file is as it would be.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

from workstation.connectors.registry import built_in
from workstation.domain.channels import Capabilities, Manifest, Scope
from workstation.domain.outbox import Act

FILE = Path(__file__).resolve().parents[2] / "docs" / "channels.md"

HEAD = """# What each kind of channel can do

Made by `python -m workstation.connectors.table` from the connectors' manifests; do not edit. It says what an account
with all permissions can do as a rule; what one can do in fact is discovered when it is opened, and what it cannot do is
disabled with the reason.

"""


def capabilities(kind: str) -> Capabilities:
    """What an account of this kind can do as a rule."""
    module = import_module(f"workstation.connectors.{kind}.manifest")
    found: Capabilities = module.typical()
    return found


def text() -> str:
    """The whole file."""
    kinds = [(manifest, capabilities(manifest.kind)) for manifest in built_in().manifests()]
    parts = [HEAD, *_table(_general(kinds)), "\n## Actions\n\n", LEGEND, *_table(_acts(kinds))]
    return "".join(parts)


LEGEND = """“own”: of our own messages only; “others”: of other people's only; “any”: of both; “–”: the network has no
such thing, or its API does not offer it.

"""


def _table(rows: Iterable[Sequence[str]]) -> Iterable[str]:
    for number, row in enumerate(rows):
        yield f"| {' | '.join(row)} |\n"
        if number == 0:
            yield f"|{'---|' * len(row)}\n"


def _general(kinds: Sequence[tuple[Manifest, Capabilities]]) -> Iterable[Sequence[str]]:
    yield (
        "Channel",
        "Kind",
        "Sign-in",
        "Live by",
        "Resume",
        "Protection against sending twice",
        "Edits",
        "Deletions",
        "Length",
    )
    for manifest, can in kinds:
        yield (
            manifest.title,
            f"`{manifest.kind}`",
            ", ".join(manifest.sign_in) or "–",
            ", ".join(can.transport),
            can.resume.value,
            can.idempotency.value,
            can.edits,
            can.deletions,
            f"{can.length_limit:,} {can.length_unit.value}" if can.length_limit else "–",
        )


def _acts(kinds: Sequence[tuple[Manifest, Capabilities]]) -> Iterable[Sequence[str]]:
    yield "Action", *(manifest.title for manifest, _ in kinds)
    for act in Act:
        row = [_scope(can, act) for _, can in kinds]
        if any(cell != "–" for cell in row):
            yield f"`{act.value}`", *row


def _scope(can: Capabilities, act: Act) -> str:
    offer = can.offer(act)
    if offer is None or not offer.available:
        return "–"
    return {Scope.OWN: "own", Scope.OTHERS: "others", Scope.ANY: "any"}[offer.scope]


def main(argv: Sequence[str] | None = None) -> int:
    """Write or check the file; 1 where it is not as it should be."""
    parser = argparse.ArgumentParser(
        prog="python -m workstation.connectors.table", description="Write docs/channels.md."
    )
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    checking = parser.parse_args(argv).check
    wanted = text()
    fresh = FILE.exists() and FILE.read_text(encoding="utf-8") == wanted
    if checking:
        sys.stdout.write(
            "up to date\n" if fresh else "docs/channels.md is old: python -m workstation.connectors.table\n"
        )
        return 0 if fresh else 1
    FILE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
