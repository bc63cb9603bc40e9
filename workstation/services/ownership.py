"""How the command line finds the process that owns a profile."""

import contextlib
import os
import secrets

import msgspec

from workstation.services.profile import Profile


class Owner(msgspec.Struct, frozen=True):
    """How to reach the process that owns a profile: a loopback port, and proof that one may read its files."""

    port: int
    token: str
    pid: int


def owner(profile: Profile) -> Owner | None:
    """The owner as it described itself; it may have died since."""
    try:
        return msgspec.json.decode(profile.owner_file.read_bytes(), type=Owner)
    except (OSError, msgspec.MsgspecError):
        return None


def announce(profile: Profile, port: int) -> Owner:
    """Write down how to reach us; only this account's user can read it."""
    ours = Owner(port, secrets.token_urlsafe(24), os.getpid())
    with contextlib.suppress(OSError):
        profile.owner_file.unlink()
    handle = os.open(profile.owner_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(ours))
    return ours


def withdraw(profile: Profile) -> None:
    """Nobody can be reached any more."""
    with contextlib.suppress(OSError):
        profile.owner_file.unlink()
