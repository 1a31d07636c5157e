"""Takes the pictures of the README: the real app on the sandbox, seed 7, the clock held at one moment.

    python screenshots/make.py [FOLDER]

writes every SVG anew (into this folder when none is given).
"""

from __future__ import annotations

import asyncio
import os
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from textual.events import Paste  # noqa: E402
from textual.pilot import Pilot  # noqa: E402
from textual.widgets import Input, TextArea  # noqa: E402

from core.deck import Deck  # noqa: E402
from core.sandbox.seed import Seed, customer_id  # noqa: E402
from tests.screens.driver import screen_text, svg, type_text  # noqa: E402
from tui import glyphs, theme  # noqa: E402
from tui.app import OfferdeckApp  # noqa: E402

MOMENT = datetime(2026, 11, 22, 21, 14, tzinfo=UTC)
WIDE, NARROW = (120, 40), (80, 24)
# What the bar would tell of a frozen clock is 0 ms; these stand for the sandbox's answers.
PORT = 47310
LATENCIES_MS = {"core": 42, "connect": 88, "braze": 36}


class StillClock:
    """One moment for ever; only the stopwatch moves, by what was slept."""

    def __init__(self) -> None:
        self._slept_s = 0.0

    def now(self) -> datetime:
        """The moment."""
        return MOMENT

    def monotonic_s(self) -> float:
        """Seconds slept."""
        return self._slept_s

    async def sleep(self, seconds: float) -> None:
        """Nobody waits; the stopwatch moves on."""
        self._slept_s += seconds
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: the keys that lead there; `text:…` is typed, `paste:…` pasted, `until:…` waits for words shown,
    `read` for every pane's answer."""

    name: str
    keys: Sequence[str] = ()
    size: tuple[int, int] = WIDE
    colours: str = theme.DARK
    customer: str = ""


RETAILER = Seed(7).uuid("retailer")
CALL = (
    "{% connected_content {{endpoint_connect}}/offers/api/2.0/offers/get_user_offers\n"
    '  :method post :headers {"Authorization": "Basic {{content_blocks.${connect_authorization}}}"}\n'
    '  :body {"retailer_id":"' + RETAILER + '","user_id":"{{${user_id}}}","culture":"en-US"} :save wallet %}\n'
    "{% if wallet.payload == nil %}{% abort_message('no wallet') %}{% endif %}\n"
)
TEMPLATE = (
    CALL + "<h1>Hi {{${first_name} | default: 'there'}}</h1>\n"
    "<p>You have {{wallet.payload.available_points}} points.</p>\n"
    "<ul>\n{% for o in wallet.payload.user_offers limit:3 %}\n"
    "<li>{{o.name}} until {{o.expires | date: '%d %b'}}</li>\n{% endfor %}\n</ul>"
)
WRITTEN = ("2", "until:untitled", f"text:{TEMPLATE}", "until:rendered", "until:1 warning")
TAGGED = ("T", "until:Review", "text:winback_q4", "tab", "text:30d", "f8", "until:expires in")
CHOSEN = ("S", "until:enabled", "slash", "text:offer expiring", "until:1 of", "enter", "until:3 read")
REVIEWED = (*CHOSEN, "S", "until:expires in", "until:ends soon")

