"""What the repository promises about itself: locked, hashed, without addresses, and startable by an old Python."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import lock
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "packaging").glob("*.py"))
LOCKS = sorted((ROOT / "packaging").glob("*.lock"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_need_only_python_3_9_and_its_library(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    allowed = sys.stdlib_module_names | {script.stem for script in SCRIPTS}
    nodes = list(ast.walk(tree))
    imported = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= allowed
    assert not [node for node in nodes if isinstance(node, ast.Match)]


def imported_by(folder: str) -> set[str]:
    """Top-level names that the Python files of a folder import, wherever in them."""
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module or "")
    return {name.split(".")[0] for name in names}


def declared(requirements: list[str]) -> set[str]:
    """Names of distributions as pyproject.toml asks for them, normalized."""
    found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name.group()).lower() for name in found if name}


COMPARED = {"lingua"}
"""What a benchmark is compared with where somebody has installed it; 96 MB that nothing else needs."""


@pytest.mark.parametrize(("folder", "with_dev"), [("workstation", False), ("benchmarks", True), ("tests", True)])
def test_what_is_imported_is_declared(folder: str, with_dev: bool) -> None:
    """A package that is there by accident on one machine is missing on the next."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    known = declared(project["project"]["dependencies"])
    known |= declared(project["dependency-groups"]["dev"]) if with_dev else set()
    known.add("shiboken6")  # half of PySide6
    providers = packages_distributions()
    ours = {"main", "workstation", "benchmarks", "tests"} | {
        path.stem for path in (*SCRIPTS, *(ROOT / folder).rglob("*.py"))
    }
    foreign = imported_by(folder) - sys.stdlib_module_names - ours
    undeclared = {name for name in foreign if not declared(providers.get(name, [])) & known}
    assert undeclared - COMPARED == set()


def test_packaging_is_no_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists(), "it would hide the library of that name"


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_locks_hold_hashes_and_no_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?i)https?:|file:|--(extra-)?index-url|--find-links|(^|\s)/\w", text)
    blocks = re.findall(r"(?m)^[a-z0-9].*?(?=^[a-z0-9#]|\Z)", text, flags=re.DOTALL)
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_pins_of_the_project_are_those_of_the_lock() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert lock.with_pins(project, lock.REQUIREMENTS.read_text(encoding="utf-8")) == project
    assert tomllib.loads(project)["tool"]["uv"]["constraint-dependencies"]


def test_every_requirement_of_the_lock_becomes_a_pin() -> None:
    text = lock.REQUIREMENTS.read_text(encoding="utf-8")
    assert len(lock.PIN.findall(text)) == len(re.findall(r"(?m)^\S+==", text))


def test_no_tracked_file_records_an_index() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    names = [name for name in listing.stdout.decode().split("\0") if name]
    assert not [name for name in names if Path(name).name in ("uv.lock", "pip.conf", "uv.toml")]
    address = re.compile(rb"""(?i)registry = .https?://|https?://[^\s"']*/simple\b""")
    here = Path(__file__).relative_to(ROOT).as_posix()
    holding = [name for name in names if name != here and (ROOT / name).is_file()]
    assert [name for name in holding if address.search((ROOT / name).read_bytes())] == []
