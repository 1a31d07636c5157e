"""A profile: one tenant in one environment, its hosts and its switches; secrets are named here, never held."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

from core.calls import Service
from core.errors import InvalidInput

_Choice = TypeVar("_Choice", bound=StrEnum)


class Environment(StrEnum):
    """What is at stake. `PRODUCTION` starts read-only and asks for the name."""

    SANDBOX = "sandbox"
    STAGING = "staging"
    PRODUCTION = "production"


class SecretStore(StrEnum):
    """Where a profile's secrets are read from."""

    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    MEMORY = "memory"  # this run only: the demo, or a machine without a keyring


SECRET_FIELDS: dict[str, str] = {
    "core_key": "SessionM Core app key",
    "core_secret": "SessionM Core app secret",
    "connect_authorization": "SessionM Connect authorization, the base64 string without “Basic ”",
    "braze_key": "Braze REST key",
    "braze_import_key": "Braze data import key",
    "segment_partner_key": "Segment partner key",
}

FIELDS_OF_SERVICE: dict[Service, tuple[str, ...]] = {
    Service.CORE: ("core_key", "core_secret"),
    Service.CONNECT: ("connect_authorization",),
    Service.BRAZE: ("braze_key",),
}

# Braze docs, /api/basics: hosts follow no rule, so they are a table.
BRAZE_INSTANCES: dict[str, str] = {
    **{f"US-0{n}": f"https://rest.iad-0{n}.braze.com" for n in range(1, 9)},
    "US-10": "https://rest.us-10.braze.com",
    "EU-01": "https://rest.fra-01.braze.eu",
    "EU-02": "https://rest.fra-02.braze.eu",
    "AU-01": "https://rest.au-01.braze.com",
    "ID-01": "https://rest.id-01.braze.com",
    "JP-01": "https://rest.jp-01.braze.com",
    "KR-01": "https://rest.kr-01.braze.com",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Settings of one tenant; every field has passed `make()`."""

    name: str
    environment: Environment
    core_url: str
    connect_url: str
    braze_url: str
    retailer_id: str
    culture: str = "en-US"
    secrets: SecretStore = SecretStore.KEYRING
    allow_whole_segment: bool = False
    connected_content_hosts: tuple[str, ...] = ()

    @classmethod
    def make(
        cls,
        *,
        name: str,
        environment: str,
        core_url: str,
        connect_url: str,
        braze_url: str,
        retailer_id: str,
        culture: str = "en-US",
        secrets: str = "keyring",
        allow_whole_segment: bool = False,
        connected_content_hosts: tuple[str, ...] = (),
    ) -> Profile:
        """Check every setting as a person types it. Raises InvalidInput naming the setting and what it wants."""
        return cls(
            name=parse_name(name),
            environment=_choice(Environment, environment, "environment"),
            core_url=parse_url(core_url, "SessionM Core address"),
            connect_url=parse_url(connect_url, "SessionM Connect address"),
            braze_url=parse_url(BRAZE_INSTANCES.get(braze_url.strip().upper(), braze_url), "Braze REST address"),
            retailer_id=parse_retailer_id(retailer_id),
            culture=parse_culture(culture),
            secrets=_choice(SecretStore, secrets, "secret store"),
            allow_whole_segment=allow_whole_segment,
            connected_content_hosts=tuple(_host(host) for host in connected_content_hosts),
        )

    def url(self, service: Service) -> str:
        """The base address of `service`, without a trailing slash."""
        return {Service.CORE: self.core_url, Service.CONNECT: self.connect_url, Service.BRAZE: self.braze_url}[service]

    def host(self, service: Service) -> str:
        """Host and port of `service`: half of the key under which its secrets are kept."""
        return urlsplit(self.url(service)).netloc

    def host_of(self, field: str) -> str:
        """Host and port that the secret of `field` is for; fields of no service of ours go with Braze."""
        owner = next((service for service, fields in FIELDS_OF_SERVICE.items() if field in fields), Service.BRAZE)
        return self.host(owner)

    @property
    def starts_read_only(self) -> bool:
        """Production writes nothing until it is unlocked."""
        return self.environment is Environment.PRODUCTION

    @property
    def region(self) -> str:
        """Braze instance and SessionM cluster for the bar: `US-05 · connecteast1`; loopback is `this machine`."""
        if is_loopback(urlsplit(self.braze_url).hostname or ""):
            return "this machine"
        instance = next(
            (name for name, url in BRAZE_INSTANCES.items() if url == self.braze_url), self.host(Service.BRAZE)
        )
        cluster = re.match(r"domains-([\w]+)\.", self.host(Service.CONNECT))
        return f"{instance} · {cluster[1]}" if cluster else instance


def parse_name(text: str) -> str:
    """A profile's name: 1 to 40 of `a-z A-Z 0-9 . _ -`, beginning with a letter or digit. Raises InvalidInput."""
    name = text.strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", name):
        raise InvalidInput(
            f"{name[:60]!r} cannot be a profile name.", "Use 1 to 40 letters, digits, dots, dashes and underscores."
        )
    return name


_AUTHORITY = re.compile(r"([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~%-]+)*")


def parse_url(text: str, what: str) -> str:
    """An https address, or plain http to loopback only; no user, query or fragment. Raises InvalidInput."""
    url = text.strip().rstrip("/")
    unusable = InvalidInput(f"The {what} {url[:200]!r} is not an address.", "Write it as https://host.")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise unusable from error
    if parts.scheme not in {"http", "https"} or not host or not re.fullmatch("[!-~]+", url):
        raise unusable
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise InvalidInput(f"The {what} must be a plain address.", "Leave out user names, keys, ? and #.")
    if not _AUTHORITY.fullmatch(parts.netloc) or not _PATH.fullmatch(parts.path):
        raise unusable
    if parts.scheme == "http" and not is_loopback(host):
        raise InvalidInput(
            f"The {what} {url!r} is not encrypted.", "Use https:// (plain http is for this machine only)."
        )
    return url


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this very machine without asking anybody."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def parse_retailer_id(text: str) -> str:
    """A GUID as SessionM hands it out, kept as typed. Raises InvalidInput."""
    value = text.strip()
    try:
        uuid.UUID(value)
    except ValueError as error:
        raise InvalidInput(
            f"The retailer id {value[:60]!r} is not a GUID.", "SessionM's account team hands it out."
        ) from error
    return value


def parse_culture(text: str) -> str:
    """A culture like `en-US` (BCP 47 with a region). Raises InvalidInput."""
    value = text.strip()
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", value):
        raise InvalidInput(f"{value[:40]!r} is not a culture.", "Write a language and a region, like en-US or de-DE.")
    return value


def _host(text: str) -> str:
    host = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", host):
        raise InvalidInput(f"{text[:60]!r} is not a host name.", "Write it without https:// and without a path.")
    return host


def _choice(kind: type[_Choice], text: str, what: str) -> _Choice:
    try:
        return kind(text.strip().lower())
    except ValueError as error:
        raise InvalidInput(f"{text[:40]!r} is not a known {what}.", "Choose " + ", ".join(kind) + ".") from error
