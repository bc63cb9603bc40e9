"""Turns parsed words into requests and has them carried out."""

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workstation.cli.console import Console, FileConsole, LastLine, complain, tell, write
from workstation.domain.channels import FieldKind, Manifest
from workstation.domain.text import N_, lazy
from workstation.i18n import plain, render
from workstation.services.commands import requests
from workstation.services.commands.carry_out import carry_out

if TYPE_CHECKING:
    from workstation.services.profile import Profile


def run(given: argparse.Namespace, profile: "Profile", parser: argparse.ArgumentParser) -> int:
    """Do one sub-command; the exit code."""
    if given.command == "doctor":
        return _doctor(profile)
    if given.command == "channels" and given.verb == "kinds":
        return _kinds(given.kind, profile, parser)
    if given.command == "people" and given.verb == "erase":
        return _erase(given, profile)
    request = _request(given, profile, parser)
    if getattr(given, "output", ""):
        return _to_file(profile, request, Path(given.output))
    return asyncio.run(carry_out(profile, request, Console()))


def _request(given: argparse.Namespace, profile: "Profile", parser: argparse.ArgumentParser) -> requests.AnyRequest:
    match given.command:
        case "channels":
            return _channel_request(given, profile, parser)
        case "translators":
            return _translator_request(given, parser)
        case "collect":
            return requests.Collect(seconds=given.seconds)
        case "reply":
            if not given.text.strip():
                parser.error("--text is empty")
            return requests.Reply(message=given.message, text=given.text, wait=given.wait)
        case "act":
            if given.action == "edit" and not given.text.strip():
                parser.error("edit needs the new text: --text")
            return requests.Act(
                message=given.message,
                action=given.action,
                options=dict(given.fields),
                text=given.text,
                wait=given.wait,
            )
        case "log":
            return requests.LogContact(
                kind=given.kind,
                name=given.caller,
                text=given.text,
                number=given.number,
                at=given.at,
                case=given.case,
                ours=given.ours,
            )
        case "export":
            return requests.Export(what=given.what, format=given.format, path=_absolute(given.output))
        case "people" if given.verb == "find":
            return requests.FindPeople(text=given.text)
        case "people":
            return requests.ExportPerson(who=given.who, format=given.format, path=_absolute(given.output))
        case _:
            return _file_request(given)


def _file_request(given: argparse.Namespace) -> requests.AnyRequest:
    path = str(Path(given.file).absolute())
    match given.command, given.verb:
        case "templates", "import":
            return requests.ImportTemplates(path=path, preview=given.preview)
        case "templates", _:
            return requests.ExportTemplates(path=path)
        case what, "import":
            return requests.ImportWords(what=what, path=path, preview=given.preview)
        case what, _:
            return requests.ExportWords(what=what, path=path)


def _channel_request(
    given: argparse.Namespace, profile: "Profile", parser: argparse.ArgumentParser
) -> requests.AnyRequest:
    match given.verb:
        case "list":
            return requests.ListChannels()
        case "test":
            return requests.TestChannel(name=given.name)
        case "remove":
            return requests.RemoveChannel(name=given.name)
        case "enable" | "disable" as verb:
            return requests.EnableKind(name=given.name, on=verb == "enable")
        case _:
            _known_kind(given.kind, profile, parser)
            secret, lent = _secret(given.secret_env, parser)
            return requests.AddChannel(
                kind=given.kind,
                name=given.name,
                server=given.server,
                user=given.user,
                secret=secret,
                lent=lent,
                settings=dict(given.fields),
            )


def _secret(variable: str, parser: argparse.ArgumentParser) -> tuple[str, str]:
    """The reference to a secret, and the secret itself for an owner that has another environment."""
    if "=" in variable or ":" in variable:
        parser.error("--secret-env takes the name of an environment variable, not a secret")
    return (f"env:{variable}", os.environ.get(variable, "")) if variable else ("", "")


