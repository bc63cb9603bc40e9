"""Starts the real servers beside the project, on free ports and with a clean state; says why where it cannot."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[3] / "shared" / "servers"
PATIENCE = 180
"""Seconds for a server to be ready."""
ALONE = "there can be one per machine"
"""What a script says when the same server of somebody else is running."""
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

    @property
    def state(self) -> Path:
        """The folder of its data, and of the list of its processes."""
        return Path(self._environment["MERIDIAN_STATE"]) / self.name

    @property
    def ports(self) -> list[int]:
        """What it listens on."""
        return [int(self._environment[name]) for name in PORTS[self.name]]

    def stop(self) -> None:
        """End it; `begin` of the same script would start with a clean state."""
        _script(self.name, "stop", self._environment)


_shared: dict[str, Server] = {}
"""Kept here and not beside the fixtures: pytest imports a conftest under a name of its own, so that there are two."""


@contextmanager
def shared(name: str) -> Iterator[Server]:
    """The one server of that name that all tests of this process share; AbsentError."""
    if name in _shared:
        yield _shared[name]  # whoever began it ends last
        return
    with running(name) as server:
        _shared[name] = server
        try:
            yield server
        finally:
            del _shared[name]


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
            said = _start(name, environment)
        except subprocess.CalledProcessError as error:
            raise AbsentError(f"{name} did not start: {error.stderr.strip()[-500:]}") from None
        except subprocess.TimeoutExpired as error:
            raise AbsentError(f"{name} did not start: {error}") from None
        values = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        try:
            yield Server(name, values, environment)
        finally:
            _script(name, "stop", environment)


def end(server: Server, process: str) -> Callable[[], None]:
    """End one process of a server, as the script's list calls it; what is returned begins it again on its old data."""
    pids = server.state / "pids"
    lines = pids.read_text().splitlines()
    number = next(int(line.split()[1]) for line in lines if line.startswith(f"{process} "))
    seen = Path(f"/proc/{number}")
    words = seen.joinpath("cmdline").read_text().split("\0")[:-1]
    variables = dict(item.split("=", 1) for item in seen.joinpath("environ").read_text().split("\0") if item)
    folder = seen.joinpath("cwd").readlink()
    os.killpg(number, signal.SIGTERM)
    while seen.exists():
        time.sleep(0.05)

    def begin() -> None:
        with server.state.joinpath(f"{process}-again.log").open("ab") as log:
            again = subprocess.Popen(
                words, cwd=folder, env=variables, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        # The script ends what it noted: number and time of start.
        begun = Path(f"/proc/{again.pid}/stat").read_text().rpartition(") ")[2].split()[19]
        noted = f"{process} {again.pid} {begun}"
        pids.write_text("\n".join(noted if line.startswith(f"{process} ") else line for line in lines) + "\n")
        again.returncode = 0  # it is the script's to end
        for port in server.ports:
            _wait_for(port)

    return begin


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"port {port} does not open again")


def _free_ports(names: tuple[str, ...]) -> dict[str, str]:
    with ExitStack() as held:
        # All at once, so that none is given twice.
        found = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in names]
        return {name: str(one.getsockname()[1]) for name, one in zip(names, found, strict=True)}


def _start(name: str, environment: dict[str, str]) -> str:
    """What the script says of the server; where the machine can have one only, as soon as the other has ended."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return _script(name, "start", environment)
        except subprocess.CalledProcessError as error:
            if ALONE not in error.stderr or time.monotonic() > end:
                raise
        time.sleep(1)


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
