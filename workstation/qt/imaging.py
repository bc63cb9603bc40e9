"""Decodes strangers' pictures in a worker process: its caps are on bytes, pixels, memory and time."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImageReader

from workstation.services.worker import Worker, WorkerDiedError

FORMATS = frozenset({b"png", b"jpeg", b"jpg", b"gif", b"webp", b"bmp"})
"""Raster formats only: what draws by program (SVG) or embeds others is no thumbnail."""
MOST_PIXELS = 50_000_000
MOST_MEMORY_MB = 256


def decode(data: bytes, width: int, height: int) -> bytes:
    """A PNG of the first frame that fits in the box; never larger than the picture. ValueError if it is none."""
    QImageReader.setAllocationLimit(MOST_MEMORY_MB)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    if bytes(reader.format().data()) not in FORMATS or not size.isValid():
        raise ValueError("not a picture")
    if size.width() * size.height() > MOST_PIXELS:
        raise ValueError("too many pixels")
    box = QSize(width, height)
    fitted = size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio)
    if fitted.width() < size.width():
        reader.setScaledSize(fitted.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise ValueError("broken picture")
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(target, "PNG")  # type: ignore[call-overload]
    return bytes(target.data().data())


class Decoder:
    """Decodes in a process of its own; one that dies of a picture is replaced for the next."""

    def __init__(self) -> None:
        self._worker = Worker()

    async def __call__(self, data: bytes, width: int, height: int) -> bytes:
        """See `decode`."""
        try:
            answer: bytes = await self._worker.call(decode, data, width, height)
        except WorkerDiedError:
            raise ValueError("the decoder gave up") from None
        return answer

    async def close(self) -> None:
        """End the process."""
        await self._worker.close()