OFFER = "{{api_trigger_properties.${offer_title}}}"
ENDS = "{{api_trigger_properties.${expiration_date} | date: '%d %b'}}"
EMAIL = (
    "--- email ---\n--- from ---\nCorner Coffee <hello@corner.example>\n"
    "--- subject ---\n{{${first_name} | default: 'Friend'}}, your offers are waiting\n"
    "--- preheader ---\nThree of them end soon\n"
    "--- html ---\n" + CALL + "<h1>Hi {{${first_name} | default: 'there'}}</h1>\n<ul>\n"
    "{% for o in wallet.payload.user_offers limit:3 %}\n"
    "  <li>{{o.name}} until {{o.expiration_date | date: '%d %b'}}</li>\n{% endfor %}\n</ul>"
)
PUSH = (
    "--- ios_push ---\n--- title ---\n" + OFFER + " ends soon\n"
    "--- body ---\nHi {{${first_name} | default: 'there'}}, it is yours until " + ENDS + ".\n"
    "--- image ---\nhttps://img.corner.example/coffee.png"
)
SMS = (
    "--- sms ---\nCorner Coffee: hi {{${first_name} | default: 'you'}} \u2615 "
    + (OFFER + " is yours until " + ENDS + ". ")
    + "Show this text at the till. Reply STOP to opt out."
)
WEBHOOK = (
    "--- webhook ---\n--- url ---\n{{endpoint_core}}/priv/v1/apps/{{content_blocks.${appkey_core}}}/users/"
    "{{${user_id}}}/tags\n--- headers ---\nContent-Type: application/json\n"
    "Authorization: Basic {{content_blocks.${core_authorization}}}\n"
    '--- body ---\n{"tags": ["winback_q3"], "ttl": 2592000}'
)
CARD = (
    "--- content_card ---\n--- header ---\n" + OFFER + "\n--- body ---\nYours until " + ENDS + ".\n"
    "--- link_text ---\nUse it now\n--- link ---\nhttps://corner.example/wallet"
)
IN_APP = (
    "--- in_app_message ---\n--- header ---\nWelcome back, {{${first_name} | default: 'you'}}\n"
    "--- body ---\n" + OFFER + " is yours until " + ENDS + ".\n--- buttons ---\nSee the wallet\nLater"
)
STARTED = ("2", "until:untitled", "f9", "until:live-wallet", "text:live-wallet", "enter", "until:1240 points")


def pasted(text: str, shown: str) -> tuple[str, ...]:
    """The keys that put a message into the editor; `shown` is what it renders to."""
    return ("2", "until:untitled", f"paste:{text}", f"until:{shown}")


EMAILS = {"Ana": "ana@example.com", "Cleo": "soon@example.com", "Jürgen": "german@example.com"}


def looked_up(name: str) -> tuple[str, ...]:
    """The keys that show another customer."""
    return ("f2", f"text:{EMAILS[name]}", "enter", f"until:{name} ", "read")


OTHERS = (*looked_up("Cleo"), *looked_up("Jürgen"), *looked_up("Ana"))

