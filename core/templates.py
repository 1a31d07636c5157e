"""What a Braze workspace keeps of messages: whole ones, templates, Content Blocks, catalogs; Liquid unrendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class BrazeMessage:
    """One message of a campaign or Canvas step.

    `channel` and the names in `fields` are those of a message document (`email`, `subject`, `html`), in its order; an
    unknown channel is empty, and its fields keep Braze's names. Texts are exactly as Braze keeps them.
    """

    variation: str
    channel: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ListedTemplate:
    """An email template as Braze lists it; those made by drag and drop are not listed."""

    id: str
    name: str
    tags: tuple[str, ...] = ()
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EmailTemplate:
    """An email template whole. `plain` is empty where Braze makes it of the HTML."""

    id: str
    name: str
    subject: str
    preheader: str
    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class ListedBlock:
    """A Content Block as Braze lists it: `{{content_blocks.${name}}}`."""

    id: str
    name: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedCatalog:
    """A catalog as Braze lists it: what it has of each item, as column and type (`string`, `number`, `time`...)."""

    name: str
    columns: tuple[tuple[str, str], ...] = ()
    size: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True)
class CatalogItem:
    """An item that a template can read: its columns by name, the id among them, as Braze keeps them."""

    catalog: str
    id: str
    columns: Mapping[str, Any]
