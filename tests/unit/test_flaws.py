"""What is wrong with a message that came out all the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from core.flaws import count_errors, hole_words, holes, shows_expired
from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
URL = "https://connect.example.com/offers/api/2.0/offers/get_user_offers"
TEA = {"name": "Tea", "expiration_date": "2026-11-21T00:00:00Z"}
CAKE = {"name": "Cake", "expiration_date": "2026-12-01T00:00:00Z"}


def made(template: str, **raw: Any) -> tuple[Rendered, RenderData]:
    data = RenderData.from_json(raw)
    return Engine().render(template, Dataset(data), connected="stub", now=NOW), data


def expired(template: str, **raw: Any) -> str:
    return shows_expired(*made(template, **raw), NOW)


def wallet(*offers: dict[str, str]) -> dict[str, Any]:
    return {"payload": {"user_offers": [*offers]}}


def test_errors_are_those_told_and_those_that_are_printed_though_nobody_is_told() -> None:
    twice = "{% for a in (1..3) %}{{ 5 | divided_by: 0 }}{% endfor %}{% if a === 1 %}{% endif %}"
    assert count_errors(made(twice)[0]) == 2
    assert count_errors(made("<!-- offerdeck ignore liquid-error -->{{ 5 | divided_by: 0 }}")[0]) == 1
    assert count_errors(made("{{ ${first_name} | default: \u2018x\u2019 }}", attributes={"first_name": "Bo"})[0]) == 1
    assert count_errors(made("Hi {{ ${nix} }}", attributes={"first_name": "Bo"})[0]) == 0


def test_a_place_that_prints_nothing_for_anybody_is_a_hole_and_a_condition_is_none() -> None:
    template = "Hi {{ ${first_name} }}{% if ${last_name} == 'x' %}!{% endif %}{{ ${city} | default: 'here' }}"
    found = holes(made(template, attributes={"gender": "f"})[0])
    assert hole_words(found) == "1 hole: 1:7 ${first_name} prints nothing"
    assert holes(made(template, attributes={"first_name": "Bo"})[0]) == ()
    assert hole_words(()) == ""


def test_what_is_null_here_and_printed_beside_is_a_hole() -> None:
    template = "until {{ context.${end} }}"
    full, null = made(template, context={"end": "May"})[0], made(template, context={"end": None})[0]
    assert len(holes(null, full)) == 1
    assert holes(full, null) == ()


def test_a_hole_in_one_turn_of_a_loop_is_none() -> None:
    template = "{% for offer in wallet.payload.user_offers %}{{ offer.name }}{% endfor %}"
    assert holes(made(template, variables={"wallet": wallet({"expiration_date": "x"}, TEA)})[0]) == ()


def test_only_an_offer_that_has_ended_and_is_printed_is_told() -> None:
    first = "{{ wallet.payload.user_offers[0].name }}"
    assert expired(first, variables={"wallet": wallet(TEA, CAKE)}) == (
        "shows expired offers: nothing tests expiration_date"
    )
    assert not expired(first, variables={"wallet": wallet(CAKE, TEA)})
    last = "{% assign offer = wallet.payload.user_offers | sort: 'expiration_date' | last %}{{ offer.name }}"
    assert not expired(last, variables={"wallet": wallet(TEA, CAKE)})
    assert not expired("{{ wallet.payload.user_offers[0].expiration_date }}", variables={"wallet": wallet(TEA)})
    other = "{{ wallet.payload.user_offers[0].subtitle | default: 'An offer' }}"
    assert not expired(other, variables={"wallet": wallet(TEA)})


def test_the_answer_of_a_call_is_looked_at_and_not_the_variable_of_its_name() -> None:
    template = f"{{% connected_content {URL} :save wallet %}}{{{{ wallet.payload.user_offers[0].name }}}}"
    for body in (wallet(TEA), json.dumps(wallet(TEA))):
        call = {"url": URL, "status": 200, "body": body}
        assert expired(template, connected_content=[call], variables={"wallet": wallet(CAKE)})
    call = {"url": URL, "status": 200, "body": wallet(CAKE)}
    assert not expired(template, connected_content=[call], variables={"wallet": wallet(TEA)})


def test_a_bag_of_properties_is_an_offer_where_it_has_an_end() -> None:
    template = "{{ context.${offer_title} }}"
    assert expired(template, context={"offer_title": "Tea", "expiration_date": "2026-11-21T00:00:00Z"})
    assert not expired(template, context={"offer_title": "Tea", "expiration_date": "soon"})
    assert not expired(template, context={"offer_title": "Tea"})
