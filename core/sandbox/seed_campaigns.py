"""The campaigns and Canvases of the made-up workspace: a dozen by hand, the rest by season and theme."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from core.sandbox import seed_messages as words
from core.sandbox.library import Library, Sendable, Step
from core.sandbox.seed import Seed

BY_HAND: tuple[dict[str, Any], ...] = (
    {
        "name": "Offer expiring reminder",
        "description": "Fired by SessionM two days before an offer ends.",
        "tags": ("sessionm", "offers", "expiring"),
        "messages": [
            words.email(
                "{{api_trigger_properties.${offer_title}}} ends soon", words.EXPIRING, preheader="Do not miss it"
            ),
            words.push(
                "Ends soon",
                "{{api_trigger_properties.${offer_title}}}: until {{api_trigger_properties.${expiration_date}}}",
            ),
        ],
    },
    {
        "name": "Points awarded",
        "description": "A push after each purchase that earned points.",
        "tags": ("sessionm", "points"),
        "messages": [
            words.push(
                "+{{api_trigger_properties.${points_amount}}} points",
                "Well done {{${first_name}}}, now in {{api_trigger_properties.${account_name}}}.",
                channel="android_push",
            )
        ],
    },
    {
        "name": "Offer issued by text",
        "description": "For customers without the app.",
        "tags": ("sessionm", "offers"),
        "messages": [
            words.sms(
                "{{${first_name}}}, a new offer: {{api_trigger_properties.${offer_title}}}."
                " {{api_trigger_properties.${offer_terms} | truncate: 60}}"
            )
        ],
    },
    {
        "name": "Tag the segment in SessionM",
        "description": "Writes one tag per user of the segment back to SessionM Core.",
        "tags": ("sessionm", "tags"),
        "messages": [words.webhook(words.TAG_URL, '{"tags": ["braze_winback"], "ttl": 2592000}')],
    },
    {
        "name": "Wallet digest",
        "description": "Everything in the wallet, read at send time.",
        "tags": ("offers", "newsletter"),
        "messages": [
            words.email("Your {{${first_name} | default: 'Brightleaf'}} digest", words.DIGEST),
            {"channel": "email", "type": "control"},
        ],
    },
    {
        "name": "Welcome, once only",
        "description": "Re-eligibility is off: a second trigger is skipped without a word.",
        "tags": ("onboarding",),
        "once_only": True,
        "messages": [
            words.email("Welcome {{${first_name}}}", "<p>Good to have you, {{${first_name} | default: 'friend'}}.</p>")
        ],
    },
    {
        "name": "Flash weekend",
        "description": "Paused.",
        "tags": ("season",),
        "enabled": False,
        "messages": [words.push("Flash", "Today only: {{api_trigger_properties.${offer_title}}}")],
    },
    {
        "name": "Summer iced tea",
        "description": "Archived.",
        "tags": ("season",),
        "archived": True,
        "messages": [words.sms("Iced tea is back, {{${first_name}}}.")],
    },
    {
        "name": "Winter warmers",
        "description": "A draft.",
        "tags": ("season",),
        "draft": True,
        "enabled": False,
        "messages": [words.email("Warm up", "<p>{{api_trigger_properties.${offer_title}}}</p>")],
    },
    {
        "name": "Monthly statement",
        "description": "Scheduled, not triggered.",
        "tags": ("newsletter",),
        "schedule_type": "time_based",
        "messages": [words.email("Your month", "<p>{{custom_attribute.${visits}}} visits</p>")],
    },
    {
        "name": "Hello [/b] [@click=app.bell]x[/]",
        "description": "A name that looks like markup.",
        "tags": ("[bold]", "test"),
        "messages": [words.push("Test", "{{api_trigger_properties.${x}")],
    },
    {
        "name": "抹茶ラテのお知らせ",
        "description": "日本のお客様向け",
        "tags": ("日本", "offers"),
        "messages": [words.email("{{${last_name}}}様へ", "<p>{{api_trigger_properties.${offer_title}}}をどうぞ。</p>")],
    },
)

SEASONS = ("Spring", "Summer", "Autumn", "Winter")
THEMES = (
    "coffee hour",
    "bakery week",
    "double points",
    "loyalty day",
    "cinema night",
    "refill month",
    "new tea",
    "second visit",
    "lost friends",
    "card reminder",
)
CHANNELS = ("email", "ios_push", "android_push", "sms", "email", "webhook")
TEXTS = (
    "{{${first_name} | default: 'Friend'}}, {{api_trigger_properties.${offer_title}}} waits for you.",
    "{% if {{api_trigger_properties.${points_amount}}} > 100 %}A big one!{% else %}A little something.{% endif %}",
    "Until {{api_trigger_properties.${expiration_date} | date: '%B %d'}} at {{custom_attribute.${favourite_store}}}.",
    "{{api_trigger_properties.${campaign_name}}}: show {{api_trigger_properties.${pos_discount_id}}} at the till.",
)


def library_of(seed: Seed, born_at: datetime, fill: Callable[[str], str]) -> Library:
    """134 campaigns and 14 Canvases; `fill` puts the tenant's addresses into a text."""
    made = [*BY_HAND, *(_generated(seed, index) for index in range(134 - len(BY_HAND)))]
    campaigns = [_campaign(seed, born_at, index, one, fill) for index, one in enumerate(made)]
    canvases = [_canvas(seed, born_at, index, fill) for index in range(len(CANVASES))]
    return Library({one.id: one for one in campaigns}, {one.id: one for one in canvases})


