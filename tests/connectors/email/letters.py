"""Mails made up for tests."""

from workstation.connectors.email.mime.mail import Mail, read


def raw(text: str | bytes, *, head: str = "", encoding: str = "utf-8", **fields: str) -> bytes:
    """The bytes of a mail: usual fields unless others are named (`message_id` for Message-ID), then `head` as it is."""
    given = {
        "From": "Alice <alice@customer.test>",
        "To": "agent@desk.test",
        "Subject": "Question",
        "Message-ID": "<one@customer.test>",
        "Date": "Mon, 2 Jun 2025 10:00:00 +0000",
    }
    names = {name.lower(): name for name in given}
    for name, value in fields.items():
        proper = names.get(name.replace("_", "-").lower(), name.replace("_", "-"))
        given[proper] = value
    lines = [f"{name}: {value}" for name, value in given.items() if value]
    body = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode(encoding)
    return ("\r\n".join(lines) + "\r\n" + head.replace("\n", "\r\n")).encode(encoding) + b"\r\n" + body


def mail(text: str | bytes = "Hello", *, head: str = "", encoding: str = "utf-8", **fields: str) -> Mail:
    """The same, read."""
    return read(raw(text, head=head, encoding=encoding, **fields))


def parts(kind: str, *pieces: str, boundary: str = "b0", parameters: str = "") -> tuple[str, str]:
    """The head field and the body of a multipart."""
    body = "".join(f"--{boundary}\n{piece}\n" for piece in pieces) + f"--{boundary}--\n"
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"{parameters}\n', body
