"""Set up everything on a fresh machine, then run the practice desk (`run`) or the tests (`test`).

Standard library only, and nothing newer than Python 3.9, so that it starts on whatever python3 is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, Iterator, List, NoReturn, Sequence

import package_index
import system_libraries
import uv_tool

ROOT = Path(__file__).resolve().parent.parent
STATE = uv_tool.STATE
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "packaging" / "requirements.lock"
STAMP = ENVIRONMENT / "set-up.stamp"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST, TOO_NEW = (3, 11), (3, 14)
PYTHON_RANGE = ">=3.11,<3.14"
PRACTICE_SECONDS = "20"
SCREENSHOT = ROOT / "build" / "practice-desk.png"
CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
USAGE = """usage: python3 packaging/bootstrap.py COMMAND [ARGUMENT ...]

  run    open the practice desk; without a screen, a practice shift of about 20 seconds that writes a screenshot.
         Options go to `main.py --practice`; with a sub-command of main.py first (`run doctor`), that runs instead.
  test   run the tests; arguments go to pytest
  sync   only set up
  check  only say what of the operating system is missing; 1 if something is
"""
START = time.monotonic()


class SetUpError(Exception):
    """Set-up cannot go on; the text says why and what to do, in one line."""


def say(text: str) -> None:
    """A line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - START:5.1f} s] {text}", flush=True)


def main(words: Sequence[str]) -> int:
    """Do one command; 0 done, 1 failed with one clear line, 2 wrong arguments, or what the started program answers."""
    commands = {"run": run, "test": test, "sync": lambda _: 0, "check": check}
    if not words or words[0] not in commands:
        asked = bool(words) and words[0] in ("-h", "--help", "help")
        print(USAGE, end="", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        if words[0] != "check":
            set_up()
        return commands[words[0]](list(words[1:]))
    except SetUpError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"bootstrap: {error.strerror or error}: {error.filename or ''}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bootstrap: stopped; start it again to go on", file=sys.stderr)
        return 1


# Commands


def run(words: List[str]) -> int:
    """The practice desk in a window, or offscreen for a finite shift; or the sub-command of main.py that was named."""
    environment = child_environment()
    if words and not words[0].startswith("-"):
        return start([str(ROOT / "main.py"), *words], environment)
    practice = [str(ROOT / "main.py"), "--practice"]
    if not screen():
        environment["QT_QPA_PLATFORM"] = environment.get("QT_QPA_PLATFORM") or "offscreen"
        SCREENSHOT.parent.mkdir(exist_ok=True)
        say(f"no screen: a practice shift of {PRACTICE_SECONDS} s without one")
        practice += ["--seconds", PRACTICE_SECONDS, "--screenshot", str(SCREENSHOT)]
    return start([*practice, *words], environment)


def test(words: List[str]) -> int:
    """pytest."""
    return start(["-m", "pytest", *words], child_environment(), ROOT)


def check(_: List[str]) -> int:
    """Name what is missing of the operating system."""
    lacking = system_libraries.missing(screen())
    if not lacking:
        print("bootstrap: the operating system has all that is needed")
        return 0
    print(f"bootstrap: missing: {lacking}")
    if system_libraries.apt():
        print(f"bootstrap: to install, as root: {system_libraries.install_line(lacking.packages)}")
    return 1


def start(words: List[str], environment: Dict[str, str], folder: Path | None = None) -> int:
    """Give the process over to the environment's Python; where processes cannot be replaced, wait for it.

    The interpreter is called directly: the same as `uv run --no-sync`, and needs no uv once everything is set up.
    """
    command = [str(PYTHON), *words]
    if folder:
        os.chdir(folder)
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted
    try:
        return subprocess.call(command, env=environment)
    except KeyboardInterrupt:
        return 1


def child_environment() -> Dict[str, str]:
    """The variables for programs in the environment: it is active, and text is UTF-8."""
    environment = {**os.environ, "VIRTUAL_ENV": str(ENVIRONMENT)}
    environment["PATH"] = os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", os.defpath)])
    environment.pop("PYTHONHOME", None)
    if sys.platform.startswith("linux") and environment.get("LC_ALL") in ("C", "POSIX"):
        environment["LC_ALL"] = "C.UTF-8"  # Qt warns of any other
    return environment


