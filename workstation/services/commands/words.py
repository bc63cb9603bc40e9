"""Segments and agreed words in and out of files, told line by line."""

from pathlib import Path

from workstation.domain.knowledge import Change
from workstation.domain.memory import Term
from workstation.domain.text import N_, lazy, lazy_plural
from workstation.services.commands.requests import ExportWords, ImportWords, Output
from workstation.services.desk import Desk

PREVIEW = N_("Nothing was changed: this is a preview.")


async def take(desk: Desk, request: ImportWords, output: Output) -> int:
    """Import a file, or only tell what it would change; 0."""
    path = Path(request.path)
    return await (_memory if request.what == "memory" else _terms)(desk, path, output, preview=request.preview)


async def _memory(desk: Desk, path: Path, output: Output, *, preview: bool) -> int:
    plan = await desk.memory.plan(path)
    await output.data("".join(f"new\t{source}\t{target}\t{count}\n" for source, target, count in plan.pairs))
    if plan.known:
        await output.data(f"same\t\t\t{plan.known}\n")
    if plan.left_out:
        await output.data(f"left out\t\t\t{plan.left_out}\n")
    if preview:
        await output.say(lazy(PREVIEW))
        return 0
    await desk.memory.carry_out(plan)
    await output.say(lazy_plural("{count} sentence imported.", "{count} sentences imported.", len(plan.fresh)))
    return 0


async def _terms(desk: Desk, path: Path, output: Output, *, preview: bool) -> int:
    plan = await desk.terms.plan(path)
    await output.data("".join(_line(each.change, each.term) for each in plan.differences))
    if preview:
        await output.say(lazy(PREVIEW))
        return 0
    await desk.terms.carry_out(plan)
    count = len(plan.of(Change.NEW)) + len(plan.of(Change.CHANGED))
    await output.say(lazy_plural("{count} word imported.", "{count} words imported.", count))
    return 0


def _line(change: Change, term: Term) -> str:
    cells = (change.value, term.source_language, term.target_language, term.source, term.target)
    return "\t".join(cells) + "\n"


async def give(desk: Desk, request: ExportWords, output: Output) -> int:
    """Export; the file is noted, so that an erasure finds it. 0."""
    path = Path(request.path)
    await desk.privacy.note_export(path)
    if request.what == "memory":
        count = await desk.memory.export_file(path)
        await output.say(lazy_plural("{count} sentence exported.", "{count} sentences exported.", count))
    else:
        count = await desk.terms.export_file(path)
        await output.say(lazy_plural("{count} word exported.", "{count} words exported.", count))
    return 0
