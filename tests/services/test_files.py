"""Strangers' files: their names are made harmless, and they are written whole or not at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.services.files import FORBIDDEN, safe_name


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_every_system_takes(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert len(safe) <= 100
    assert not FORBIDDEN & set(safe)
    assert safe.isprintable()
    assert not safe.startswith(".")
    assert safe == safe.strip(". ")
    assert Path(safe).name == safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "_._etc_passwd"),
        ("C:\\temp\\a.exe", "C__temp_a.exe"),
        ("con.txt", "con_.txt"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe
