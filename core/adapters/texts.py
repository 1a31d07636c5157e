"""Text files that a person named: templates, data, properties."""

from __future__ import annotations

from pathlib import Path

from core.clean import safe
from core.errors import InvalidInput

CAP_BYTES = 8 * 1024 * 1024


def read_text(path: str) -> str:
    """The text of the file at `path`, without a byte order mark, line breaks as they are.

    Raises InvalidInput when it is missing, unreadable, larger than 8 MB or not UTF-8.
    """
    shown = safe(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(CAP_BYTES + 1)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InvalidInput(f"Could not read {shown}: {words}.", "Check the path.") from error
    return decode_text(content, shown)


def decode_text(content: bytes, shown: str) -> str:
    """Bytes of a file or of standard input as text; errors as in `read_text()`, naming it `shown`."""
    if len(content) > CAP_BYTES:
        raise InvalidInput(f"{shown} is larger than 8 MB.", "Braze takes no message of that size.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"{shown} is not UTF-8 (line {line}).", "Save it as UTF-8.") from error
