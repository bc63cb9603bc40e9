"""The naive design on the stage of `live`: list views over list models, the workstation's own card as delegate."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from benchmarks.live import SIZE, Seen, Stage
from benchmarks.naive import store
from workstation.domain.cases import Entry
from workstation.domain.messages import Author, Kind, Message
from workstation.views import theme
from workstation.views.deck.card import Card, Style, lay_out
from workstation.views.deck.content import NO_CHANNEL, Surroundings, describe

COALESCE_MS = 100


class NaiveModel(QAbstractListModel):
    """All messages, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Entry] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """How many there are."""
        del parent
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The entry."""
        return self.rows[index.row()] if role == Qt.ItemDataRole.UserRole else None

    def arrive(self, entries: list[Entry]) -> None:
        """Put new ones on top."""
        self.beginInsertRows(QModelIndex(), 0, len(entries) - 1)
        self.rows[:0] = reversed(entries)
        self.endInsertRows()


class NaiveDelegate(QStyledItemDelegate):
    """Draws the workstation's cards; laid out once per message and width."""

    def __init__(self, column: int, view: QListView, seen: Seen, now: Any) -> None:
        super().__init__(view)
        self._column, self._view, self._seen = column, view, seen
        self._around = Surroundings(now, lambda _: NO_CHANNEL, lambda _: None)
        self._cards: dict[int, Card] = {}
        self._fresh: list[tuple[int, int]] = []

    def _card(self, entry: Entry) -> Card:
        card = self._cards.get(entry.message.id)
        if card is None:
            style = Style(theme.current(), max(120, self._view.viewport().width() - 8), rtl=False)
            card = self._cards[entry.message.id] = lay_out(describe(entry, self._around), style)
        return card

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The card's height."""
        del option
        return QSize(200, self._card(index.data(Qt.ItemDataRole.UserRole)).height + 8)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The card's pixels."""
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        painter.drawPixmap(option.rect.topLeft(), self._card(entry).pixmap())
        if not self._fresh:
            QTimer.singleShot(0, self._flushed)
        self._fresh.append((entry.message.id, entry.message.created_at))

    def _flushed(self) -> None:
        """The paint event is over and its pixels are out."""
        fresh, self._fresh = self._fresh, []
        self._seen.painted(self._column, fresh)


@asynccontextmanager
async def stage(hello: Any, folder: Path, columns: int) -> AsyncIterator[Stage]:
    """Eight list views, fed by one socket."""
    import time

    app = QApplication.instance()
    theme.apply(app)  # type: ignore[arg-type]
    store.open_store(folder / "naive.sqlite")
    window, models = QWidget(), [NaiveModel() for _ in range(columns)]
    seen = Seen(known=[set() for _ in range(columns)])
    layout = QHBoxLayout(window)
    for number, model in enumerate(models):
        view = QListView()
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setModel(model)
        view.setItemDelegate(NaiveDelegate(number, view, seen, lambda: time.time_ns() // 1_000))
        layout.addWidget(view)
    window.resize(*SIZE)
    window.show()
    reader = NaiveReader(models)
    task = asyncio.ensure_future(reader.read(hello))
    yield Stage(seen, lambda: reader.received)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    reader.timer.stop()
    window.close()
    store.close_store()


class NaiveReader:
    """Reads the socket, makes a row of everything, and hands it to the models every 100 ms."""

    def __init__(self, models: list[NaiveModel]) -> None:
        self.received = 0
        self._models = models
        self._pending: list[Entry] = []
        self.timer = QTimer()
        self.timer.setInterval(COALESCE_MS)
        self.timer.timeout.connect(self._flush)
        self.timer.start()

    async def read(self, hello: Any) -> None:
        """Until it is cancelled."""
        import aiohttp

        base = hello.streaming_url or hello.base_url.replace("http", "ws", 1)
        address = base.rstrip("/")
        address = address if address.endswith("/streaming") else f"{address}/api/v1/streaming"
        query = {"stream": "public", "access_token": hello.tokens["agent"]}
        async with aiohttp.ClientSession() as session, session.ws_connect(address, params=query) as socket:
            async for frame in socket:
                found = json.loads(frame.data)
                if found.get("event") == "update":
                    self._take(found["payload"].encode())

    def _take(self, data: bytes) -> None:
        row = store.ingest(data)
        author = Author("mastodon", str(row.author_handle), str(row.author_handle), str(row.author_name))
        created, ident = int(str(row.created_at)), int(str(row.__data__["id"]))
        text, language = str(row.text), str(row.language)
        message = Message(ident, 1, str(row.remote_id), Kind.POST, author, text, created, created, language=language)
        self._pending.append(Entry(message))
        self.received += 1

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        if pending:
            for model in self._models:
                model.arrive(pending)
