"""The dialect against bare python-liquid, with Ruby's and Node's engines beside it: parsing and rendering."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.bench.liquid_peers import Peer, peers
from tests.bench.measure import Comparison, NotThere, in_turns

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WARM = 5  # turns that are not kept: Node compiles what it has seen often

SMALL = (
    "Hi {{ user.first_name | default: 'friend' }}, you have {{ wallet.payload.available_points }} points"
    "{% if wallet.payload.available_points > 100 %} and {{ wallet.payload.user_offers[0].name }}{% endif %}."
)
OFFERS = """<ul>{% for offer in wallet.payload.user_offers %}
  <li class="{% if offer.is_redeemable %}on{% else %}off{% endif %}">{{ forloop.index }}. {{ offer.name | upcase }}
    {%- if offer.points > 50 and offer.type == "reward" %} for {{ offer.points }} points{% endif %}
    until {{ offer.expiration_date }}</li>{% endfor %}</ul>"""
SECTION = """<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td style="padding:16px 24px">
{% assign offer = wallet.payload.user_offers[3] %}{% if offer.points >= 40 and user.first_name != blank %}
<h2 style="font:700 20px/28px Arial;color:#111">{{ offer.name | upcase }}, {{ user.first_name | default: "you" }}</h2>
<p style="font:400 14px/20px Arial;color:#444444">Only {{ offer.points | times: 2 | plus: 1 }} points, and
yours until {{ offer.expiration_date | slice: 0, 10 }}. {% unless offer.is_redeemable %}Soon!{% endunless %}</p>
{% else %}<p>Nothing today, {{ user.first_name }}.</p>{% endif %}
{% case user.language %}{% when "de" %}Guten Tag{% when "fr", "it" %}Bonjour{% else %}Hello{% endcase %}
<a href="https://shop.test/o/{{ offer.id }}?lang={{ user.language | url_encode }}">{{ offer.type | capitalize }}</a>
</td></tr></table>
"""
EMAIL = SECTION * (50_000 // len(SECTION) + 1)


class Case(NamedTuple):
    """A thing to measure: how often in one turn, and the highest ratio to bare python-liquid that is met."""

    name: str
    what: str
    template: str
    times: int
    goal: float
    fresh: bool = False

    def text(self, turn: int) -> str:
        """What is parsed in a turn: the template with another end or, `fresh`, with names never used."""
        if not self.fresh:
            return f"{self.template}{turn}"
        rows = self.template.split(SECTION[:6])
        return "".join(
            row.replace("offer", f"offer{turn}n{n}").replace("user.", f"u{turn}n{n}.") for n, row in enumerate(rows)
        )


CASES = (
    Case("parse 50 KB, typed on", "parse", EMAIL, 1, 0.5),
    Case("parse 50 KB, never seen", "parse", EMAIL, 1, 0.5, fresh=True),
    Case("render small", "render", SMALL, 500, 1.15),
    Case("render 1,000 offers", "render", OFFERS, 3, 1.15),
    Case("render 50 KB", "render", EMAIL, 20, 1.15),
)
RUBY_GOAL = 1.3  # 1,000 offers


def variables() -> dict[str, Any]:
    """A customer and a wallet of 1,000 offers."""
    rows = [
        {
            "id": f"c8f0aa31-{number:04d}",
            "name": f"Offer number {number}",
            "type": "reward" if number % 2 else "coupon",
            "points": number % 100,
            "is_redeemable": number % 3 == 0,
            "expiration_date": "2026-12-01T22:59:00Z",
        }
        for number in range(1_000)
    ]
    wallet = {"status": "ok", "payload": {"available_points": 120, "user_offers": rows}}
    return {"wallet": wallet, "user": {"first_name": "Ann", "language": "de"}}


def liquid(turns: int = 40) -> list[Comparison]:
    """Parse 50 KB, then render three templates that every engine takes and prints alike."""
    try:
        import core.liquid.engine  # noqa: F401
    except ImportError as error:
        raise NotThere("core.liquid.engine does not exist yet.") from error
    data = variables()
    compared = []
    with peers() as (others, missing):
        for case in CASES:
            compared += _compared(case, data, others, missing, turns)
    return compared


def _compared(case: Case, data: Any, others: list[Peer], missing: list[str], turns: int) -> list[Comparison]:
    (ours, text), (bare, _) = _ours(case, data), _bare(case, data)
    sides, notes = [("offerdeck", ours), ("python-liquid", bare)], [*missing]
    for peer in others:
        try:
            _, printed = peer.run(case.what, case.template, data, times=1, turn=0)
        except NotThere as reason:
            notes.append(f"{reason} (not measured)")
            continue
        if printed != text:
            notes.append(f"{peer.name} prints another text")
        sides.append((peer.name, _peer(peer, case, data)))
    ours_side, floor, *rest = in_turns(turns, sides, warm=WARM)
    compared = [Comparison(f"Liquid, {case.name}", ours_side, floor, case.goal, tuple(rest), notes=tuple(notes))]
    ruby = next((side for side in rest if side.name == "ruby-liquid"), None)
    if ruby is not None and case.template is OFFERS:
        compared.append(Comparison(f"Liquid, {case.name}, beside Ruby", ours_side, ruby, RUBY_GOAL))
    return compared


def _timed(work: Callable[[int], object], times: int) -> Callable[[], float]:
    turn = iter(range(1_000_000_000))

    def once() -> float:
        number = next(turn)
        begun = time.perf_counter()
        for _ in range(times):
            work(number)
        return (time.perf_counter() - begun) * 1000 / times

    return once


def _ours(case: Case, data: Any) -> tuple[Callable[[], float], str]:
    from core.liquid.engine import Dataset, Engine
    from core.render import RenderData

    engine, dataset = Engine(), Dataset(RenderData(variables=data))
    if case.what == "parse":
        return _timed(lambda turn: engine.parse(case.text(turn)), case.times), ""
    rendered = engine.render(case.template, dataset, connected="off", now=NOW)
    assert rendered.status == "rendered" and not rendered.problems, rendered.problems
    render = _timed(lambda _: engine.render(case.template, dataset, connected="off", now=NOW), case.times)
    return render, rendered.output


def _bare(case: Case, data: Any) -> tuple[Callable[[], float], str]:
    from liquid import Environment

    environment = Environment()
    if case.what == "parse":
        return _timed(lambda turn: environment.from_string(case.text(turn)), case.times), ""
    template = environment.from_string(case.template)
    return _timed(lambda _: template.render(**data), case.times), template.render(**data)


def _peer(peer: Peer, case: Case, data: Any) -> Callable[[], float]:
    turn = iter(range(1, 1_000_000_000))
    return lambda: peer.run(case.what, case.template, data, times=case.times, turn=next(turn))[0]
