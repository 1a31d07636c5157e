"""Files: where they lie, the profiles and the drafts in them, and the lock that lets one program write."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.adapters.locks import FileLock, ProfileLock
from core.adapters.private import refuse_link, write_private
from core.clean import safe
from core.errors import InvalidInput
from core.profiles import Profile

__all__ = ["Drafts", "Places", "ProfileFiles", "ProfileLock"]

_SETTINGS = ("environment", "core_url", "connect_url", "braze_url", "retailer_id", "culture", "secrets")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of offerdeck on this machine; none of them need exist."""

    config: Path
    data: Path
    cache: Path
    log: Path

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> Places:
        """Under `OFFERDECK_HOME` where it is set, else where the system keeps such things."""
        if home := environ.get("OFFERDECK_HOME"):
            return cls.under(Path(home).expanduser().absolute())
        import platformdirs

        folders = platformdirs.PlatformDirs("offerdeck", appauthor=False)
        paths = (folders.user_config_path, folders.user_data_path, folders.user_cache_path, folders.user_log_path)
        return cls(*paths)

    @classmethod
    def under(cls, home: Path) -> Places:
        """All four beneath `home`."""
        return cls(home / "config", home / "data", home / "cache", home / "log")

    @property
    def profiles(self) -> Path:
        """The profiles, as TOML."""
        return self.config / "profiles.toml"

    @property
    def ledger(self) -> Path:
        """The ledger, as SQLite."""
        return self.data / "ledger.sqlite"


class ProfileFiles:
    """All profiles in one TOML file; fills the `ProfileStore` port. Keys it does not know are kept as they are."""

    def __init__(self, places: Places) -> None:
        self._path = places.profiles

    def names(self) -> list[str]:
        """All names, in the order they were added."""
        return list(self._tables(self._read()))

    def load(self, name: str) -> Profile:
        """The profile called `name`. Raises InvalidInput naming those there are, or what is wrong in the file."""
        tables = self._tables(self._read())
        if name not in tables:
            raise _none_of_that_name(name, list(tables))
        try:
            return Profile.make(name=name, **_settings(tables[name]))
        except InvalidInput as error:
            where = f"In {safe(str(self._path))}, profile {safe(name)}: {error.message}"
            raise InvalidInput(where, error.hint) from error

    def save(self, profile: Profile, *, replace: bool = False) -> None:
        """Put `profile` into the file. Raises InvalidInput when the name is taken and `replace` is not set."""
        with self._alone():
            document = self._read()
            tables = self._tables(document)
            if profile.name in tables and not replace:
                raise InvalidInput(f"There is a profile {profile.name} already.", "Remove it first.")
            table = tables.setdefault(profile.name, {})
            table |= {name: str(getattr(profile, name)) for name in _SETTINGS}
            table["allow_whole_segment"] = profile.allow_whole_segment
            table["connected_content_hosts"] = list(profile.connected_content_hosts)
            self._write({**document, "profiles": tables})

    def remove(self, name: str) -> None:
        """Take the profile out of the file. Raises InvalidInput when there is none of that name."""
        with self._alone():
            document = self._read()
            tables = self._tables(document)
            if name not in tables:
                raise _none_of_that_name(name, list(tables))
            del tables[name]
            self._write({**document, "profiles": tables})

    def _read(self) -> dict[str, Any]:
        import tomllib

        try:
            refuse_link(self._path)
            return tomllib.loads(self._path.read_bytes().decode())
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise InvalidInput(f"{safe(str(self._path))} is not UTF-8 in line {line}.", "Correct that line.") from error
        except tomllib.TOMLDecodeError as error:
            words = f"{safe(str(self._path))} is not TOML: {safe(str(error))}."
            raise InvalidInput(words, "Correct that line.") from error
        except OSError as error:
            raise _cannot("read", self._path, error) from error

    def _tables(self, document: dict[str, Any]) -> dict[str, dict[str, Any]]:
        tables = document.get("profiles", {})
        if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
            raise InvalidInput(
                f"{safe(str(self._path))} holds something else than tables under “profiles”.",
                "A profile begins with a line like [profiles.acme-prod].",
            )
        return tables

    def _write(self, document: dict[str, Any]) -> None:
        import tomli_w

        try:
            write_private(self._path, tomli_w.dumps({"version": 1, **document}).encode())
        except OSError as error:
            raise _cannot("write", self._path, error) from error

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """No other program changes the file meanwhile."""
        lock = FileLock(self._path.with_suffix(".lock"))
        try:
            lock.acquire(wait=True)
        except OSError as error:
            raise _cannot("write", self._path, error) from error
        try:
            yield
        finally:
            lock.release()


