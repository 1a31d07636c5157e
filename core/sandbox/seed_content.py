"""Templates, Content Blocks and catalogs of the made-up workspace."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.sandbox import seed_messages as words


def _template(name: str, subject: str, body: str, *tags: str, preheader: str = "", plain: str = "") -> dict[str, Any]:
    return {
        "template_name": name,
        "description": "",
        "subject": subject,
        "preheader": preheader,
        "body": body,
        "plaintext_body": plain,
        "should_inline_css": True,
        "tags": list(tags),
    }


def _block(name: str, content: str, kind: str = "text") -> dict[str, Any]:
    return {"name": name, "description": "", "content": content, "content_type": kind, "tags": ["sessionm"]}


TEMPLATES = (
    _template("Wallet digest", "Your offers", words.DIGEST, "offers"),
    _template("Expiring offer", "{{api_trigger_properties.${offer_title}}} ends soon", words.EXPIRING, "offers"),
    _template(
        "Plain letter",
        "Hello {{${first_name}}}",
        "<p>Dear {{${first_name} | default: 'friend'}},</p>{{content_blocks.${footer}}}",
        preheader="A word from {{${city} | default: 'your shop'}}",
        plain="Dear {{${first_name} | default: 'friend'}},",
    ),
    _template(
        "Menu card",
        "New on the menu",
        "{% catalog_items menu flat-white %}<h2>{{items[0].title}}</h2><p>{{items[0].price}}</p>",
    ),
    *(
        _template(f"Season letter {year}", f"News {year}", "<p>{{${first_name}}}, here is what is new.</p>", "news")
        for year in range(2018, 2026)
    ),
)

BLOCKS = (
    _block("footer", "<p>Brightleaf, 12 Alder Street. {{${first_name}}}, you get this as a member.</p>", "html"),
    _block("wallet_call", words.WALLET_CALL),
    _block("connect_authorization", "PUT-THE-CONNECT-AUTHORIZATION-HERE"),
    _block("core_authorization", "PUT-THE-CORE-AUTHORIZATION-HERE"),
    _block("appkey_core", "PUT-THE-CORE-KEY-HERE"),
    _block(
        "greeting", "{% if ${language} == 'de' %}Hallo{% else %}Hello{% endif %} {{${first_name} | default: 'friend'}}"
    ),
)


@dataclass(frozen=True, slots=True)
class Catalog:
    """A catalog: field names with their types, `id` first, and what makes its rows."""

    name: str
    description: str
    fields: dict[str, str]
    items: Callable[[], list[dict[str, Any]]]


@functools.cache
def _menu() -> list[dict[str, Any]]:
    drinks = (("flat-white", "Flat white", 4.2), ("oolong", "Oolong", 3.8), ("matcha", "抹茶ラテ", 4.9))
    return [{"id": key, "title": title, "price": price, "vegan": key == "oolong"} for key, title, price in drinks]


@functools.cache
def _shops() -> list[dict[str, Any]]:
    return [
        {
            "id": f"shop-{index:03d}",
            "title": f"Brightleaf {index}",
            "seats": 12 + index % 40,
            "opened": "2020-05-01T08:00:00Z",
        }
        for index in range(1, 128)
    ]


CATALOGS = {
    one.name: one
    for one in (
        Catalog(
            "menu", "What we serve", {"id": "string", "title": "string", "price": "number", "vegan": "boolean"}, _menu
        ),
        Catalog(
            "shops", "Where we are", {"id": "string", "title": "string", "seats": "number", "opened": "time"}, _shops
        ),
    )
}
