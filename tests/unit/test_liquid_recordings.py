"""A recorded answer beside the call that it answers: which fits, how much of it is taken, what is asked otherwise."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
URL = "https://connect.test/get_user_offers"
BODY = {"retailer_id": "r1", "user_id": "u1", "culture": "en-US", "skip": 0, "take": 1000}
HEADERS = ':headers {"authorization": "Basic x"}'
ASKED = {
    "header": "Authorization",
    "body": {"retailer_id": "r1", "user_id": "u1", "culture": "en-US"},
    "pages": {"list": "payload.user_offers", "skip": "skip", "take": "take"},
}


def rendered(body: object, headers: str = HEADERS, *, offers: int = 3, after: str = "") -> Rendered:
    """A wallet of offers 0, 1, 2 ... asked for with `body`, and their numbers printed."""
    answer = {"payload": {"user_offers": [{"n": number} for number in range(offers)], "total_records": offers}}
    recording = {"method": "POST", "url": URL, "body": answer, "asked": ASKED}
    template = (
        "{% capture b %}" + (body if isinstance(body, str) else json.dumps(body)) + "{% endcapture %}"
        "{% connected_content " + URL + " :method post " + headers + " :body {{b}} :save w %}"
        "{% for o in w.payload.user_offers %}{{ o.n }} {% endfor %}/ {{ w.payload.total_records }}" + after
    )
    data = RenderData.from_json({"connected_content": [recording]})
    return Engine().render(template, Dataset(data), connected="stub", now=NOW)


def differing(made: Rendered) -> list[str]:
    return [one.message for one in made.problems if one.rule == "connected-differs"]


def test_a_call_that_asks_for_what_is_at_hand_is_answered_without_a_word() -> None:
    made = rendered(BODY)
    assert (made.output, differing(made)) == ("0 1 2 / 3", [])


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        ({**BODY, "culture": "de-DE"}, HEADERS, 'asks for culture "de-DE"; the answer at hand is for "en-US"'),
        ({**BODY, "user_id": "nobody"}, HEADERS, 'asks for user_id "nobody"'),
        ({key: BODY[key] for key in ("culture", "user_id")}, HEADERS, "does not say retailer_id"),
        (BODY, "", "has no header Authorization"),
        ("user_id=u1", HEADERS, "sends no JSON object"),
        ("[1]", HEADERS, "sends no JSON object"),
    ],
)
def test_what_the_call_asks_otherwise_is_told(body: object, headers: str, words: str) -> None:
    (said,) = differing(rendered(body, headers))
    assert words in said


def test_a_stored_credential_is_a_header_too() -> None:
    assert differing(rendered(BODY, ":basic_auth connect")) == []


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 4))
def test_a_page_of_the_answer_is_what_the_call_takes(skip: int, take: int, offers: int) -> None:
    made = rendered({**BODY, "skip": skip, "take": take}, offers=offers)
    numbers = list(range(offers))[skip : skip + take]
    assert made.output == "".join(f"{number} " for number in numbers) + f"/ {offers}"
    paths = [one.path for one in made.reads if one.path[-1:] == ("n",)]
    assert paths == [("w", "payload", "user_offers", number, "n") for number in numbers]


@pytest.mark.parametrize("odd", [None, "2", -1, True, 2.5])
def test_a_count_that_is_none_takes_everything(odd: Any) -> None:
    assert rendered({**BODY, "take": odd}).output == "0 1 2 / 3"