def _translator_request(given: argparse.Namespace, parser: argparse.ArgumentParser) -> requests.AnyRequest:
    match given.verb:
        case "list":
            return requests.ListTranslators()
        case "test":
            return requests.TestTranslator()
        case "none":
            return requests.UseTranslator(kind="")
        case "enable" | "disable" as verb:
            return requests.EnableTranslator(name=given.name, on=verb == "enable")
        case _:
            secret, lent = _secret(given.secret_env, parser)
            return requests.UseTranslator(
                kind=given.kind, server=given.server, secret=secret, lent=lent, settings=dict(given.fields)
            )


def _to_file(profile: "Profile", request: requests.AnyRequest, path: Path) -> int:
    output = FileConsole(path)
    complete = False
    try:
        code = asyncio.run(carry_out(profile, request, output))
        complete = code == 0
    finally:
        output.close(complete=complete)
    return code


def _absolute(path: str) -> str:
    return str(Path(path).absolute()) if path else ""


def _erase(given: argparse.Namespace, profile: "Profile") -> int:
    """Show what goes, ask for the handle unless told not to, then erase."""
    request = requests.ErasePerson(who=given.who, also=tuple(given.also), sure=given.yes)
    if given.yes:
        return asyncio.run(carry_out(profile, request, Console()))
    handle = LastLine()
    code = asyncio.run(carry_out(profile, request, handle))
    if code:
        return code
    tell(lazy(N_("This cannot be undone. Type {handle} to erase:"), handle=handle.text))
    if sys.stdin is None or sys.stdin.readline().strip() != handle.text:
        complain(lazy(N_("Nothing was erased.")))
        return 1
    return asyncio.run(carry_out(profile, msgspec.structs.replace(request, sure=True), Console()))


def _manifests(profile: "Profile") -> dict[str, Manifest]:
    from workstation.connectors.registry import built_in, enable
    from workstation.services.settings import Settings

    registry = built_in()
    enable(registry, Settings(profile.settings).now.extensions)
    return {manifest.kind: manifest for manifest in registry.manifests()}


def _known_kind(kind: str, profile: "Profile", parser: argparse.ArgumentParser) -> Manifest:
    manifests = _manifests(profile)
    if kind not in manifests:
        parser.error(f"no such kind of channel: {kind!r} (there are: {', '.join(sorted(manifests))})")
    return manifests[kind]


def _kinds(kind: str, profile: "Profile", parser: argparse.ArgumentParser) -> int:
    if kind:
        manifest = _known_kind(kind, profile, parser)
        write(f"{manifest.kind}\t{manifest.title}\t{plain(render(manifest.summary))}\n")
        for field in manifest.fields:
            write("\t".join(_field_cells(field.name, field.kind, field.required, plain(render(field.label)))) + "\n")
            if field.choices:
                write("\t\t" + ", ".join(choice for choice, _ in field.choices) + "\n")
        return 0
    manifests = _manifests(profile)
    for manifest in manifests.values():
        write(f"{manifest.kind}\t{manifest.title}\t{plain(render(manifest.summary))}\n")
    from workstation.connectors.registry import installed

    for name in installed():
        if name not in manifests:
            tell(lazy(N_("{name}: offered by an installed package; “channels enable {name}” trusts it"), name=name))
    return 0


def _field_cells(name: str, kind: FieldKind, required: bool, label: str) -> tuple[str, ...]:
    given_by = {"server": "--server", "user": "--user", "secret": "--secret-env"}.get(name, f"--set {name}=")
    return ("", given_by, kind.value, "required" if required else "optional", label)


def _doctor(profile: "Profile") -> int:
    """What needs no desk first: a broken profile must not hide it."""
    from workstation.services.commands import examination
    from workstation.services.commands.examination import Mark

    findings = [*examination.machine(), examination.folder(profile)]
    for finding in findings:
        write(plain(render(examination.line(finding))) + "\n")
    if findings[-1].mark is Mark.BAD:
        complain(lazy(N_("The profile is not usable.")))
        return 1
    code = asyncio.run(carry_out(profile, requests.Examine(), Console()))
    return 1 if code or any(finding.mark is Mark.BAD for finding in findings) else 0