def screen() -> bool:
    """Whether a window could be shown: a variable that names a display is not enough, somebody has to listen there."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.split(":")[0] in ("offscreen", "minimal", "vnc"):
        return False
    if not sys.platform.startswith("linux"):
        return True
    wayland, display = os.environ.get("WAYLAND_DISPLAY", ""), os.environ.get("DISPLAY", "")
    if wayland:
        path = Path(os.environ.get("XDG_RUNTIME_DIR", ""), wayland)
        if answers(socket.AF_UNIX, str(path)):
            return True
    host, colon, rest = display.rpartition(":")
    number = rest.split(".")[0]
    if not colon or not number.isdigit():
        return False
    if host in ("", "unix"):
        path_of_x = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X listens
        return answers(socket.AF_UNIX, path_of_x) or answers(socket.AF_UNIX, "\0" + path_of_x)
    return answers(socket.AF_INET, (host, 6000 + int(number)))


def answers(family: int, address: object) -> bool:
    """Whether a socket can be connected."""
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        return connection.connect_ex(address) == 0  # type: ignore[arg-type]


# Set-up


def set_up() -> None:
    """Make the environment what the lock says; nothing to do if the stamp says so."""
    if is_fresh():
        return
    STATE.mkdir(exist_ok=True)
    with one_at_a_time():
        if is_fresh():
            return
        environment = {**os.environ}
        prepare_system()
        prepare_certificates(environment)
        environment.update(package_index.uv_settings(environment))
        uv = get_uv(environment)
        make_environment(uv, environment)
        install_packages(uv, environment)
        STAMP.write_text(fingerprint(), encoding="utf-8")
        say("ready")


def fingerprint() -> str:
    """What the environment was made of: the lock, the interpreter, and whether a screen was there to prepare for."""
    interpreter = f"{PYTHON.resolve()} {(ENVIRONMENT / 'pyvenv.cfg').read_text(encoding='utf-8')}"
    digest = hashlib.sha256(LOCK.read_bytes() + interpreter.encode())
    return f"{digest.hexdigest()} {'screen' if screen() else 'offscreen'}\n"


def is_fresh() -> bool:
    """Whether the stamp matches what is there now; an environment made for a screen serves without one as well."""
    try:
        stamp = STAMP.read_text(encoding="utf-8")
        now = fingerprint()
    except OSError:
        return False
    return PYTHON.exists() and stamp in (now, now.replace(" offscreen", " screen"))


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of this checkout; it goes with the process, however that ends."""
    with (STATE / "lock").open("a+b") as file:
        if not try_lock(file.fileno()):
            say("another set-up is at work here: waiting for it")
            while not try_lock(file.fileno()):
                time.sleep(0.2)
        yield


def try_lock(descriptor: int) -> bool:
    """Lock an open file for this process alone, if nobody has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def prepare_system() -> None:
    """Install missing system libraries where that is allowed; otherwise say what to type."""
    lacking = system_libraries.missing(screen())
    needs_pip = needs_a_package_for_uv()
    packages = [*lacking.packages, *([("python3-pip",)] if needs_pip else [])]
    if not packages:
        return
    how = system_libraries.apt()
    if how is not None and how.allowed:
        say(f"installing {len(packages)} packages of the operating system with apt")
        STATE.mkdir(exist_ok=True)
        log = STATE / "apt.log"
        system_libraries.install(how, packages, log)
        lacking = system_libraries.missing(screen())
        if lacking.libraries or needs_a_package_for_uv():
            last = uv_tool.last_line(log.read_text(encoding="utf-8", errors="replace"))
            raise SetUpError(
                f"apt could not install what is missing; check the network, then start again ({log}: {last})"
            )
        if lacking:
            say(f"still missing, going on without: {lacking}")
        return
    advise(lacking, packages, how)


def advise(
    lacking: system_libraries.Missing, packages: List[tuple[str, ...]], how: system_libraries.Apt | None
) -> None:
    """Say what is missing where it cannot be installed from here; SetUpError where Debian's linker already said no."""
    names = ", ".join(part for part in (str(lacking), "pip" if needs_a_package_for_uv() else "") if part)
    if how is None:
        say(f"not found, please install by this system's own means: {names}")
        return
    line = system_libraries.install_line(packages)
    if lacking.libraries or needs_a_package_for_uv():
        raise SetUpError(f"missing: {names}.\nType this as root, then start again:\n  {line}")
    say(f"missing, going on without: {names}. To install, as root: {line}")


