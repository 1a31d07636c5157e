"""What is wrong with a keyring, and the words a person needs to put it right."""

from __future__ import annotations

import sys
from contextlib import closing
from enum import Enum, auto

from core.clean import safe
from core.errors import KeyringFailed

_INSTEAD = "Or keep secrets in the environment (--secrets environment), or enter them for this run only."


class Trouble(Enum):
    """The ways in which a keyring cannot be used."""

    SILENT = auto()  # it takes the question and never answers
    LOCKED = auto()
    PROMPT = auto()  # it is locked and waits for a person to type the password
    NOT_SET_UP = auto()  # it runs, and has no keyring to keep anything in
    NO_SERVICE = auto()
    NO_BUS = auto()
    OTHER = auto()


_WORDS: dict[Trouble, tuple[str, str]] = {
    Trouble.SILENT: (
        "The keyring does not answer (3 seconds).",
        "Restart it: log out and in again, or end gnome-keyring-daemon so that it starts anew.",
    ),
    Trouble.LOCKED: (
        "The keyring is locked.",
        "Unlock it (log in to the desktop, or open “Passwords and Keys”) and try again.",
    ),
    Trouble.PROMPT: (
        "The keyring is locked and waits for its password.",
        "Answer the prompt on the desktop and try again.",
    ),
    Trouble.NOT_SET_UP: (
        "The keyring runs, but nobody has unlocked it or set it up.",
        "Log in to the desktop once with your password, or run gnome-keyring-daemon --unlock.",
    ),
    Trouble.NO_SERVICE: (
        "No keyring service runs on this machine.",
        "Install and start one (gnome-keyring, KWallet, KeePassXC).",
    ),
    Trouble.NO_BUS: (
        "No session bus is there, and the keyring is reached over it.",
        "Log in to a desktop, or start one: dbus-run-session -- offerdeck.",
    ),
    Trouble.OTHER: ("The keyring failed.", "Look at it with: offerdeck doctor."),
}


def words_for(trouble: Trouble, error: BaseException | None = None) -> KeyringFailed:
    """The error to show; the keyring's own words stay behind Enter."""
    message, hint = _WORDS[trouble]
    detail = f"{type(error).__name__}: {safe(str(error))[:400]}" if error is not None else ""
    return KeyringFailed(message, f"{hint} {_INSTEAD}", detail=detail)


def trouble_of(error: BaseException) -> Trouble:
    """What an exception of a backend means, by itself."""
    from keyring.errors import KeyringLocked

    if isinstance(error, KeyringLocked):
        return Trouble.LOCKED
    if isinstance(error, TimeoutError):
        return Trouble.SILENT
    return Trouble.NO_BUS if isinstance(error, OSError) else Trouble.OTHER


def look(guess: Trouble) -> Trouble:
    """What the session bus says about the Secret Service; `guess` where there is nothing to look at.

    Blocks when the service does, so it runs on a thread of its own with a cap.
    """
    if sys.platform in {"darwin", "win32"}:
        return guess
    import secretstorage
    from secretstorage.exceptions import ItemNotFoundException, SecretServiceNotAvailableException

    try:
        with closing(secretstorage.dbus_init()) as bus:
            if not secretstorage.check_service_availability(bus):
                return Trouble.NO_SERVICE
            collection = secretstorage.Collection(bus)
            if collection.is_locked():
                return Trouble.PROMPT if guess is Trouble.SILENT else Trouble.LOCKED
    except ItemNotFoundException:
        return Trouble.NOT_SET_UP
    except (SecretServiceNotAvailableException, OSError):
        return Trouble.NO_BUS
    return guess
