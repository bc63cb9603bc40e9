"""Segments and agreed words in and out on the command line."""

from pathlib import Path

import pytest

from tests.app.conftest import Meridian

TERMS = """source_language,target_language,source,target,forbidden,note
en,de,order,Bestellung,Order | Auftrag,in every letter
,,Meridian,,,
"""
TMX = """<?xml version="1.0"?><tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en"><seg>Your order 4711 has left.</seg></tuv>
<tuv xml:lang="de"><seg>Ihre Bestellung 4711 ist unterwegs.</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>In 14 days.</seg></tuv><tuv xml:lang="de"><seg>In zwei Wochen.</seg></tuv></tu>
</body></tmx>"""


@pytest.mark.parametrize("suffix", ["tbx", "csv"])
def test_words_that_went_out_are_the_same_when_they_come_back(meridian: Meridian, tmp_path: Path, suffix: str) -> None:
    given = tmp_path / "in.csv"
    given.write_text(TERMS, encoding="utf-8")
    preview = meridian("terms", "import", "--preview", str(given))
    assert "new\ten\tde\torder\tBestellung\n" in preview.out
    assert meridian("terms", "import", str(given)).code == 0
    target = tmp_path / f"out.{suffix}"
    assert meridian("terms", "export", str(target)).code == 0
    again = meridian("terms", "import", "--preview", str(target))
    assert {line.split("\t")[0] for line in again.out.splitlines() if "\t" in line} == {"same"}


def test_memory_is_masked_and_comes_back(meridian: Meridian, tmp_path: Path) -> None:
    given, target = tmp_path / "in.tmx", tmp_path / "out.tmx"
    given.write_text(TMX, encoding="utf-8")
    told = meridian("memory", "import", str(given))
    assert (told.code, told.out) == (0, "new\ten\tde\t1\nleft out\t\t\t1\n1 sentence imported.\n")
    assert meridian("memory", "export", str(target)).code == 0
    assert "4711" not in target.read_text(encoding="utf-8")
    assert meridian("memory", "import", "--preview", str(target)).out.startswith("same\t\t\t1\n")


def test_a_bad_file_is_named_with_its_line(meridian: Meridian, tmp_path: Path) -> None:
    path = tmp_path / "in.tmx"
    path.write_text('<!DOCTYPE tmx [<!ENTITY a "b">]>\n<tmx>&a;</tmx>', encoding="utf-8")
    result = meridian("memory", "import", str(path))
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "line 1" in result.err
    assert meridian("memory", "import", str(tmp_path / "absent.tmx")).code == 1
