"""The wire for connected content: the address judged and that very address dialled, secrets to their own host only."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from core import __version__
from core.adapters.http import IN_A_HEADER, Progress, attempt, make_transport
from core.adapters.redaction import redact_bytes, spellings
from core.adapters.threads import on_a_thread
from core.addresses import is_public
from core.admission import CREDENTIALS, PLACEHOLDER, Admitted, origin_of
from core.calls import Service
from core.errors import CredentialsRefused, Guarded, SecretMissing
from core.outcomes import Exchange, Failure
from core.ports import Clock, Vault
from core.profiles import FIELDS_OF_SERVICE, SECRET_FIELDS, Profile, is_loopback
from core.secret import Secret

if TYPE_CHECKING:
    import httpx

CALL_S = 2.0  # Braze docs, "Making an API call": what comes later is not inserted
BODY_CAP_BYTES = 1_000_000  # the same page: 1 MB
KEPT_OF_A_FAILED_BODY = 4096
CONNECTIONS = 4
ADDRESSES_TRIED = 4

Resolve = Callable[[str, int], Awaitable[list[tuple[str, int]]]]
_CLOSED = "the connection was closed by this program"
_PLAIN = "/?:@!$&'()*+,;=[]-._~%|"


class ConnectedWire:
    """Admitted calls of one profile; fills `core.connecting.ConnectedFetch`.

    Nothing is kept between calls: no connection, no cookie, no session. Redirects are not followed, the environment's
    proxies not used, encodings other than identity not read.
    """

    def __init__(
        self,
        profile: Profile,
        vault: Vault,
        clock: Clock,
        *,
        resolve: Resolve | None = None,
        is_allowed: Callable[[str], bool] = is_public,
        trust: ssl.SSLContext | None = None,
        call_s: float = CALL_S,
    ) -> None:
        self.profile = profile
        self._vault = vault
        self._clock = clock
        self._resolve = resolve or _resolved
        self._is_allowed = is_allowed
        self._trust = trust
        self._call_s = call_s
        self._transport: httpx.AsyncBaseTransport | None = None
        self._opening = asyncio.Lock()
        self._secrets: Mapping[str, Secret] | None = None
        self._closed = False

    async def fetch(self, admitted: Admitted) -> Exchange:
        """Make the call once; see `ConnectedFetch`. Raises Guarded, SecretMissing or KeyringFailed."""
        if self._closed:
            return Exchange(None, {}, b"", Failure.GUARD, 0.0, _CLOSED)
        secrets = await self._known_secrets()
        self._check_strays(admitted, secrets)
        filled = _Filled(admitted, secrets)
        transport = await self._open()
        progress = Progress(self._clock, self._clock.monotonic_s())
        began_at_s = progress.began_at_s
        failure, detail = await self._attempt(transport, filled, progress)
        elapsed_s = self._clock.monotonic_s() - began_at_s
        if progress.status == 401:
            self._secrets = None
        forms = spellings((*secrets.values(), *_pair(secrets)))
        headers = {
            name: redact_bytes(value.encode(), forms).decode("utf-8", "replace")
            for name, value in progress.headers.items()
        }
        body = redact_bytes(bytes(progress.body), forms)[: None if failure is None else KEPT_OF_A_FAILED_BODY]
        return Exchange(progress.status, headers, body, failure, elapsed_s, detail)

    async def aclose(self) -> None:
        """Close what is open; a later call is stopped by a guard."""
        self._closed = True
        if self._transport is not None:
            transport, self._transport = self._transport, None
            await transport.aclose()

    async def _attempt(
        self, transport: httpx.AsyncBaseTransport, filled: _Filled, progress: Progress
    ) -> tuple[Failure | None, str]:
        """Resolve, judge, dial: all within one deadline."""
        ends_at_s = self._clock.monotonic_s() + self._call_s
        try:
            async with asyncio.timeout(self._call_s):
                found = await self._resolve(filled.admitted.host, filled.admitted.port)
        except TimeoutError:
            return Failure.CONNECT_TIMEOUT, ""
        except (OSError, UnicodeError):  # a label of more than 63 characters cannot even be asked for
            return Failure.DNS, ""
        ended: tuple[Failure | None, str] = (Failure.DNS, "")
        for address, port in self._judged(filled.admitted, found)[:ADDRESSES_TRIED]:
            if self._closed:  # while the name was looked up; the transport itself would dial all the same
                return Failure.GUARD, _CLOSED
            request = filled.request(address, port, progress)
            left_s = ends_at_s - self._clock.monotonic_s()
            ended = await attempt(transport, request, progress, within_s=left_s, cap_bytes=BODY_CAP_BYTES)
            if ended[0] is not Failure.REFUSED:
                break
        return ended

    def _judged(self, admitted: Admitted, found: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """The addresses to dial. Raises Guarded when any of them is not one: a name with two faces is not trusted."""
        is_allowed = is_loopback if admitted.is_sandbox else self._is_allowed
        for address, _ in found:
            if not is_allowed(address):
                raise Guarded(
                    f"{admitted.host} leads to {address}, which is not an address of the public internet.",
                    "A preview calls public addresses only.",
                )
        return found

    def _check_strays(self, admitted: Admitted, secrets: Mapping[str, Secret]) -> None:
        """Raises Guarded when the request spells out a secret of the profile that belongs to another host."""
        request = admitted.request
        head = "\n".join(f"{name}: {value}" for name, value in request.headers)
        going = "\n".join((request.url, head, request.body or "")).encode("utf-8", "surrogatepass")
        origin = (admitted.scheme, admitted.host, admitted.port)
        for service in Service:
            strays = [] if origin == origin_of(self.profile.url(service)) else FIELDS_OF_SERVICE[service]
            for field in strays:
                if field in secrets and any(form in going for form in spellings([secrets[field]])):
                    raise Guarded(
                        f"The {SECRET_FIELDS[field].partition(',')[0]} was to go to {admitted.host}, which is not "
                        "its host.",
                        f"It goes to {self.profile.host(service)} only.",
                    )

    async def _known_secrets(self) -> Mapping[str, Secret]:
        """Every secret of the profile that is stored, read once: they are filled in, looked for, and redacted."""
        async with self._opening:
            if self._secrets is None:
                found: dict[str, Secret] = {}
                fields = [name for fields in FIELDS_OF_SERVICE.values() for name in fields]
                for field in fields:
                    try:
                        found[field] = await self._vault.read(self.profile, field)
                    except SecretMissing:
                        continue  # said when a call needs it; it may be stored until the next
                if len(found) < len(fields):
                    return found
                self._secrets = found
            return self._secrets

    async def _open(self) -> httpx.AsyncBaseTransport:
        async with self._opening:
            if self._transport is None:
                self._transport = await asyncio.to_thread(
                    make_transport, True, CONNECTIONS, kept=False, trust=self._trust
                )
            return self._transport


class _Filled:
    """A call with its placeholders filled: lives as long as its attempt, and has no repr that tells."""

    __slots__ = ("_secrets", "admitted")

    def __init__(self, admitted: Admitted, secrets: Mapping[str, Secret]) -> None:
        self.admitted = admitted
        self._secrets = secrets

    def request(self, address: str, port: int, progress: Progress) -> httpx.Request:
        """What goes to `address`; the name stays in the Host header and in TLS."""
        import httpx

        admitted = self.admitted
        host = f"[{address}]" if ":" in address else address
        body = None if admitted.request.body is None else self._filled(admitted.request.body).encode("utf-8", "replace")
        # The secret-bearing target travels beside the URL, so that no repr and no log of httpx can show it.
        extensions = {
            "target": quote(self._filled(admitted.target, in_url=True), safe=_PLAIN).encode(),
            "trace": progress.trace,
            "sni_hostname": admitted.host,
            "timeout": {"connect": None, "read": None, "write": None, "pool": None},
        }
        own = [
            ("Host", admitted.authority),
            ("Accept-Encoding", "identity"),
            ("User-Agent", f"offerdeck/{__version__}"),
        ]
        given = [(name, self._filled(value)) for name, value in admitted.request.headers]
        agents = [name.lower() for name, _ in given]
        headers = [pair for pair in own if pair[0].lower() not in agents] + given
        url = f"{admitted.scheme}://{host}:{port}/"
        return httpx.Request(admitted.request.method, url, headers=headers, content=body, extensions=extensions)

    def _filled(self, text: str, *, in_url: bool = False) -> str:
        return PLACEHOLDER.sub(lambda match: self._value(match[1], in_url), text)

    def _value(self, name: str, in_url: bool) -> str:
        _, fields = CREDENTIALS[name]
        for field in fields:
            if not self._secrets.get(field):
                raise SecretMissing(f"No {SECRET_FIELDS[field]} is stored.", "Fix: offerdeck auth set")
        value = _joined(self._secrets, fields)
        if len(fields) > 1:
            value = base64.b64encode(value.encode()).decode()
        if not IN_A_HEADER.fullmatch(value):
            raise CredentialsRefused(
                f"The stored {SECRET_FIELDS[fields[0]]} holds a character that no key has.", "Fix: offerdeck auth set"
            )
        return quote(value, safe="") if in_url else value


def _joined(secrets: Mapping[str, Secret], fields: tuple[str, ...]) -> str:
    return ":".join(secrets[field].reveal() for field in fields)


def _pair(secrets: Mapping[str, Secret]) -> list[Secret]:
    """Key and secret as Basic authorization joins them, so that an echo of it leaves no bits at its ends."""
    _, fields = CREDENTIALS["core_authorization"]
    return [Secret(_joined(secrets, fields))] if all(field in secrets for field in fields) else []


async def _resolved(host: str, port: int) -> list[tuple[str, int]]:
    """Every address of `host`, as the system gives them. Raises OSError."""
    # Not on the loop's own threads: those hold up the end of the program for as long as a dead server is waited for.
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await on_a_thread(look_up, "resolve")
    return list(dict.fromkeys((str(place[0]), int(place[1])) for *_, place in found))
