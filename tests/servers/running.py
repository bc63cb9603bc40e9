"""Starts the real servers beside the project, on free ports and with a clean state; says why where it cannot."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[3] / "shared" / "servers"
PATIENCE = 180
"""Seconds for a server to be ready."""
PORTS = {
    "synapse": ("SYNAPSE_PORT",),
    "mail": ("MAIL_IMAP_PORT", "MAIL_SMTP_PORT", "MAIL_LMTP_PORT"),
    "wordpress": ("WORDPRESS_PORT", "WORDPRESS_DB_PORT"),
    "atproto": (
        "ATPROTO_PLC_PORT",
        "ATPROTO_PDS_PORT",
        "ATPROTO_APPVIEW_PORT",
        "ATPROTO_OZONE_PORT",
        "ATPROTO_PG_PORT",
        "ATPROTO_REDIS_PORT",
    ),
}


class AbsentError(Exception):
    """The server is not installed here, or did not start; the text says what to do."""


def installed() -> Path:
    """Where `install` puts the servers."""
    return Path(os.environ.get("MERIDIAN_SERVERS") or Path.home() / ".cache" / "meridian-servers")


class Server:
    """A running server: its values as the script printed them, and how to stop it for a while."""

    def __init__(self, name: str, values: dict[str, str], environment: dict[str, str]) -> None:
        self.name = name
        self.values = values
        self._environment = environment

    def __getitem__(self, key: str) -> str:
        return self.values[key]

    def stop(self) -> None:
        """End it; `begin` of the same script would start with a clean state."""
        _script(self.name, "stop", self._environment)


@contextmanager
def running(name: str) -> Iterator[Server]:
    """The server of that name (synapse, mail, wordpress, atproto) for as long as the block lasts; AbsentError."""
    if not (SCRIPTS / f"{name}.sh").exists():
        raise AbsentError("the scripts of ../shared/servers are not here")
    if not (installed() / name).exists():
        raise AbsentError(f"not installed: run ../shared/servers/{name}.sh install")
    with tempfile.TemporaryDirectory(prefix=f"meridian-{name}-", ignore_cleanup_errors=True) as state:
        # Servers drop their privileges: they have to reach their own state.
        Path(state).chmod(0o755)
        environment = os.environ | _free_ports(PORTS[name]) | {"MERIDIAN_STATE": state}
        try:
            said = _script(name, "start", environment)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise AbsentError(f"{name} did not start: {error}") from None
        values = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        try:
            yield Server(name, values, environment)
        finally:
            _script(name, "stop", environment)


def _free_ports(names: tuple[str, ...]) -> dict[str, str]:
    with ExitStack() as held:
        # All at once, so that none is given twice.
        found = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in names]
        return {name: str(one.getsockname()[1]) for name, one in zip(names, found, strict=True)}


def _script(name: str, verb: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", str(SCRIPTS / f"{name}.sh"), verb],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return done.stdout