def _generated(seed: Seed, index: int) -> dict[str, Any]:
    season, theme = SEASONS[index % 4], THEMES[index % len(THEMES)]
    label = f"generated {index}"
    channel = seed.pick(label, CHANNELS)
    draft = index % 17 == 3
    return {
        "name": f"{season} {theme} {2022 + index // 40}",
        "description": f"{theme.capitalize()}, {channel.replace('_', ' ')}",
        "tags": (season.lower(), "offers" if index % 3 else "points"),
        "archived": index % 11 == 5,
        "draft": draft,
        "enabled": not draft and index % 13 != 7,
        "schedule_type": "time_based" if index % 7 == 6 else "api_triggered",
        "is_api_campaign": index % 29 == 12,
        "messages": [words.generated(channel, f"{season} {theme}", seed.pick(f"{label} text", TEXTS))],
    }


def _campaign(seed: Seed, born_at: datetime, index: int, made: dict[str, Any], fill: Callable[[str], str]) -> Sendable:
    created = born_at - timedelta(days=900 - 6 * index, minutes=seed.below(f"created {index}", 1400))
    messages = {
        seed.uuid(f"variation {index} {order}"): _filled(one, fill) for order, one in enumerate(made["messages"])
    }
    rest = {key: value for key, value in made.items() if key not in ("name", "description", "tags", "messages")}
    return Sendable(
        id=seed.uuid(f"campaign {index}"),
        name=made["name"],
        is_campaign=True,
        description=made["description"],
        channels=tuple(dict.fromkeys(one["channel"] for one in made["messages"])),
        tags=made["tags"],
        created_at=created,
        edited_at=min(
            created + timedelta(days=seed.below(f"edited {index}", 400)), born_at - timedelta(hours=3 + index)
        ),
        messages=messages,
        **rest,
    )


def _filled(message: dict[str, Any], fill: Callable[[str], str]) -> dict[str, Any]:
    return {key: fill(value) if isinstance(value, str) else value for key, value in message.items()}


CANVASES = (
    "Expiring offers journey",
    "Welcome journey",
    "Birthday journey",
    "Win-back, three touches",
    "Points milestones",
    "Tier upgrade",
    "Abandoned basket",
    "Paused: autumn tasting",
    "Archived: spring opening",
    "Draft: holiday countdown",
    "Second purchase",
    "Lantern cinema partners",
    "App install follow-up",
    "Survey after visit",
)


def _canvas(seed: Seed, born_at: datetime, index: int, fill: Callable[[str], str]) -> Sendable:
    name = CANVASES[index]
    context = "{{context.${offer_title} | default: {{canvas_entry_properties.${offer_title}}}}}"
    mail = words.email("About your offer", "<p>Hello {{${first_name}}}, " + context + "</p>")
    note = words.push(name, context)
    steps = (
        Step(
            seed.uuid(f"step {index} 0"),
            "First touch",
            "message",
            {seed.uuid(f"step variation {index} 0"): _filled(mail, fill)},
        ),
        Step(seed.uuid(f"step {index} 1"), "Wait two days", "delay"),
        Step(
            seed.uuid(f"step {index} 2"),
            "Reminder",
            "message",
            {seed.uuid(f"step variation {index} 1"): note | {"body": note["alert"]}},
        ),
    )
    created = born_at - timedelta(days=500 - 30 * index)
    return Sendable(
        id=seed.uuid(f"canvas {index}"),
        name=name,
        is_campaign=False,
        description="A journey of three steps.",
        channels=("email", "ios_push"),
        tags=("journey", "sessionm" if index % 2 else "offers"),
        created_at=created,
        edited_at=min(created + timedelta(days=40 + index), born_at - timedelta(days=1)),
        steps=steps,
        archived=name.startswith("Archived"),
        draft=name.startswith("Draft"),
        enabled=not name.startswith(("Paused", "Draft")),
    )
