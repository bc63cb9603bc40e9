"""Pictures of templates, articles and guidelines: the pages, the import's preview, what stands beside the reply."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.views.knowledge.aside import Side
from workstation.views.templates.differences import DifferencesSheet

if TYPE_CHECKING:
    from tests.pictures import Album

RETURNS = (
    "---\nsource: https://acme.example/returns\nlanguage: en\n---\n# Returns\n\nSend it back within **30 days**.\n"
)
DELIVERY = "Where is my parcel?\n\nA parcel takes three days. If it is late, its number says where it is.\n"
GUIDELINE = "Tone: warm, short, no jargon.\n\nDo\n• say what happens next\n\nDon’t\n• ask for passwords in public\n"


async def word_scenes(album: "Album") -> None:
    """Empty and full; the reply must be open."""
    from tests.pictures import settle

    world, words = album.world, album.world.bench.words
    world.window.go("page.templates")
    await settle()
    await album.take("templates")
    words.page.turn(1)
    await settle()
    await album.take("articles-empty")
    with tempfile.TemporaryDirectory() as temporary:
        await _read_in(album, _help(Path(temporary) / "help"))
    await settle()
    await album.take("articles")
    words.page.turn(2)
    await world.desk.knowledge.write_guideline(0, GUIDELINE)
    words.keeping.refresh()
    await settle()
    await album.take("guidelines")
    words.page.turn(0)
    world.window.go("page.deck")
    for side, text in ((Side.GUIDELINE, ""), (Side.ARTICLES, "parcel")):
        words.beside.turn(side)
        words.beside.finder.field.setText(text)
        await settle()
        await album.take(f"beside-{side.value}")
    words.beside.read((await world.desk.knowledge.find("returns"))[0])
    await settle()
    await album.take("beside-article")
    words.beside.turn(Side.NONE)


def _help(folder: Path) -> Path:
    folder.mkdir()
    (folder / "returns.md").write_text(RETURNS, encoding="utf-8")
    (folder / "delivery.txt").write_text(DELIVERY, encoding="utf-8")
    return folder


async def _read_in(album: "Album", folder: Path) -> None:
    from tests.pictures import settle

    world, keeping = album.world, album.world.bench.words.keeping
    world.bench.tasks.spawn(keeping.take_folder(folder), "articles")
    sheet: DifferencesSheet = await world.dialog(DifferencesSheet)
    await settle()
    await album.take("differences")
    sheet.accept()
    await world.until(lambda: keeping.shelves.current() is not None, "read in")
