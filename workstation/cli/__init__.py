"""The command line: what a person types, carried out here, or by the Meridian that already has the profile open.

Qt is never imported for a sub-command. Exit codes: 0 done, 1 failed with one clear line, 2 wrong arguments.
"""

import argparse
import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from workstation import i18n
from workstation.cli.console import complain, speak_utf8, tell
from workstation.cli.parser import make_parser
from workstation.domain.errors import MeridianError
from workstation.domain.text import N_, lazy


class NoTeamError(MeridianError):
    """--database was given, and this desk stands alone."""

    code = "no_team"
    sentence = N_("--database needs a team’s store, which this version does not have. Leave it out.")


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["practice-network"]:
        # A frozen program has no `python -m`: it is its own practice network.
        from workstation.practice.process import main as serve

        return serve(words[1:])
    speak_utf8()
    parser = make_parser()
    given = parser.parse_args(words)
    try:
        _speak(given.locale)
        return _run(given, parser)
    except (MeridianError, OSError) as error:
        return explain(error)
    except KeyboardInterrupt:
        return 130


def explain(error: MeridianError | OSError) -> int:
    """Say in one line why something could not be done; the exit code."""
    speak_utf8()
    if isinstance(error, MeridianError):
        complain(error.text)
    elif isinstance(error, BrokenPipeError):
        # Whoever reads our output has left, such as `head`. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    else:
        what = str(error.filename) if error.filename else type(error).__name__
        complain(lazy(N_("{what}: {why}"), what=what, why=error.strerror or str(error.errno or "")))
    return 1


def _speak(wanted: str) -> None:
    """Choose the interface's language: as asked, else as the system is set."""
    if wanted:
        tags = [wanted]
    else:
        tags = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
        tags = tags if any(tags) else [locale.getlocale()[0] or ""]
    cleaned = [tag.split(".", 1)[0].replace("_", "-") for tag in tags if tag]
    i18n.use(i18n.load_language(i18n.negotiate(cleaned, i18n.available())))


def _run(given: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    from workstation.services.profile import Profile

    if given.database:
        raise NoTeamError
    profile = Profile(Path(given.profile).absolute()) if given.profile else Profile.standard()
    if given.practice and given.command is None:
        from workstation.app.opening import Shift, practice

        shift = Shift(given.practice_seconds, given.practice_rate, given.practice_screenshot, given.practice_course)
        return practice(profile, shift, tell, locale=given.locale)
    belong = (given.practice_seconds, given.practice_rate, given.practice_screenshot, given.practice_course)
    if given.practice or any(belong):
        parser.error("--practice takes no command, and --seconds, --rate, --screenshot and --course belong to it")
    if given.command is None:
        from workstation.app.opening import window

        return window(profile, locale=given.locale)
    from workstation.cli.commands import run

    return run(given, profile, parser)
