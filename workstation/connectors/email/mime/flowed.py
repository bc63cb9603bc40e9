"""format=flowed (RFC 3676): lines that were only broken for the way are put together, and broken again for sending."""

WIDTH = 74


def unflowed(text: str, *, delsp: bool) -> str:
    """The text as it was written; quoted lines keep their marks."""
    out: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        flows = body.endswith(" ") and body != "-- "
        piece = body[:-1] if flows and delsp else body
        if open_depth == depth and body != "-- ":
            out[-1].append(piece)
        else:
            out.append([f"{'>' * depth} {piece}" if depth else piece])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in out)


def flowed(text: str) -> str:
    """A text broken into lines for the way, at spaces only."""
    out: list[str] = []
    for paragraph in text.split("\n"):
        line = paragraph.rstrip(" ") if paragraph != "-- " else paragraph
        while len(line) > WIDTH:
            at = line.rfind(" ", 20, WIDTH)
            if at < 0:
                at = line.find(" ", WIDTH)
            if at < 0:
                break
            out.append(_stuffed(line[: at + 1]))
            line = line[at + 1 :]
        out.append(_stuffed(line))
    return "\n".join(out)


def _stuffed(line: str) -> str:
    return f" {line}" if line.startswith((" ", ">", "From ")) else line
