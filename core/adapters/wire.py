"""The wire: the one place that meets httpx, adds keys to calls and turns every failure into a value."""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from core.adapters.http import IN_A_HEADER, Progress, attempt, make_transport
from core.adapters.redaction import redact_bytes, spellings
from core.calls import Call, Service, Slot
from core.errors import CredentialsRefused, KeyringFailed, SecretMissing
from core.outcomes import Exchange, Failure
from core.ports import Clock, Vault
from core.profiles import FIELDS_OF_SERVICE, SECRET_FIELDS, Profile
from core.secret import Secret

if TYPE_CHECKING:
    import httpx

CONNECT_S = 5.0
CALL_S = 30.0
BODY_CAP_BYTES = 8 * 1024 * 1024
KEPT_OF_A_FAILED_BODY = 4096
CONNECTIONS = 16  # beyond, httpx 0.28 slows down; who waits for one has a full call's time once it is free


class HttpWire:
    """Calls of one profile over one connection pool; fills the `Wire` and `Pulse` ports.

    Answers are redacted before anybody sees them. Redirects are not followed, cookies and the environment's proxies
    not used, encodings other than identity not read.
    """

    def __init__(
        self,
        profile: Profile,
        vault: Vault,
        clock: Clock,
        *,
        connect_s: float = CONNECT_S,
        call_s: float = CALL_S,
        slot_s: float = CALL_S,
    ) -> None:
        self.profile = profile
        self._vault = vault
        self._clock = clock
        self._connect_s = connect_s
        self._call_s = call_s
        self._slot_s = slot_s
        self._transport: httpx.AsyncBaseTransport | None = None
        self._closed = False
        self._opening = asyncio.Lock()
        self._busy = asyncio.Semaphore(CONNECTIONS)
        self._reading = {service: asyncio.Lock() for service in Service}
        self._secrets: dict[tuple[str, str, str], Secret] = {}
        self._spellings: tuple[bytes, ...] = ()
        self._are_all_known = False
        self._knowing = asyncio.Lock()
        self._last_ms: dict[Service, int] = {}

    async def exchange(self, call: Call) -> Exchange:
        """Send `call` once; see `core.ports.Wire`. Raises SecretMissing, KeyringFailed or CredentialsRefused."""
        if self._closed:
            return Exchange(None, {}, b"", Failure.GUARD, 0.0, "the connection was closed by this program")
        secrets = await self._secrets_of(call.service)
        if call.service is Service.BRAZE:
            await self._know_all()
        headers = self._headers(call, secrets)
        target = self._target(call, secrets)
        transport = await self._open()
        progress = Progress(self._clock, self._clock.monotonic_s())
        failure, detail = await self._attempt(transport, call, target, headers, progress)
        elapsed_s = self._clock.monotonic_s() - progress.began_at_s
        if failure is None:
            self._last_ms[call.service] = round(elapsed_s * 1000)
        if progress.status == 401:
            self.forget_secrets(call.service)
        # Redacted before it is cut: half a secret at the end would be no spelling of it.
        body = self._redacted(bytes(progress.body))[: None if failure is None else KEPT_OF_A_FAILED_BODY]
        headers_read = {name: self._redacted(value.encode()).decode() for name, value in progress.headers.items()}
        return Exchange(progress.status, headers_read, body, failure, elapsed_s, detail)

    def last_ms(self, service: Service) -> int | None:
        """Milliseconds of the latest complete answer of `service`; None before the first."""
        return self._last_ms.get(service)

    def forget_secrets(self, service: Service) -> None:
        """Read the secrets of `service` anew at its next call; what was read stays redacted."""
        for key in [key for key in self._secrets if key[2] in FIELDS_OF_SERVICE[service]]:
            del self._secrets[key]

    async def aclose(self) -> None:
        """Close every connection; a later call is stopped by a guard."""
        self._closed = True
        if self._transport is not None:
            transport, self._transport = self._transport, None
            await transport.aclose()

    async def _attempt(
        self,
        transport: httpx.AsyncBaseTransport,
        call: Call,
        target: bytes,
        headers: list[tuple[str, str]],
        progress: Progress,
    ) -> tuple[Failure | None, str]:
        import httpx

        # The secret-bearing target travels beside the URL, so that no repr and no log of httpx can show it.
        extensions = {
            "target": target,
            "trace": progress.trace,
            "timeout": {"connect": self._connect_s, "read": None, "write": None, "pool": None},
        }
        request = httpx.Request(
            call.method, self.profile.url(call.service), headers=headers, content=call.body, extensions=extensions
        )
        try:
            async with asyncio.timeout(self._slot_s):
                await self._busy.acquire()
        except TimeoutError:
            return Failure.POOL_TIMEOUT, ""
        try:
            return await attempt(transport, request, progress, within_s=self._call_s, cap_bytes=BODY_CAP_BYTES)
        finally:
            self._busy.release()

    def _headers(self, call: Call, secrets: dict[str, Secret]) -> list[tuple[str, str]]:
        # All but the first are what a person was shown.
        return [("Authorization", self._authorization(call.service, secrets)), *call.headers[1:]]

    def _authorization(self, service: Service, secrets: dict[str, Secret]) -> str:
        """SessionM docs, "Authentication": Basic; Braze docs, /api/basics: Bearer."""
        if service is Service.CORE:
            pair = f"{secrets['core_key'].reveal()}:{secrets['core_secret'].reveal()}"
            return "Basic " + base64.b64encode(pair.encode()).decode()
        name = FIELDS_OF_SERVICE[service][0]
        value = secrets[name].reveal()
        if not IN_A_HEADER.fullmatch(value):
            raise CredentialsRefused(
                f"The stored {SECRET_FIELDS[name]} holds a character that no key has. Profile {self.profile.name}.",
                f"Fix: offerdeck auth set {self.profile.name} {name}",
            )
        return ("Basic " if service is Service.CONNECT else "Bearer ") + value

    def _target(self, call: Call, secrets: dict[str, Secret]) -> bytes:
        """The request target as bytes, slots filled; httpx never gets to normalise it."""
        segments = (secrets[part.field].reveal() if isinstance(part, Slot) else part for part in call.path)
        path = "".join("/" + quote(segment, safe="") for segment in segments)
        return (quote(urlsplit(self.profile.url(call.service)).path, safe="/%") + path + call.query_text).encode()

    async def _secrets_of(self, service: Service) -> dict[str, Secret]:
        """The service's secrets, from memory once they were read for this profile and host."""
        host = self.profile.host(service)
        found: dict[str, Secret] = {}
        async with self._reading[service]:
            for name in FIELDS_OF_SERVICE[service]:
                key = (self.profile.name, host, name)
                if key not in self._secrets:
                    secret = await self._vault.read(self.profile, name)
                    if not secret:
                        raise SecretMissing(
                            f"The stored {SECRET_FIELDS[name]} is empty. Profile {self.profile.name}.",
                            f"Fix: offerdeck auth set {self.profile.name} {name}",
                        )
                    self._secrets[key] = secret
                    self._look_for(secret)
                found[name] = self._secrets[key]
        return found

    async def _know_all(self) -> None:
        """Look for every secret of the profile from now on: Content Blocks and messages may spell out SessionM's."""
        async with self._knowing:  # who comes second, or after one who gave up, waits for them all the same
            if self._are_all_known:
                return
            for name in (name for fields in FIELDS_OF_SERVICE.values() for name in fields):
                with suppress(SecretMissing, KeyringFailed):
                    self._look_for(await self._vault.read(self.profile, name))
            self._are_all_known = True

    def _look_for(self, secret: Secret) -> None:
        self._spellings = tuple(dict.fromkeys((*self._spellings, *spellings([secret]))))

    def _redacted(self, body: bytes) -> bytes:
        return redact_bytes(body, self._spellings)

    async def _open(self) -> httpx.AsyncBaseTransport:
        """The pool, made once and off the loop: importing httpx and reading the certificates take some 80 ms."""
        async with self._opening:
            if self._transport is None:
                encrypted = any(self.profile.url(service).startswith("https:") for service in Service)
                self._transport = await asyncio.to_thread(make_transport, encrypted, CONNECTIONS)
            return self._transport