def needs_a_package_for_uv() -> bool:
    """Whether there is neither uv nor a way to fetch it with what Python brings."""
    if uv_tool.pip_at_hand():
        return False
    try:
        uv_tool.find_uv()
    except uv_tool.UvMissingError:
        return True
    return False


def prepare_certificates(environment: Dict[str, str]) -> None:
    """Pass over variables that name certificates which do not exist: pip and uv would refuse to start."""
    for name in CERTIFICATE_VARIABLES:
        if environment.get(name) and not Path(environment[name]).exists():
            say(f"{name} names a file that does not exist: passed over")
            del environment[name]


def get_uv(environment: Dict[str, str]) -> str:
    """The path of a uv that runs, fetched if need be."""
    try:
        return uv_tool.find_uv()
    except uv_tool.UvMissingError:
        say("fetching uv")
    try:
        return uv_tool.fetch_uv(environment)
    except uv_tool.UvMissingError as error:
        raise SetUpError(
            f"{error}. Check the network and pip's configuration, or install uv, then start again"
        ) from None


def make_environment(uv: str, environment: Dict[str, str]) -> None:
    """Keep `.venv` if its Python runs and fits, otherwise make it anew."""
    if suits(PYTHON):
        return
    if ENVIRONMENT.exists():
        if not (ENVIRONMENT / "pyvenv.cfg").exists() and any(ENVIRONMENT.iterdir()):
            raise SetUpError(f"{ENVIRONMENT} is not a virtual environment: move it away, then start again")
        shutil.rmtree(ENVIRONMENT)
    python = sys.executable if suits(Path(sys.executable)) else PYTHON_RANGE
    say("making the environment")
    call(
        [uv, "venv", "--quiet", "--python", python, str(ENVIRONMENT)], environment, "the environment could not be made"
    )
    if not suits(PYTHON):
        raise SetUpError(f"no Python {PYTHON_RANGE} was found or could be fetched: install one, then start again")


def suits(python: Path) -> bool:
    """Whether an interpreter runs and is a CPython of the supported versions."""
    question = "import sys; print(sys.implementation.name, *sys.version_info[:2])"
    try:
        answer = subprocess.run([str(python), "-c", question], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    words = answer.stdout.split()
    return len(words) == 3 and words[0] == "cpython" and OLDEST <= (int(words[1]), int(words[2])) < TOO_NEW


def install_packages(uv: str, environment: Dict[str, str]) -> None:
    """Bring the environment to exactly what the lock names, each file checked by its hash, then see that Qt loads."""
    say("installing the packages of the lock")
    sync = [uv, "pip", "sync", "--require-hashes", "--python", str(PYTHON), str(LOCK)]
    call(sync, environment, "packages could not be installed; check the network and the package index")
    probe = [str(PYTHON), "-c", "import PySide6.QtWidgets"]
    answer = subprocess.run(probe, capture_output=True, text=True, env=child_environment(), check=False)
    if answer.returncode:
        raise SetUpError(f"Qt does not load: {uv_tool.last_line(answer.stderr)}")


def call(command: List[str], environment: Dict[str, str], failure: str) -> None:
    """Run uv, its output to the terminal; SetUpError if it fails."""
    environment = {name: value for name, value in environment.items() if name != "VIRTUAL_ENV"}
    if subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode:
        raise SetUpError(f"{failure} (see the lines above), then start again")


def entry() -> NoReturn:
    """Refuse a Python that is too old for even this script, otherwise go."""
    if sys.version_info < (3, 9):
        sys.exit("bootstrap: needs Python 3.9 or newer to start; found " + sys.version.split()[0])
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    entry()
