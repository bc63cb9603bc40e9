"""People on the command line: find, export, preview, erase."""

from pathlib import Path

from workstation.domain.privacy import PLACE_NAMES, OnHoldError, Preview, Progress, Stage
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.commands.requests import ErasePerson, ExportPerson, Output
from workstation.services.desk import Desk
from workstation.services.privacy import summary

STAGES = {
    Stage.MESSAGES: N_("removing messages"),
    Stage.MENTIONS: N_("masking what others wrote"),
    Stage.INDEX: N_("writing the search index anew"),
    Stage.FILES: N_("cleaning files"),
    Stage.CHECK: N_("searching every byte"),
}


async def find(desk: Desk, text: str, output: Output) -> int:
    """A line per person: number, handles, name, messages, cases, whether under legal hold; 1 if there is none."""
    found = await desk.privacy.find(text)
    for known in found:
        person = known.person
        first = person.authors[0]
        cells = (
            str(first.id), ", ".join(author.handle for author in person.authors), first.name, str(known.messages),
            str(known.cases), "hold" if known.held else "-",
        )  # fmt: skip
        await output.data("\t".join(" ".join(cell.split()) for cell in cells) + "\n")
    if not found:
        await output.fail(lazy(N_("Nobody was found.")))
    return 0 if found else 1


async def export(desk: Desk, request: ExportPerson, output: Output) -> int:
    """Everything kept of a person."""
    person = await desk.privacy.named(request.who)
    if request.path:
        await desk.privacy.note_export(Path(request.path), person)
    async for text in desk.privacy.export(person, request.format):
        await output.data(text)
    return 0


def lines(preview: Preview) -> list[LazyText]:
    """What an erasure would do, a line for each place and each word."""
    told = [lazy(N_("Erasing {who} takes away:"), who=preview.person.handle)]
    told += [
        lazy("  {count}  {place}", count=stored.count, place=lazy(PLACE_NAMES[stored.place]))
        for stored in preview.places
        if stored.count
    ]
    for term in preview.terms:
        words = N_("  masked: “{text}” in {count} texts") if term.on else N_("  left: “{text}” in {count} texts")
        told.append(lazy(words, text=term.text, count=term.hits))
    if preview.kept:
        told.append(lazy(N_("  {count} texts stay as they are: they are under legal hold"), count=preview.kept))
    return told


async def erase(desk: Desk, request: ErasePerson, output: Output) -> int:
    """Show what goes, or erase; 1 if something of the person is left."""
    person = await desk.privacy.named(request.who)
    preview = await desk.privacy.preview(person, request.also)
    if preview.hold is not None:
        raise OnHoldError(who=person.handle, reason=preview.hold.reason or "-")
    if not request.sure:
        for line in lines(preview):
            await output.say(line)
        await output.data(person.handle + "\n")
        return 0
    stages: list[Stage] = []

    def told(progress: Progress) -> None:
        if progress.stage not in stages:
            stages.append(progress.stage)

    erased = await desk.privacy.erase(person, preview.terms, told)
    await output.say(summary(erased))
    for left in erased.left:
        await output.fail(lazy(N_("{file}: {why}"), file=left.path, why=lazy(left.why)))
    return 1 if erased.left else 0
