"""Everything offerdeck raises on purpose: what happened, then what to do, both fit to show."""

from __future__ import annotations

from enum import IntEnum

from core.clean import safe_lines


class Exit(IntEnum):
    """The published exit codes of the command line."""

    OK = 0
    REFUSED = 1  # the service refused, or the render failed or aborted
    USAGE = 2  # usage or configuration
    TRY_AGAIN = 3  # nothing happened: network, 429, 5xx on a read
    CREDENTIALS = 4  # credentials or keyring, 401
    GUARDED = 5  # stopped by a guard
    UNKNOWN = 6  # outcome unknown
    INTERRUPTED = 130


class OfferdeckError(Exception):
    """A failure a person can act on: `message` says what happened, `hint` what to do next.

    All three are fit to show, whatever they quote. `detail` is the material behind it (a redacted body), shown on
    request only.
    """

    exit_code = Exit.REFUSED

    def __init__(self, message: str, hint: str = "", *, detail: str = "") -> None:
        self.message, self.hint, self.detail = map(safe_lines, (message, hint, detail))
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InvalidInput(OfferdeckError):
    """Something typed or configured cannot be used; nothing was lost, nothing was sent."""

    exit_code = Exit.USAGE


class Unreachable(OfferdeckError):
    """No usable answer to a read, or a write that certainly never left: try again."""

    exit_code = Exit.TRY_AGAIN


class RateLimited(Unreachable):
    """The service asked for a pause of `retry_after_s` seconds that outlasted our patience."""

    def __init__(self, message: str, hint: str = "", *, retry_after_s: float, detail: str = "") -> None:
        super().__init__(message, hint, detail=detail)
        self.retry_after_s = retry_after_s


class Rejected(OfferdeckError):
    """The service read the request and said no."""

    exit_code = Exit.REFUSED

    def __init__(
        self, message: str, hint: str = "", *, status: int | None = None, code: str = "", detail: str = ""
    ) -> None:
        super().__init__(message, hint, detail=detail)
        self.status = status
        self.code = code


class NotFound(Rejected):
    """The service knows nobody and nothing under that id."""


class BadAnswer(OfferdeckError):
    """The service answered something that is not what it documents; nothing was guessed from it."""

    exit_code = Exit.TRY_AGAIN


class CredentialsRefused(OfferdeckError):
    """The service refused the key (401, or 403 for want of a permission)."""

    exit_code = Exit.CREDENTIALS


class SecretMissing(OfferdeckError):
    """No secret is stored for a field of the profile."""

    exit_code = Exit.CREDENTIALS


class KeyringFailed(OfferdeckError):
    """The keyring cannot be used: locked, absent, frozen, or of a class that is not trusted."""

    exit_code = Exit.CREDENTIALS


class Guarded(OfferdeckError):
    """A guard stopped this before anything left."""

    exit_code = Exit.GUARDED
