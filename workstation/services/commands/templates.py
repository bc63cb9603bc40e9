"""Templates in and out of files, told line by line: what is new, what changes and in what, what stays the same."""

from pathlib import Path

from workstation.domain.knowledge import Change
from workstation.domain.text import N_, lazy, lazy_plural
from workstation.services.commands.requests import ImportTemplates, Output
from workstation.services.desk import Desk
from workstation.services.templates import Plan


async def take(desk: Desk, request: ImportTemplates, output: Output) -> int:
    """Import a file, or only tell what it would change; 0."""
    plan = await desk.templates.plan(Path(request.path))
    await output.data("".join(_line(plan)))
    if request.preview:
        await output.say(lazy(N_("Nothing was changed: this is a preview.")))
        return 0
    await desk.templates.carry_out(plan)
    count = len(plan.of(Change.NEW)) + len(plan.of(Change.CHANGED))
    await output.say(lazy_plural("{count} template imported.", "{count} templates imported.", count))
    return 0


def _line(plan: Plan) -> list[str]:
    """A line for each family, for people and scripts: what would happen, key, title, what differs."""
    return [
        "\t".join((each.change.value, each.family.key, each.family.title, ",".join(each.fields))) + "\n"
        for each in plan.differences
    ]
