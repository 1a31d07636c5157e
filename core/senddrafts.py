"""The send being prepared, kept as it is typed, a profile at a time; it holds no credentials and sends nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from core.composing import Form, Row
from core.drafting import SharedStore
from core.numerals import written_json
from core.sends import PropertyGroup, TargetKind
from core.shapes import mapping
from core.strictjson import exact_json


@dataclass(frozen=True, slots=True)
class SendDraft:
    """What stands in the Send room. `json_text` is text that is no properties yet; else the form has them all."""

    kind: TargetKind = TargetKind.CAMPAIGN
    target_id: str = ""
    to: str = ""
    form: Form = field(default_factory=Form)
    json_text: str | None = None

    def to_text(self) -> str:
        """As its file keeps it, numbers as they were typed."""
        told = {"kind": self.kind.value, "target_id": self.target_id, "to": self.to, "json_text": self.json_text}
        rows = {"rows": [_told(row) for row in self.form.rows], "parked": [_told(row) for row in self.form.parked]}
        return written_json({**told, **rows}, indent=1, ascii_only=True)

    @classmethod
    def from_text(cls, content: str) -> SendDraft | None:
        """The inverse of `to_text()`; None for a file that is something else."""
        try:
            raw = mapping(exact_json(content))
            return cls(
                kind=TargetKind(raw["kind"]),
                target_id=str(raw["target_id"]),
                to=str(raw["to"]),
                form=Form(tuple(map(_row, raw["rows"])), tuple(map(_row, raw["parked"]))),
                json_text=None if raw["json_text"] is None else str(raw["json_text"]),
            )
        except (ValueError, KeyError, TypeError):
            return None


def _told(row: Row) -> dict[str, Any]:
    return {"key": row.key, "value": row.value, "filled": row.filled, "group": row.group and row.group.value}


def _row(raw: dict[str, Any]) -> Row:
    group = raw["group"]
    return Row(str(raw["key"]), raw["value"], raw["filled"] is True, None if group is None else PropertyGroup(group))


class SendDrafts:
    """The drafts by profile; every method works on a thread, one after the other, and raises InvalidInput."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store
        self._turn = asyncio.Lock()

    async def kept(self, profile: str) -> SendDraft | None:
        """What was being prepared when the program last ended, however it ended."""
        async with self._turn:
            return await asyncio.to_thread(self._kept, _working(profile))

    def _kept(self, name: str) -> SendDraft | None:
        """This program's own, else one that another left behind, which becomes its own."""
        own = self._store.own(name)
        if (content := self._store.load(own)) is not None:
            return SendDraft.from_text(content)
        for left in self._store.left_behind(name):
            if (draft := SendDraft.from_text(self._store.load(left) or "")) is not None:
                self._store.save(own, draft.to_text())
                self._store.remove(left)
                return draft
        return None

    async def keep(self, profile: str, draft: SendDraft | None) -> None:
        """Keep what is being prepared; None: nothing is."""
        async with self._turn:
            await asyncio.to_thread(lambda: self._put(self._store.own(_working(profile)), draft))

    async def aside(self, profile: str) -> SendDraft | None:
        """What was put aside for another, or None."""
        return await self._load(_aside(profile))

    async def put_aside(self, profile: str, draft: SendDraft | None) -> None:
        """Keep `draft` apart from the one being prepared."""
        async with self._turn:
            await asyncio.to_thread(self._put, _aside(profile), draft)

    async def _load(self, name: str) -> SendDraft | None:
        async with self._turn:
            content = await asyncio.to_thread(self._store.load, name)
        return None if content is None else SendDraft.from_text(content)

    def _put(self, name: str, draft: SendDraft | None) -> None:
        if draft is None:
            self._store.remove(name)
        else:
            self._store.save(name, draft.to_text())


def _working(profile: str) -> str:
    return f"send {profile}"


def _aside(profile: str) -> str:
    return f"send {profile} aside"
