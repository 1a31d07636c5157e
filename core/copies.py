"""Texts to copy: a value as JSON, rows for a table, Markdown, command lines. What cannot be seen is escaped."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from datetime import datetime

from core.clean import safe_lines, shown_json
from core.customers import Customer
from core.jsontree import path_text
from core.moments import iso
from core.offers import Offer
from core.render import NAMESPACES

_OF_TAGS = ("promotions", "translations")
_UNNAMEABLE = re.compile(r"[\"\\{}\n\t]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
OFFER_COLUMNS = ("name", "type", "state", "ends_at", "pos_discount_id", "offer_id", "user_offer_id")
CUSTOMER_COLUMNS = ("name", "email", "phone", "user_id", "external_id", "tier", "available_points")


def json_text(value: object) -> str:
    """A decoded JSON value: a bare string as its own text, anything else as indented JSON.

    A string that holds what a terminal would obey where it is pasted stands as JSON too, that is, escaped.
    """
    if isinstance(value, str) and safe_lines(value) == value.replace("\r\n", "\n"):
        return value
    return shown_json(value, indent=2)


def liquid_text(path: tuple[str | int, ...]) -> str:
    """The output tag that prints a field: `{{${first_name}}}`, `{{wallet.payload.user_offers[0].name}}`.

    Empty for what no expression can name: what tags read, a name that Liquid cannot quote or `${...}` cannot hold.
    """
    root, rest = str(path[0]), path[1:]
    if root in _OF_TAGS or any(_is_unnameable(step) for step in path):
        return ""
    if rest and (root == "attributes" or root in NAMESPACES):
        name = f"${{{rest[0]}}}" if root == "attributes" else f"{root}.${{{rest[0]}}}"
        return f"{{{{{name}{path_text(('_', *rest[1:]))[1:]}}}}}"
    return f"{{{{{path_text(path)}}}}}"


def _is_unnameable(step: str | int) -> bool:
    return isinstance(step, str) and (_UNNAMEABLE.search(step) is not None or safe_lines(step) != step)


def tsv(*rows: Sequence[object]) -> str:
    """Rows with a tab between cells, for a spreadsheet; what it would run as a formula gets a quote in front."""
    return "\n".join("\t".join(_cell(value) for value in row) for row in rows)


def _cell(value: object) -> str:
    text = "" if value is None else iso(value) if isinstance(value, datetime) else str(value)
    if isinstance(value, str) and text.startswith(_FORMULA):
        text = f"'{text}"
    return text.replace("\t", " ").replace("\r", " ").replace("\n", " ")


def offer_row(offer: Offer, now: datetime) -> tuple[object, ...]:
    """The cells of `OFFER_COLUMNS`."""
    state = offer.state(now).value
    return offer.name, offer.type, state, offer.last_moment, offer.pos_discount_id, offer.offer_id, offer.id


def customer_row(customer: Customer) -> tuple[object, ...]:
    """The cells of `CUSTOMER_COLUMNS`."""
    ids = (customer.user_id, customer.external_id)
    return customer.name, customer.email, customer.phone, *ids, customer.tier, customer.available_points


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; bars and backslashes in cells are escaped."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for row in rows:
        cells = (_cell(value).removeprefix("'").replace("\\", "\\\\").replace("|", "\\|") for value in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def offer_markdown(offer: Offer, now: datetime) -> str:
    """One offer as a table of one row."""
    return markdown_table(OFFER_COLUMNS, [offer_row(offer, now)])


def wallet_command(user_id: str, profile: str, culture: str = "") -> str:
    """The command line that shows this wallet, for a POSIX shell."""
    words = ["offerdeck", "wallet", user_id, "--profile", profile]
    return shlex.join([*words, "--culture", culture] if culture else words)


def tags_command(user_id: str, profile: str) -> str:
    """The command line that shows this customer's tags."""
    return shlex.join(["offerdeck", "tags", user_id, "--profile", profile])
