"""Templates in and out on the command line: three formats, a preview, a bad file named with its line."""

import json
from pathlib import Path

import pytest

from tests.app.conftest import Meridian

ONE = {"key": "late", "title": "Late", "shortcut": "late", "variants": [{"language": "en", "text": "It is late."}]}


def write(path: Path, *families: object) -> str:
    path.write_text(json.dumps({"templates": families}), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("suffix", ["toml", "json", "csv"])
def test_what_went_out_is_the_same_when_it_comes_back(meridian: Meridian, tmp_path: Path, suffix: str) -> None:
    assert meridian("templates", "import", write(tmp_path / "in.json", ONE)).code == 0
    target = tmp_path / f"out.{suffix}"
    assert meridian("templates", "export", str(target)).code == 0
    again = meridian("templates", "import", "--preview", str(target))
    assert again.code == 0
    lines = [line.split("\t") for line in again.out.splitlines() if "\t" in line]
    assert {line[0] for line in lines} == {"same"}
    assert "late" in {line[1] for line in lines}


def test_a_preview_changes_nothing(meridian: Meridian, tmp_path: Path) -> None:
    meridian("templates", "import", write(tmp_path / "in.json", ONE))
    other = ONE | {"title": "Very late"}
    path = write(tmp_path / "other.json", other, ONE | {"key": "new", "shortcut": ""})
    for _twice in range(2):
        told = meridian("templates", "import", "--preview", path).out
        assert "changed\tlate\tVery late\ttitle\n" in told
        assert "new\tnew\tLate\t\n" in told
    assert meridian("templates", "import", path).code == 0
    assert "same\tlate" in meridian("templates", "import", "--preview", path).out


def test_a_bad_file_is_named_with_its_line_and_changes_nothing(meridian: Meridian, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("key,title,language,text\na,A,en,x\nb,B,en\n", encoding="utf-8")
    result = meridian("templates", "import", str(path))
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "line 3" in result.err
    path.write_text("key,title,language,text\na,A,en,x\n", encoding="utf-8")
    assert "new\ta" in meridian("templates", "import", "--preview", str(path)).out