SHOTS = (
    Shot("customer"),
    Shot("customer-80", size=NARROW),
    Shot("customer-light", colours=theme.LIGHT),
    Shot("customer-detail-80", ("enter",), size=NARROW),
    Shot("customer-json", ("enter", "right_square_bracket")),
    Shot("customer-1312-offers", customer="many"),
    Shot("customer-hostile", customer="hostile"),
    Shot("message", WRITTEN),
    Shot("message-80", WRITTEN, size=NARROW),
    Shot("message-email", pasted(EMAIL, "Hi Ana")),
    Shot("message-push", pasted(PUSH, "Free coffee ends soon")),
    Shot("message-sms", pasted(SMS, "2 segments")),
    Shot("message-sms-80", (*pasted(SMS, "2 segments"), "escape"), size=NARROW),
    Shot("message-webhook", pasted(WEBHOOK, '"ttl": 2592000')),
    Shot("message-card", pasted(CARD, "Yours until")),
    Shot("message-in-app", pasted(IN_APP, "[ Later ]")),
    Shot("message-source", (*pasted(EMAIL, "Hi Ana"), "escape", "right_square_bracket", *("down",) * 14)),
    Shot("what-if", (*STARTED, "escape", "w", "until:= 1 same", "down")),
    Shot("what-if-80", (*STARTED, "escape", "w", "until:= 1 same", "down"), size=NARROW),
    Shot(
        "matrix", (*looked_up("Cleo"), *looked_up("Jürgen"), *looked_up("Ana"), *STARTED, "escape", "M", "until:Cleo")
    ),
    Shot("tag-composer", TAGGED[:-2]),
    Shot("review-tags-80", TAGGED, size=NARROW),
    Shot("send", CHOSEN),
    Shot("send-80", CHOSEN, size=NARROW),
    Shot("review", REVIEWED),
    Shot("receipt", (*REVIEWED, "tab", "enter", "until:accepted")),
    Shot("ledger", (*REVIEWED, "tab", "enter", "until:accepted", "escape", "6", "until:dispatch")),
    Shot("ledger-80", (*TAGGED, "tab", "enter", "until:accepted", "escape", "6", "until:accepted"), size=NARROW),
    Shot("help", ("f1", "until:Everywhere")),
    Shot("palette", ("ctrl+p", "text:cul", "until:culture")),
    Shot("profiles", ("p", "until:demo")),
)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until every pane has its answer and the screen has drawn it."""
    app = pilot.app
    assert isinstance(app, OfferdeckApp)
    for _ in range(2000):
        await pilot.pause(0.005)
        if app.subject is not None and app.subject.ticket is not None and not app.subject.is_loading:
            break
    else:
        raise TimeoutError("The customer never arrived.")
    await drawn(pilot)


async def drawn(pilot: Pilot[None]) -> None:
    """Wait until five looks in a row show the same."""
    seen: list[str] = []
    for _ in range(400):
        await pilot.pause()
        await pilot.pause(0.03)
        if getattr(pilot.app.screen, "is_rendering", False):
            continue
        seen = [*seen[-4:], screen_text(pilot.app)]
        if len(seen) == 5 and len(set(seen)) == 1:
            return


async def press(pilot: Pilot[None], key: str) -> None:
    """One step of a shot."""
    if key.startswith("text:"):
        await type_text(pilot, key[5:])
    elif key.startswith("paste:"):
        pilot.app.post_message(Paste(key[6:]))
        await pilot.pause()
    elif key.startswith("until:"):
        for _ in range(1000):
            if key[6:] in screen_text(pilot.app):
                return
            await pilot.pause(0.01)
        raise TimeoutError(f"{key[6:]!r} never showed:\n{screen_text(pilot.app)}")
    elif key == "read":
        await settled(pilot)
    else:
        await pilot.press(key)
        await pilot.pause(0.02)


async def take(shot: Shot, folder: Path) -> Path:
    """Take one picture; gives its file."""

    deck = Deck.demo(7, {"TERM": "xterm-256color"}, clock=StillClock())
    assert deck._demo is not None
    deck._demo.port = PORT
    # One plan an app is all that leaves for a picture; how many are planned before it depends on the machine.
    real, uuid.uuid4 = uuid.uuid4, lambda: uuid.UUID("9be4bcfc-49b6-4a08-b2e6-c1f0a52aed20")
    query = customer_id(Seed(7), shot.customer or "ana")
    app = OfferdeckApp(deck, profile="demo", query=query, zone=UTC, colours=shot.colours)
    try:
        async with app.run_test(size=shot.size) as pilot:
            await settled(pilot)
            assert app.desk is not None
            app.desk.last_ms = lambda service: LATENCIES_MS[service]  # type: ignore[method-assign]
            for key in shot.keys:
                await press(pilot, key)
            await drawn(pilot)
            for field in (*app.screen.query(Input), *app.screen.query(TextArea)):
                field.cursor_blink = False
                field.notify_style_update()  # Textual keeps the line as it was drawn without the caret
                field.refresh()
            app.screen.query("TopBar").refresh()
            await drawn(pilot)
            picture = svg(app)
    finally:
        uuid.uuid4 = real
        await deck.close()
    path = folder / f"{shot.name}.svg"
    path.write_text(picture, encoding="utf-8")
    return path


async def main(folder: Path) -> None:
    """Take every picture."""
    os.environ["TZ"] = "UTC"
    glyphs.use(glyphs.UNICODE)
    for shot in SHOTS:
        print(await take(shot, folder))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
