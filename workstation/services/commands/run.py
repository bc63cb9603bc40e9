"""Carries a request out on an open desk: in the command line's own process, or in the owner's on its behalf."""

from pathlib import Path

from workstation.domain.errors import MeridianError
from workstation.domain.text import N_, lazy, lazy_plural
from workstation.services.commands import (
    channels,
    contacts,
    examination,
    export,
    messages,
    people,
    templates,
    translators,
    words,
)
from workstation.services.commands.errors import RefusedError
from workstation.services.commands.requests import (
    Act,
    AddChannel,
    AnyRequest,
    Collect,
    EnableKind,
    EnableTranslator,
    ErasePerson,
    Examine,
    Export,
    ExportPerson,
    ExportTemplates,
    ExportWords,
    FindPeople,
    ImportTemplates,
    ImportWords,
    ListChannels,
    ListTranslators,
    LogContact,
    Output,
    RemoveChannel,
    Reply,
    TestChannel,
    TestTranslator,
    UseTranslator,
)
from workstation.services.desk import Desk


async def run(desk: Desk, request: AnyRequest, output: Output) -> int:
    """The exit code: 0 done, 1 failed; the one line that says why has been given to `output`."""
    try:
        return await _run(desk, request, output)
    except MeridianError as error:
        await output.fail(error.text)
        return 1


async def _run(desk: Desk, request: AnyRequest, output: Output) -> int:
    match request:
        case AddChannel():
            return await channels.add(desk, request, output)
        case ListChannels():
            return await channels.listed(desk, output)
        case TestChannel(name=name):
            return await channels.test(desk, name, output)
        case RemoveChannel(name=name):
            return await channels.remove(desk, name, output)
        case Collect():
            return await messages.collect(desk, request, output)
        case Reply():
            return await messages.reply(desk, request, output)
        case Act():
            return await messages.act(desk, request, output)
        case Export():
            return await export.export(desk, request, output)
        case ListTranslators() | UseTranslator() | TestTranslator() | EnableTranslator():
            return await _run_translators(desk, request, output)
        case _:
            return await _run_other(desk, request, output)


async def _run_translators(
    desk: Desk, request: ListTranslators | UseTranslator | TestTranslator | EnableTranslator, output: Output
) -> int:
    match request:
        case ListTranslators():
            return await translators.listed(desk, output)
        case UseTranslator():
            return await translators.use(desk, request, output)
        case TestTranslator():
            return await translators.test(desk, output)
        case EnableTranslator():
            return await translators.enable(desk, request, output)


async def _run_other(desk: Desk, request: AnyRequest, output: Output) -> int:
    match request:
        case EnableKind():
            return await channels.enable_kind(desk, request, output)
        case LogContact():
            return await contacts.note(desk, request, output)
        case ImportTemplates():
            return await templates.take(desk, request, output)
        case ExportTemplates(path=path):
            count = await desk.templates.export_file(Path(path))
            await output.say(lazy_plural("{count} template exported.", "{count} templates exported.", count))
        case ImportWords():
            return await words.take(desk, request, output)
        case ExportWords():
            return await words.give(desk, request, output)
        case FindPeople(text=text):
            return await people.find(desk, text, output)
        case ExportPerson():
            return await people.export(desk, request, output)
        case ErasePerson():
            return await people.erase(desk, request, output)
        case Examine():
            findings = await examination.examine(desk)
            for finding in findings:
                await output.say(examination.line(finding))
            return 1 if any(finding.mark is examination.Mark.BAD for finding in findings) else 0
        case _:
            raise RefusedError(why=lazy(N_("There is no window to show.")))
    return 0
