"""A stranger's file is written whole, and touches no other file of that folder."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from workstation.domain.messages import Media, MediaKind
from workstation.services.files import Files

MEDIA = Media(MediaKind.OTHER, "mail:1/2")
MESSAGE = cast("Any", SimpleNamespace(channel=1))


class Channel:
    """Hands over the same bytes whatever is asked for."""

    async def file(self, url: str) -> bytes:
        return b"new"


@pytest.fixture
def files() -> Files:
    return Files(cast("Any", SimpleNamespace(channel=lambda _: Channel())))


async def test_no_other_file_is_touched(files: Files, tmp_path: Path) -> None:
    wanted, beside = tmp_path / "a.pdf", tmp_path / "a.pdf.part"
    wanted.write_bytes(b"old")
    beside.write_bytes(b"somebody's download")
    assert await files.save(MESSAGE, MEDIA, wanted) == 3
    assert (wanted.read_bytes(), beside.read_bytes()) == (b"new", b"somebody's download")


async def test_where_nothing_can_be_written_is_an_error_of_the_file(files: Files, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        await files.save(MESSAGE, MEDIA, tmp_path / "file" / "a.pdf")
