"""What is known of a Braze workspace, as far as messages borrow of it: a value that completes a render's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.render import RenderData


@dataclass(frozen=True, slots=True)
class Borrowed:
    """Content Blocks and catalog items by name; `sources` as in `RenderData`, for what Braze could not give.

    `reads_braze`: of everything else Braze was not asked yet.
    """

    content_blocks: Mapping[str, str] = field(default_factory=dict)
    catalogs: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    sources: tuple[Mapping[str, Any], ...] = ()
    reads_braze: bool = False

    def with_data(self, data: RenderData) -> RenderData:
        """`data` with what is known; its own texts and items stay."""
        catalogs = {
            name: {**self.catalogs.get(name, {}), **data.catalogs.get(name, {})}
            for name in {**self.catalogs, **data.catalogs}
        }
        return replace(
            data,
            content_blocks={**self.content_blocks, **data.content_blocks},
            catalogs=catalogs,
            sources=(*self.sources, *data.sources),
            reads_braze=self.reads_braze or data.reads_braze,
        )


NOTHING_BORROWED = Borrowed()
