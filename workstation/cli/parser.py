"""The grammar of the command line."""

import argparse
import math
from typing import TYPE_CHECKING

from workstation.services.commands.vocabulary import ACTIONS, FORMATS, WHAT
from workstation.services.training.courses import COURSES


def _seconds(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError(f"not a number of seconds: {text!r}")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value <= 5_000:
        raise argparse.ArgumentTypeError("a rate lies between 0 and 5000 messages per second")
    return value


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"not FIELD=VALUE: {text!r}")
    return name.strip(), value


def make_parser() -> argparse.ArgumentParser:
    """The parser for everything after the program's name."""
    parser = argparse.ArgumentParser(
        prog="meridian",
        description="Meridian, a moderation workstation. Without a command it opens its window.",
        epilog="A secret is never an argument: name an environment variable, or enter it in the window.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--profile", metavar="DIR", default="", help="the folder with everything this desk remembers")
    add("--database", metavar="URL", default="", help="the team's store")
    add("--locale", metavar="L", default="", help="language of the interface, such as de or pt-BR")
    add("--practice", action="store_true", help="the practice desk, with a small network of its own")
    add("--seconds", dest="practice_seconds", type=_seconds, metavar="N", help="end the practice after N seconds")
    add("--rate", dest="practice_rate", type=_rate, metavar="N", help="messages per second of the practice")
    add(
        "--screenshot", dest="practice_screenshot", metavar="FILE", default="", help="write a picture of the desk (PNG)"
    )
    add("--course", dest="practice_course", choices=tuple(COURSES), default="", metavar="NAME",
        help=f"a practice course: {', '.join(COURSES)}")  # fmt: skip
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _channels(commands)
    _translators(commands)
    _work(commands)
    _log(commands)
    _files(commands)
    _people(commands)
    commands.add_parser("doctor", help="a table of what works and what does not", allow_abbrev=False)
    return parser


if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - its only name


VERBS = (
    ("test", "sign in and tell what can be done there"),
    ("remove", "forget a channel"),
    ("enable", "trust a kind of channel that an installed package offers"),
    ("disable", "trust it no longer"),
)


def _channels(commands: "_Commands") -> None:
    channels = commands.add_parser("channels", help="connected accounts", allow_abbrev=False)
    verbs = channels.add_subparsers(dest="verb", metavar="VERB", required=True)
    kinds = verbs.add_parser("kinds", help="kinds of channel, or the fields of one", allow_abbrev=False)
    kinds.add_argument("kind", nargs="?", metavar="KIND", default="")
    add = verbs.add_parser("add", help="add a channel", allow_abbrev=False)
    add.add_argument("kind", metavar="KIND")
    add.add_argument("--name", required=True, help="what you call it")
    add.add_argument("--server", metavar="URL", default="")
    add.add_argument("--user", metavar="NAME", default="")
    add.add_argument("--secret-env", metavar="VAR", default="", help="environment variable that holds the secret")
    add.add_argument("--set", dest="fields", metavar="FIELD=VALUE", type=_pair, action="append", default=[])
    verbs.add_parser("list", help="a line for each channel", allow_abbrev=False)
    for verb, text in VERBS:
        one = verbs.add_parser(verb, help=text, allow_abbrev=False)
        one.add_argument("name", metavar="NAME")


def _translators(commands: "_Commands") -> None:
    translators = commands.add_parser("translators", help="providers of translations", allow_abbrev=False)
    verbs = translators.add_subparsers(dest="verb", metavar="VERB", required=True)
    verbs.add_parser("list", help="kinds of provider, and which is in use", allow_abbrev=False)
    use = verbs.add_parser("use", help="have texts translated by one", allow_abbrev=False)
    use.add_argument("kind", metavar="KIND")
    use.add_argument("--server", metavar="URL", default="")
    use.add_argument("--secret-env", metavar="VAR", default="", help="environment variable that holds the key")
    use.add_argument("--set", dest="fields", metavar="FIELD=VALUE", type=_pair, action="append", default=[])
    verbs.add_parser("none", help="have no text translated", allow_abbrev=False)
    verbs.add_parser("test", help="ask the one in use whether it answers; no text is sent", allow_abbrev=False)
    for verb, text in VERBS[2:]:
        one = verbs.add_parser(verb, help=text.replace("channel", "provider"), allow_abbrev=False)
        one.add_argument("name", metavar="NAME")


