"""The deck: the whole program without a screen. The cockpit and the command line both start from it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING

from core.errors import Guarded, OfferdeckError

if TYPE_CHECKING:
    from core.adapters.browser import BrowserPage
    from core.adapters.files import Drafts, Places
    from core.adapters.locks import ProfileLock
    from core.adapters.render_child import Renderer
    from core.adapters.template_files import TemplateFiles
    from core.adapters.vault import RunVault
    from core.demo import Demo
    from core.desk import Desk
    from core.gate import Gate
    from core.health import Health
    from core.plans import Confirmation, Plan, Receipt
    from core.ports import Clock, Ledger, ProfileStore, Vault
    from core.profiles import Profile

DEMO_PROFILE = "demo"


class Deck:
    """Profiles, drafts and open desks of one run. Making one touches no disk and imports nothing heavy."""

    def __init__(self, environ: Mapping[str, str], clock: Clock, *, demo_seed: int | None = None) -> None:
        self.environ = environ
        self.clock = clock
        self.on_wait: Callable[[float], None] | None = None  # told the seconds of each pause of a read
        self._demo_seed = demo_seed
        self._desks: list[Desk] = []
        self._locks: dict[str, tuple[ProfileLock, int]] = {}
        self._vaults: dict[str, RunVault] = {}
        self._renderer: Renderer | None = None
        self._ledger: Ledger | None = None
        self._page: BrowserPage | None = None

    @classmethod
    def create(cls, environ: Mapping[str, str], *, clock: Clock | None = None) -> Deck:
        """The deck of this machine's profiles; `environ` decides where they lie and where secrets are read."""
        return cls(environ, clock or _system_clock())

    @classmethod
    def demo(cls, seed: int, environ: Mapping[str, str], *, clock: Clock | None = None) -> Deck:
        """One profile, `demo`, on a sandbox that starts when the profile is first needed.

        Files lie in a private temporary folder that `close()` removes; secrets stay in memory.
        """
        return cls(environ, clock or _system_clock(), demo_seed=seed)

    @cached_property
    def _demo(self) -> Demo | None:
        """What a demo runs on, made when it is first needed: the first frame does not wait for it."""
        if self._demo_seed is None:
            return None
        from core.demo import Demo

        return Demo(self._demo_seed, self.clock)

    @property
    def is_demo(self) -> bool:
        """Whether everything here is made up."""
        return self._demo_seed is not None

    @property
    def demo_customer(self) -> str:
        """The SessionM id that a demo opens with; empty outside a demo."""
        return self._demo.customer if self._demo is not None else ""

    @cached_property
    def places(self) -> Places:
        """The folders of this run."""
        from core.adapters.files import Places

        return Places.find(self.environ) if self._demo is None else Places.under(self._demo.home)

    @cached_property
    def profiles(self) -> ProfileStore:
        """The profiles there are."""
        from core.adapters.files import ProfileFiles

        return ProfileFiles(self.places) if self._demo is None else self._demo.profiles

    @cached_property
    def drafts(self) -> Drafts:
        """Texts being written."""
        from core.adapters.files import Drafts

        return Drafts(self.places)

    def default_profile(self) -> str | None:
        """The profile meant when none is named: OFFERDECK_PROFILE, else the only one there is, else None."""
        if self.is_demo:
            return DEMO_PROFILE
        if named := self.environ.get("OFFERDECK_PROFILE"):
            return named
        names = self.profiles.names()
        return names[0] if len(names) == 1 else None

    def vault(self, profile: Profile) -> Vault:
        """Where the profile's secrets are; the same one for the whole run."""
        return self._demo.vault if self._demo is not None else self._run_vault(profile)

    def _run_vault(self, profile: Profile) -> RunVault:
        key = f"{profile.secrets} {profile.name}"
        if key not in self._vaults:
            from core.adapters.vault import RunVault, vault_for

            self._vaults[key] = RunVault(vault_for(profile, self.environ))
        return self._vaults[key]

    def keep_in_memory(self, profile: Profile) -> Vault:
        """From now on the profile's secrets stay in memory for this run, for desks that are open too."""
        vault = self._run_vault(profile)
        vault.keep_in_memory()
        return vault

    @property
    def ledger(self) -> Ledger:
        """The ledger of every profile; its file is opened at the first question."""
        if self._ledger is None:
            from core.adapters.ledger import SqliteLedger

            self._ledger = SqliteLedger(self.places.ledger)
        return self._ledger

    def renderer(self) -> Renderer:
        """The one that renders templates, in a child process; it starts at the first render."""
        if self._renderer is None:
            from core.adapters.render_child import Renderer

            self._renderer = Renderer()
        return self._renderer

    async def open(self, name: str, *, writing: bool = True) -> Desk:
        """The desk of a profile. Raises InvalidInput when there is none of that name.

        With `writing` the profile's lock is taken; where another process holds it, the desk's gate knows its pid and
        lets nothing out. Without, nothing is locked and every write is refused.
        """
        if self._demo is not None:
            from asyncio import to_thread

            await to_thread(self._demo.start)
        profile = self.profiles.load(name)
        desk = await self._desk(profile) if writing else self._reading_desk(profile)
        self._desks.append(desk)
        if desk.gate.shut is None and writing:
            with suppress(Guarded):  # of other profiles, which must not keep this one from opening
                await self.settle_the_dead()
        return desk

    async def _desk(self, profile: Profile) -> Desk:
        from core.adapters.connected_wire import ConnectedWire
        from core.adapters.wire import HttpWire
        from core.desk import Desk
        from core.dispatch import Dispatcher
        from core.pacing import Pacer
        from core.reading import read_json

        gate = await self._gate(profile)
        wire, pacer = HttpWire(profile, self.vault(profile), self.clock), Pacer(self.clock)
        dispatcher = Dispatcher(wire, self.ledger, self.clock, gate, pacer=pacer)
        read = partial(read_json, wire, clock=self.clock, pacer=pacer, on_wait=self.on_wait)

        connected = ConnectedWire(profile, self.vault(profile), self.clock)

        async def closing() -> None:
            await wire.aclose()
            await connected.aclose()
            if gate.shut is None:
                self._give_lock_back(profile.name)

        return Desk(
            profile, read, dispatcher, self.ledger, gate, self.clock, wire, closing=closing, connected=connected
        )

    async def _gate(self, profile: Profile) -> Gate:
        """The gate of a desk that is to write: shut while another process writes or no intent can be put on disk."""
        from core.gate import Gate

        try:
            other_writer_pid = self._take_lock(profile.name)
        except Guarded as error:
            return Gate(profile, self.clock, broken=error)
        if other_writer_pid is not None:
            return Gate(profile, self.clock, other_writer_pid=other_writer_pid)
        try:
            await self._recover(profile.name)
        except Guarded as error:
            self._give_lock_back(profile.name)
            return Gate(profile, self.clock, broken=error)
        except BaseException:
            self._give_lock_back(profile.name)
            raise
        return Gate(profile, self.clock)

    async def _recover(self, name: str) -> None:
        """Under a lock just taken; a second holder is this very program, which may be sending."""
        if self._locks[name][1] == 1:
            await self.ledger.recover(name)

    async def settle_the_dead(self) -> None:
        """Entries left as `sending` by a program that ended become `unknown`; what is being sent now stays."""
        from core.profiles import parse_name

        for name in await self.ledger.left_sending():
            with suppress(OfferdeckError):  # a folder that cannot be written, no name of a profile: they stay
                await self._settle_the_dead_of(parse_name(name))

    async def _settle_the_dead_of(self, name: str) -> None:
        """Whether or not there still is such a profile: who sends for it holds its lock."""
        if self._take_lock(name) is None:
            try:
                await self._recover(name)
            finally:
                self._give_lock_back(name)

    def _reading_desk(self, profile: Profile) -> Desk:
        from core.adapters.connected_wire import ConnectedWire
        from core.adapters.wire import HttpWire
        from core.desk import Desk
        from core.gate import Gate
        from core.pacing import Pacer
        from core.reading import read_json

        wire, pacer = HttpWire(profile, self.vault(profile), self.clock), Pacer(self.clock)
        read = partial(read_json, wire, clock=self.clock, pacer=pacer, on_wait=self.on_wait)
        gate, connected = Gate(profile, self.clock), ConnectedWire(profile, self.vault(profile), self.clock)

        async def closing() -> None:
            await wire.aclose()
            await connected.aclose()

        return Desk(
            profile, read, _ReadsOnly(), self.ledger, gate, self.clock, wire, closing=closing, connected=connected
        )

    def _take_lock(self, name: str) -> int | None:
        """None when this process may write now, else the pid of the one that does (0: it does not say)."""
        from core.adapters.locks import ProfileLock

        lock, holders = self._locks.get(name, (None, 0))
        lock = lock or ProfileLock(self.places, name)
        if not lock.acquire():
            return lock.holder_pid or 0
        self._locks[name] = (lock, holders + 1)
        return None

    def _give_lock_back(self, name: str) -> None:
        if name not in self._locks:
            return
        lock, holders = self._locks[name]
        self._locks[name] = (lock, holders - 1)
        if holders <= 1:
            del self._locks[name]
            lock.release()

    async def check(self, profile: Profile) -> AsyncGenerator[Health, None]:
        """How each credential of `profile` fares, one by one as the services answer; reads only."""
        from core.health import check_profile

        desk = await self.open(profile.name, writing=False)
        try:
            async with aclosing(check_profile(desk, self.vault(profile))) as found:
                async for health in found:
                    yield health
        finally:
            await desk.aclose()

    def read_text(self, path: str) -> str:
        """A file that a person named. Raises InvalidInput when it cannot be read, is not UTF-8, or is over 8 MB."""
        from core.adapters.texts import read_text

        return read_text(path)

    @cached_property
    def template_files(self) -> TemplateFiles:
        """Files that a person opens and saves."""
        from core.adapters.template_files import TemplateFiles

        return TemplateFiles()

    def edit(self, text: str) -> str:
        """`text` as a person left it in their own editor. Raises InvalidInput when nothing usable came back."""
        from core.adapters.editor import edit_text

        return edit_text(text, self.environ)

    def page(self, text: str) -> None:
        """`text`, which must be clean, in a person's own pager. Raises InvalidInput when there is none."""
        from core.adapters.editor import page_text

        page_text(text, self.environ)

    async def show_in_browser(self, html: str) -> None:
        """A message's true HTML in the person's own browser. Raises InvalidInput, saying where the page lies, when
        there is none."""
        from asyncio import to_thread

        from core.adapters.browser import BrowserPage

        self._page = self._page or BrowserPage(self.places.cache, self.environ)
        await to_thread(self._page.show, html)

    async def close(self) -> None:
        """Close what is open: desks with their locks, the ledger, the renderer, a demo with all it kept."""
        if self._page is not None:
            self._page.remove()
        elif "places" in self.__dict__:
            from core.adapters.passing import sweep_pages

            sweep_pages(self.places.cache)  # of a program that was killed
        for desk in self._desks:
            await desk.aclose()
        self._desks.clear()
        if self._ledger is not None:
            await self._ledger.close()
            self._ledger = None
        if "drafts" in self.__dict__:
            self.drafts.let_go()
        if self._renderer is not None:
            await self._renderer.aclose()
            self._renderer = None
        if "_demo" in self.__dict__ and self._demo is not None:
            from asyncio import to_thread

            await to_thread(self._demo.stop)


class _ReadsOnly:
    """The way out of a desk that was opened for reading: there is none."""

    async def execute(
        self, plan: Plan, confirmation: Confirmation, *, on_wait: Callable[[float], None] | None = None
    ) -> Receipt:
        """Raises Guarded."""
        raise Guarded("This profile was opened for reading.", "Nothing left.")


def _system_clock() -> Clock:
    from core.adapters.clock import SystemClock

    return SystemClock()
