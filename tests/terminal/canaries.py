"""The search for secrets: nine spellings of each, in bytes, in what a person would read, and on the clipboard."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

_CONTROL = re.compile(rb"\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|[\[(][?<>=]?[\d;]*[ -/]*[@-~]?|.)")
_CLIPBOARD = re.compile(rb"\x1b\]52;[^;]*;([A-Za-z0-9+/=]*)")
_FRAME = re.compile("[\\s\u2500-\u259f]+")  # white space, box drawing and blocks


def spellings(secret: str) -> dict[str, tuple[bytes, ...]]:
    """The nine ways in which a secret may be written down."""
    raw = secret.encode()
    escaped = "".join(f"\\u{ord(char):04x}" for char in secret)
    return {
        "plain": (raw,),
        "percent": (quote(secret, safe="").encode(), "".join(f"%{byte:02X}" for byte in raw).encode()),
        "base64": tuple(_inside(raw, base64.b64encode)),
        "base64 of addresses": tuple(_inside(raw, base64.urlsafe_b64encode)),
        "hex": (raw.hex().encode(),),
        "HEX": (raw.hex().upper().encode(),),
        "JSON": (json.dumps(secret)[1:-1].replace("/", "\\/").encode(), escaped.encode()),
        "reversed": (raw[::-1],),
        "UTF-16": (secret.encode("utf-16-le"), secret.encode("utf-16-be")),
    }


def _inside(raw: bytes, encode: object) -> list[bytes]:
    """What every base64 text that contains `raw` contains, for each of the three places where `raw` may begin."""
    assert callable(encode)
    found = []
    for before in range(3):
        text: bytes = encode(b"\0" * before + raw + b"\0" * (-(before + len(raw)) % 3))
        found.append(text[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6])
    return found


def secrets_to_hunt(secrets: Mapping[str, str]) -> dict[str, str]:
    """The secrets, what goes into headers of them, and the end of each, which a broken line would leave."""
    pair = f"{secrets['core_key']}:{secrets['core_secret']}"
    told = dict(secrets)
    told["core authorization"] = base64.b64encode(pair.encode()).decode()
    told["connect pair"] = base64.b64decode(secrets["connect_authorization"]).decode()
    ends = {f"end of {name}": value[-14:] for name, value in told.items()}
    return told | ends


def found_in(places: Mapping[str, bytes], secrets: Mapping[str, str]) -> list[str]:
    """Which secret stands where, and in which spelling."""
    forms = [
        (name, spelling, form)
        for name, secret in secrets_to_hunt(secrets).items()
        for spelling, written in spellings(secret).items()
        for form in written
    ]
    return [
        f"{name} as {spelling} in {place}"
        for place, content in places.items()
        for name, spelling, form in forms
        if form in content
    ]


def screen_places(raw: bytes) -> dict[str, bytes]:
    """What a terminal got: the bytes, the text without controls, the same without gaps and frames, the clipboard."""
    text = _CONTROL.sub(b"", raw)
    squeezed = _FRAME.sub("", text.decode("utf-8", "replace")).encode()
    copied = []
    for payload in _CLIPBOARD.findall(raw):
        try:
            copied.append(base64.b64decode(payload, validate=True))
        except binascii.Error:
            copied.append(payload)
    return {"the bytes": raw, "the text": text, "the text in one": squeezed, "the clipboard": b"\n".join(copied)}


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file's name and content; one that goes while it is read is left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        try:
            found[str(path.relative_to(folder))] = str(path).encode() + b"\0" + path.read_bytes()
        except (IsADirectoryError, FileNotFoundError):
            continue
    return found


def process_places(pid: int, *, environment: bool) -> dict[str, bytes]:
    """A process as any other of the same user sees it."""
    names = ("cmdline", "comm", "environ") if environment else ("cmdline", "comm")
    return {f"{name} of {pid}": Path(f"/proc/{pid}/{name}").read_bytes() for name in names}
