"""Personas: people made up for trying messages, each a named `--data` object kept on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.errors import InvalidInput
from core.messages import parse_override, shelf_names, shelf_with

_SHELF = "persona shelf"  # the names of all personas
_SAVED = "persona saved "  # before the name of each


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody made up. `data` is what `--data` takes; what it lacks, their message lacks."""

    name: str
    data: Mapping[str, Any]


class PersonaStore(Protocol):
    """Texts by key, each durable once `save` returns. Blocks; every method raises InvalidInput for a refusing disk."""

    def load(self, name: str) -> str | None:
        """None when there is none."""
        ...

    def save(self, name: str, text: str) -> None:
        """Keep it."""
        ...

    def remove(self, name: str) -> None:
        """Drop it, if it is there."""
        ...


class Personas:
    """The personas of one person; every method works on a thread, one after the other, and raises InvalidInput."""

    def __init__(self, store: PersonaStore) -> None:
        self._store = store
        self._turn = asyncio.Lock()

    async def names(self) -> tuple[str, ...]:
        """Their names, newest first."""
        async with self._turn:
            return shelf_names(await asyncio.to_thread(self._store.load, _SHELF))

    async def save(self, name: str, data: Mapping[str, Any]) -> Persona:
        """Keep `data` under `name`, in place of what was there. Raises InvalidInput for a bad name or no data."""
        persona = Persona(parse_persona_name(name), data)
        if not data:
            raise InvalidInput("A persona needs data.", "Write some first, like a first_name among the attributes.")
        text = json.dumps(dict(data), ensure_ascii=True, indent=1)
        parse_override(text)
        async with self._turn:
            await asyncio.to_thread(self._put, persona.name, text)
        return persona

    async def remove(self, name: str) -> None:
        """Forget a persona; nothing when there is none of that name."""
        async with self._turn:
            await asyncio.to_thread(self._drop, name)

    async def load(self, name: str) -> Persona | None:
        """A persona; None when it is gone. Raises InvalidInput when what is on disk is no data any more."""
        async with self._turn:
            text = await asyncio.to_thread(self._store.load, _SAVED + name)
        return None if text is None else Persona(name, parse_override(text))

    # The name goes to the shelf after the data and leaves it before: whenever the program ends, a name has its data.

    def _put(self, name: str, text: str) -> None:
        self._store.save(_SAVED + name, text)
        self._store.save(_SHELF, shelf_with(self._store.load(_SHELF), name))

    def _drop(self, name: str) -> None:
        names = [one for one in shelf_names(self._store.load(_SHELF)) if one != name]
        self._store.save(_SHELF, json.dumps(names, ensure_ascii=True))
        self._store.remove(_SAVED + name)


def parse_persona_name(text: str) -> str:
    """A persona's name as typed: one line of 1 to 80 characters that can be seen. Raises InvalidInput."""
    name = text.strip()
    if not name:
        raise InvalidInput("The persona has no name.", "Type one, like gold member, German.")
    if len(name) > 80 or not name.isprintable():
        raise InvalidInput("That cannot name a persona.", "Use up to 80 characters that can be seen.")
    return name
