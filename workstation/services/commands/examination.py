"""The doctor's rounds: what of this desk works and what does not, without changing anything."""

import importlib.util
import platform
import sqlite3
import subprocess
import sys
from enum import StrEnum

import msgspec

from workstation.domain.errors import MeridianError
from workstation.domain.text import N_, LazyText, TextValue, lazy
from workstation.services.desk import Desk
from workstation.services.profile import Profile

OLDEST = (3, 11)


class Mark(StrEnum):
    """How a check ended."""

    GOOD = "ok"
    POOR = "warn"
    BAD = "fail"


class Finding(msgspec.Struct, frozen=True):
    """One row of the table."""

    mark: Mark
    what: LazyText
    detail: TextValue = ""


def machine() -> list[Finding]:
    """Checks that need no profile."""
    version = platform.python_version()
    old = sys.version_info < OLDEST
    found = [
        Finding(Mark.BAD if old else Mark.GOOD, lazy("Python"), version),
        Finding(Mark.GOOD, lazy("SQLite"), sqlite3.sqlite_version),
    ]
    found.append(_window())
    return found


def _window() -> Finding:
    """Whether Qt can be loaded, tried in a process of its own: a missing system library shows only then."""
    what = lazy(N_("Window"))
    if importlib.util.find_spec("PySide6") is None:
        return Finding(Mark.BAD, what, lazy(N_("PySide6 is not installed: only the command line works")))
    if not getattr(sys, "frozen", False):
        code = "import PySide6.QtWidgets, PySide6.QtSvg"
        tried = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", code], capture_output=True, text=True, errors="replace", check=False
        )
        if tried.returncode:
            why = (tried.stderr.strip().splitlines() or ["?"])[-1][:200]
            return Finding(Mark.BAD, what, lazy(N_("Qt cannot be loaded: {why}"), why=why))
    return Finding(Mark.GOOD, what, "PySide6")


def folder(profile: Profile) -> Finding:
    """Whether the profile can be written."""
    what = lazy(N_("Profile"))
    try:
        profile.prepare()
        probe = profile.root / "doctor.probe"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        said = lazy(N_("{folder} cannot be written: {why}"), folder=str(profile.root), why=str(error.strerror))
        return Finding(Mark.BAD, what, said)
    return Finding(Mark.GOOD, what, str(profile.root))


async def keychain(desk: Desk) -> Finding:
    """Whether secrets can be kept."""
    lasting = await desk.secrets.has_keychain()
    detail = lazy(N_("there is one")) if lasting else lazy(N_("none: secrets last for one run; env: references work"))
    return Finding(Mark.GOOD if lasting else Mark.POOR, lazy(N_("Keychain")), detail)


async def database(desk: Desk) -> list[Finding]:
    """The store and its ledger."""
    ledgers = await desk.store.messages.ledger(None)
    missing = sum(each.missing for each in ledgers)
    received = sum(each.received for each in ledgers)
    held = await desk.outbox.held()
    found = [
        Finding(Mark.GOOD, lazy(N_("Database")), str(desk.profile.database)),
        Finding(
            Mark.BAD if missing else Mark.GOOD,
            lazy(N_("Ledger")),
            lazy(N_("received {received}, lost {missing}"), received=received, missing=missing),
        ),
    ]
    if held:
        found.append(Finding(Mark.POOR, lazy(N_("Outbox")), lazy(N_("held: nothing leaves until it is released"))))
    return found


async def channels(desk: Desk) -> list[Finding]:
    """Each channel, tried."""
    found = []
    for config in await desk.store.channels.list():
        what = lazy(N_("Channel “{name}”"), name=config.name)
        try:
            secret = await desk.secrets.read(config.secret, config.id) if config.secret else ""
            opened = await desk.supervisor.test(config, secret)
        except MeridianError as error:
            found.append(Finding(Mark.BAD, what, error.text))
        else:
            detail = lazy(N_("{handle} on {server}"), handle=opened.account.handle, server=opened.capabilities.server)
            found.append(Finding(Mark.GOOD, what, detail))
    if not found:
        found.append(Finding(Mark.POOR, lazy(N_("Channels")), lazy(N_("none is set up"))))
    return found


async def examine(desk: Desk) -> list[Finding]:
    """All checks that need the desk."""
    return [await keychain(desk), *await database(desk), *await channels(desk)]


def line(finding: Finding) -> LazyText:
    """A row of the table."""
    return lazy("{mark}  {what}: {detail}", mark=f"{finding.mark.value:<4}", what=finding.what, detail=finding.detail)