def _work(commands: "_Commands") -> None:
    collect = commands.add_parser("collect", help="receive without a window", allow_abbrev=False)
    collect.add_argument("--seconds", type=_seconds, default=0.0, metavar="N", help="end after N seconds")
    reply = commands.add_parser("reply", help="answer a message", allow_abbrev=False)
    reply.add_argument("message", metavar="MESSAGE_ID")
    reply.add_argument("--text", required=True, metavar="T")
    act = commands.add_parser("act", help="do something to a message", allow_abbrev=False)
    act.add_argument("message", metavar="MESSAGE_ID")
    act.add_argument("action", metavar="ACTION", choices=ACTIONS, help=", ".join(ACTIONS))
    act.add_argument("--set", dest="fields", metavar="FIELD=VALUE", type=_pair, action="append", default=[])
    act.add_argument("--text", metavar="T", default="", help="the new text, for edit")
    for command in (reply, act):
        command.add_argument("--wait", action="store_true", help="until the network has taken it")


def _log(commands: "_Commands") -> None:
    log = commands.add_parser("log", help="note a call, letter or talk as a case", allow_abbrev=False)
    log.add_argument("kind", choices=("call", "letter", "talk"))
    log.add_argument("--from", dest="caller", metavar="NAME", default="")
    log.add_argument("--number", default="", help="how to reach them, and find them again")
    log.add_argument("--text", required=True, metavar="T", help="what it was about")
    log.add_argument("--at", default="", metavar="TIME", help="when, such as 2026-11-20T14:30; now")
    log.add_argument("--case", type=int, default=0, metavar="ID", help="the case that it continues")
    log.add_argument("--ours", action="store_true", help="what we said, not what we were told")


def _people(commands: "_Commands") -> None:
    people = commands.add_parser("people", help="what is kept of a person", allow_abbrev=False)
    verbs = people.add_subparsers(dest="verb", metavar="VERB", required=True)
    find = verbs.add_parser("find", help="a line for each person found", allow_abbrev=False)
    find.add_argument("text", metavar="TEXT", help="part of a handle, a name or an address")
    export = verbs.add_parser("export", help="everything kept of a person", allow_abbrev=False)
    export.add_argument("--format", choices=("jsonl", "json"), default="jsonl")
    export.add_argument("--output", metavar="FILE", default="", help="a file instead of standard output")
    erase = verbs.add_parser("erase", help="forget a person for good, everywhere", allow_abbrev=False)
    erase.add_argument("--yes", action="store_true", help="do not ask")
    erase.add_argument(
        "--also", metavar="TEXT", action="append", default=[], help="mask this too: a nickname, an order, an address"
    )
    for command in (export, erase):
        command.add_argument("who", metavar="PERSON", help="a handle, a number that “find” shows, or person:N")


def _files(commands: "_Commands") -> None:
    export = commands.add_parser("export", help="everything of one kind, as lines", allow_abbrev=False)
    export.add_argument("what", choices=WHAT)
    export.add_argument("--format", choices=FORMATS, default="jsonl")
    export.add_argument("--output", metavar="FILE", default="", help="a file instead of standard output")
    templates = commands.add_parser("templates", help="answer templates", allow_abbrev=False)
    verbs = templates.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in ("import", "export"):
        one = verbs.add_parser(verb, help=f"{verb} templates as .toml, .json or .csv", allow_abbrev=False)
        one.add_argument("file", metavar="FILE")
        if verb == "import":
            one.add_argument("--preview", action="store_true", help="only tell what is new, changed or the same")
    for name, text, formats in (
        ("memory", "sentences that were sent in two languages", ".tmx"),
        ("terms", "words that the team agreed on", ".tbx or .csv"),
    ):
        words = commands.add_parser(name, help=text, allow_abbrev=False)
        steps = words.add_subparsers(dest="verb", metavar="VERB", required=True)
        for verb in ("import", "export"):
            one = steps.add_parser(verb, help=f"{verb} them as {formats}", allow_abbrev=False)
            one.add_argument("file", metavar="FILE")
            if verb == "import":
                one.add_argument("--preview", action="store_true", help="only tell what is new, changed or the same")