def _settings(table: dict[str, Any]) -> dict[str, Any]:
    """The table's settings for `Profile.make`. Raises InvalidInput for one of the wrong kind or a missing one."""
    found: dict[str, Any] = {}
    for name in _SETTINGS:
        if name not in table and name not in {"culture", "secrets"}:
            raise InvalidInput(f"{name} is missing.", f'Add a line like {name} = "...".')
        if not isinstance(table.get(name, ""), str):
            raise InvalidInput(f"{name} is not a text.", "Put it in quotes.")
    found |= {name: table[name] for name in _SETTINGS if name in table}
    hosts, whole = table.get("connected_content_hosts", []), table.get("allow_whole_segment", False)
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise InvalidInput("connected_content_hosts is not a list of texts.", 'Write it as ["host.example"].')
    if not isinstance(whole, bool):
        raise InvalidInput("allow_whole_segment is neither true nor false.", "Write it without quotes.")
    return found | {"connected_content_hosts": tuple(hosts), "allow_whole_segment": whole}


def _none_of_that_name(name: str, names: list[str]) -> InvalidInput:
    known = "There are: " + ", ".join(map(safe, names)) + "." if names else "Add one: offerdeck profile add"
    return InvalidInput(f"There is no profile {safe(name)[:60]!r}.", known)


def _cannot(what: str, path: Path, error: OSError) -> InvalidInput:
    return InvalidInput(
        f"Could not {what} {safe(str(path))}: {error.strerror or error}.", "Check the folder; see: offerdeck locate"
    )


_MOST_AT_ONCE = 20


def _slots(name: str) -> list[str]:
    return [name, *(f"{name} {number}" for number in range(2, _MOST_AT_ONCE + 1))]


class Drafts:
    """Texts being written, one file each, so that a crash loses nothing."""

    def __init__(self, places: Places) -> None:
        self._folder = places.data / "drafts"
        self._owned: dict[str, FileLock] = {}

    def own(self, name: str) -> str:
        """`name`, or where another running program writes under it `name 2` and so on; held until this one lets go."""
        for slot in _slots(name):
            lock = self._owned.get(slot) or FileLock(self._path(slot).with_suffix(".lock"))
            try:
                if lock.acquire():
                    self._owned[slot] = lock
                    return slot
            except OSError:
                return name  # nothing can be written there, under any name
        raise InvalidInput(f"{_MOST_AT_ONCE} programs write drafts already.", "Close one of them.")

    def left_behind(self, name: str) -> list[str]:
        """The further names of `name` that hold a draft of a program that ended."""
        found = []
        for slot in _slots(name)[1:]:
            lock = FileLock(self._path(slot).with_suffix(".lock"))
            with contextlib.suppress(OSError):
                if slot not in self._owned and self._path(slot).exists() and lock.acquire():
                    lock.release()
                    found.append(slot)
        return found

    def let_go(self) -> None:
        """Leave the names that this program owns to others."""
        for lock in self._owned.values():
            lock.release()
        self._owned.clear()

    def load(self, name: str) -> str | None:
        """The draft called `name`, None when there is none. Raises InvalidInput when it cannot be read."""
        path = self._path(name)
        try:
            refuse_link(path)
            return path.read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _cannot("read", path, error) from error

    def save(self, name: str, text: str) -> None:
        """Keep `text`. Raises InvalidInput when it cannot be written."""
        path = self._path(name)
        try:
            write_private(path, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise _cannot("write", path, error) from error

    def remove(self, name: str) -> None:
        """Drop it, if it is there."""
        path = self._path(name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _cannot("remove", path, error) from error

    def _path(self, name: str) -> Path:
        """A file name for any `name`: escaped, and shortened to a digest when it is long."""
        escaped = quote(name, safe="", errors="backslashreplace")
        if len(escaped) > 100:
            escaped = escaped[:60] + "-" + hashlib.sha256(escaped.encode()).hexdigest()[:32]
        return self._folder / f"draft-{escaped}.txt"
