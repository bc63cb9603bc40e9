"""Small generated PNG pictures, so that nothing has to be stored or borrowed (PNG, ISO/IEC 15948)."""

import colorsys
import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(width: int, height: int, seed: int) -> bytes:
    """Return a picture of two tones in diagonal bands; equal seeds give equal pictures."""
    hue = (seed * 0.618_034) % 1.0
    dark, light = (_rgb(hue, 0.35), _rgb((hue + 0.08) % 1.0, 0.6))
    band = max(4, width // 6)
    palette = bytes((*dark, *light))
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        rows += bytes(((x + y) // band) % 2 for x in range(width))
    header = struct.pack("!IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", palette)
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + _chunk(b"IEND", b"")
    )


def dimensions(data: bytes) -> tuple[int, int]:
    """Return the size of a PNG or GIF, and a plausible one for what is not read here."""
    if data.startswith(_SIGNATURE) and len(data) > 24:
        width, height = struct.unpack("!II", data[16:24])
        return int(width), int(height)
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) > 10:
        width, height = struct.unpack("<HH", data[6:10])
        return int(width), int(height)
    return 640, 480


def _rgb(hue: float, lightness: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, 0.45)
    return round(red * 255), round(green * 255), round(blue * 255)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))
