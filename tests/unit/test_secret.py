"""A secret cannot be printed by accident."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from dataclasses import asdict, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.secret import MASK, Secret

CANARY = "CANARY-s3cret"


@dataclass
class Holder:
    """What a settings object looks like."""

    secret: Secret


def test_no_way_of_showing_it_shows_it() -> None:
    secret = Secret(CANARY)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>20}",
        "%s %r" % (secret, secret),  # noqa: UP031
        format(secret, ">9"),
    ]
    shown += [repr([secret]), repr(Holder(secret)), ascii(secret), f"{secret:x<30}", repr({secret: secret})]
    assert not any(CANARY in text for text in shown) and all(MASK in text or "\\u2022" in text for text in shown)


@pytest.mark.parametrize(
    "leak", [pickle.dumps, copy.copy, copy.deepcopy, lambda secret: asdict(Holder(secret)), json.dumps, vars, bytes]
)
def test_it_cannot_be_copied_or_packed(leak: object) -> None:
    with pytest.raises(TypeError) as caught:
        leak(Secret(CANARY))  # type: ignore[operator]
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_traceback_with_locals_does_not_show_it() -> None:
    try:
        secret = Secret(CANARY)
        raise ValueError(secret)
    except ValueError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "secret = •••" in shown
    assert CANARY not in shown.replace("secret = Secret(CANARY)", "")


@given(st.text(), st.text())
def test_secrets_are_equal_when_their_values_are(one: str, two: str) -> None:
    assert (Secret(one) == Secret(two)) is (one == two)
    assert Secret(one) != one and bool(Secret(one)) is bool(one) and Secret(one).reveal() == one
    assert hash(Secret(one)) == hash(Secret(one))
