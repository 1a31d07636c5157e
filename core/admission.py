"""Which connected-content calls a preview may make: judged before anything is resolved, asked or sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.calls import Service
from core.errors import Guarded, InvalidInput
from core.profiles import SECRET_FIELDS, Profile, is_loopback

PORTS = (80, 443)
WALLET_PATH = "/offers/api/2.0/offers/get_user_offers"  # a POST that only reads (SessionM Connect docs)

# The Content Blocks under which a template expects what a tenant keeps secret. A preview never holds their texts: it
# shows `<name>`, and only the wire puts the secret there. Each belongs to one service and is made of these fields.
CREDENTIALS: Mapping[str, tuple[Service, tuple[str, ...]]] = {
    "connect_authorization": (Service.CONNECT, ("connect_authorization",)),
    "core_authorization": (Service.CORE, ("core_key", "core_secret")),
    "appkey_core": (Service.CORE, ("core_key",)),
}
PLACEHOLDERS: Mapping[str, str] = {name: f"<{name}>" for name in CREDENTIALS}
PLACEHOLDER = re.compile("<(" + "|".join(CREDENTIALS) + ")>")

_URL = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?", re.ASCII)
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f\\]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
# What frames a request or leads it elsewhere is this program's own.
_OWN_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect"}
    | {"accept-encoding", "proxy-authorization", "proxy-connection"}
)

Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A connected-content call as the template spelled it out; credentials are names and placeholders only."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    credential: str | None = None
    cache_max_age_s: int | None = None
    no_cache: bool = False
    retry: bool = False

    @classmethod
    def from_want(cls, request: Mapping[str, Any]) -> CallRequest:
        """Read `Want.request` of a connected-content call."""
        headers = tuple((str(name), str(value)) for name, value in request["headers"].items())
        return cls(**{**request, "headers": headers})

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The credentials that URL, headers and body name, each once."""
        texts = (self.url, self.body or "", *(text for pair in self.headers for text in pair))
        return tuple(dict.fromkeys(name for text in texts for name in PLACEHOLDER.findall(text)))


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that may be made: where it goes, and what it still needs.

    `target` is path and query, placeholders unfilled. `is_sandbox`: the profile's own address on this machine, dialled
    as it is; every other is resolved and its address judged. `asks_first`: a person must say yes.
    """

    request: CallRequest
    scheme: str
    host: str
    port: int
    target: str
    is_sandbox: bool
    asks_first: bool

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own: what the Host header says."""
        own = {"http": 80, "https": 443}[self.scheme]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == own else f"{host}:{self.port}"


def admit(request: CallRequest, profile: Profile) -> Admitted:
    """Judge `request` for `profile`.

    Raises Guarded for what a preview must not do, InvalidInput for what cannot be sent at all.
    """
    _check_method(request)
    _check_stored_credential(request)
    origin, target = _parsed(request.url)
    own = {origin_of(profile.core_url), origin_of(profile.connect_url)}
    is_sandbox = is_loopback(origin[1]) and origin in own
    if not is_sandbox:
        _check_host(origin, profile)
        _check_encrypted(origin)
        _check_port(origin)
    _check_headers(request)
    _check_placeholders(request, origin, profile)
    asks_first = request.method == "POST" and not _only_reads(origin, target, profile)
    return Admitted(request, *origin, target, is_sandbox, asks_first)


def origin_of(url: str) -> Origin:
    """Scheme, host and port of an address that was parsed before."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80}.get(parts.scheme, 443)


def _parsed(url: str) -> tuple[Origin, str]:
    match = _URL.fullmatch(url)
    if match is None:
        raise InvalidInput(f"{url[:100]!r} is no http address.", "Write https:// and a host.")
    if _UNSEEN.search(url):
        raise InvalidInput("The URL holds a space or a character that none may hold.", "Escape: | url_param_escape.")
    if "@" in match[2]:
        raise Guarded("The URL carries a user name or password.", "Send a header instead.")
    authority = _AUTHORITY.fullmatch(match[2])
    if authority is None:
        raise InvalidInput(f"{match[2][:100]!r} is no host.", "Write it in plain letters, digits, dots and dashes.")
    scheme = match[1].lower()
    port = int(authority[2]) if authority[2] else {"http": 80, "https": 443}[scheme]
    target = match[3] if match[3].startswith("/") else "/" + match[3]
    return (scheme, authority[1].lower().strip("[]"), port), target


def _check_method(request: CallRequest) -> None:
    if request.method not in ("GET", "POST"):
        raise Guarded(f"Connected content calls with GET and POST, not {request.method[:20]}.", "Change :method.")


def _check_stored_credential(request: CallRequest) -> None:
    if request.credential is not None:
        raise Guarded(
            f"The stored credential {request.credential[:60]!r} is in Braze only; this program never guesses one.",
            "Record the call's answer in connected_content of the data.",
        )


def _check_host(origin: Origin, profile: Profile) -> None:
    _, host, port = origin
    own = {origin_of(url)[1] for url in (profile.core_url, profile.connect_url)}
    allowed = {host for host in own if not is_loopback(host)} | set(profile.connected_content_hosts)
    if host not in allowed and f"{host}:{port}" not in allowed:
        raise Guarded(
            f"{host} is not among the hosts that profile {profile.name} allows for connected content.",
            f"Whoever trusts it adds it to the profile: --connected-content-host {host}",
        )


def _check_encrypted(origin: Origin) -> None:
    if origin[0] != "https":
        raise Guarded(f"The call to {origin[1]} is not encrypted.", "Use https://.")


def _check_port(origin: Origin) -> None:
    if origin[2] not in PORTS:
        raise Guarded(f"Braze calls the ports 80 and 443 only, not {origin[2]}.", "Leave the port out.")


def _check_headers(request: CallRequest) -> None:
    for name, value in request.headers:
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise InvalidInput(f"The header {name[:40]!r} holds what no header may hold.", "Look at :headers.")
        if name.lower() in _OWN_HEADERS:
            raise Guarded(f"The header {name} is not a template's to set.", "Leave it out.")


def _check_placeholders(request: CallRequest, origin: Origin, profile: Profile) -> None:
    for name in request.placeholders:
        service, fields = CREDENTIALS[name]
        if origin != origin_of(profile.url(service)):
            raise Guarded(
                f"The {SECRET_FIELDS[fields[0]].partition(',')[0]} was to go to {origin[1]}, which is not its host.",
                f"<{name}> goes to {profile.host(service)} only.",
            )


def _only_reads(origin: Origin, target: str, profile: Profile) -> bool:
    """Whether a POST is the one that is known to read: the wallet, at the profile's own Connect."""
    return origin == origin_of(profile.connect_url) and target == urlsplit(profile.connect_url).path + WALLET_PATH
