"""Customers: ids found in what a person types or pastes."""

from __future__ import annotations

import contextlib
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.customers import Customer, CustomerRef, IdKind, find_refs
from core.errors import InvalidInput
from core.sessionm.answers import customer_from_json

USER = "6F1C0A52-0000-4000-8000-00000000a001"


def kinds(text: str) -> list[tuple[IdKind, str]]:
    return [(ref.kind, ref.value) for ref in find_refs(text)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (USER, [(IdKind.USER_ID, USER)]),
        (f"  {USER}\n", [(IdKind.USER_ID, USER)]),
        ("ana@example.com", [(IdKind.EMAIL, "ana@example.com")]),
        ("Ana+news@mail.example.co.uk", [(IdKind.EMAIL, "Ana+news@mail.example.co.uk")]),
        ("CRM-000123", [(IdKind.EXTERNAL_ID, "CRM-000123")]),
        ("CRM-日本-0204", [(IdKind.EXTERNAL_ID, "CRM-日本-0204")]),
        ("CRM-[/]-0208", [(IdKind.EXTERNAL_ID, "CRM-[/]-0208")]),
        ("a/b?c", [(IdKind.EXTERNAL_ID, "a/b?c")]),
        (
            f"Ticket 4711: customer {USER} (ana@example.com) has no coupon",
            [(IdKind.USER_ID, USER), (IdKind.EMAIL, "ana@example.com")],
        ),
        ("From: Ana <ana@example.com>, please call.", [(IdKind.EMAIL, "ana@example.com")]),
        ("mailto:ana@example.com.", [(IdKind.EMAIL, "ana@example.com")]),
        ("external id: CRM-000123, called twice", [(IdKind.EXTERNAL_ID, "CRM-000123")]),
        ("member no CRM-000123 waits", [(IdKind.EXTERNAL_ID, "CRM-000123")]),
        (f"{USER} and again {USER}", [(IdKind.USER_ID, USER)]),
    ],
)
def test_ids_are_found_where_people_put_them(typed: str, expected: list[tuple[IdKind, str]]) -> None:
    assert kinds(typed) == expected


@pytest.mark.parametrize("typed", ["", "   ", "please call the customer back", "\n\n"])
def test_a_text_without_an_id_is_refused_with_what_to_type(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        find_refs(typed)
    assert "SessionM id" in refused.value.hint


@settings(deadline=None)
@given(st.uuids(), st.text(max_size=30), st.text(max_size=30), st.booleans())
def test_a_sessionm_id_is_found_in_any_text_in_its_own_case(
    user: uuid.UUID, before: str, after: str, upper: bool
) -> None:
    written = str(user).upper() if upper else str(user)
    assert CustomerRef(IdKind.USER_ID, written) in find_refs(f"{before} {written} {after}")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_ids_or_is_refused(typed: str) -> None:
    with contextlib.suppress(InvalidInput):
        found = find_refs(typed)
        assert found
        assert len(set(found)) == len(found)
        assert all(ref.value and ref.value in typed for ref in found)


def test_a_long_paste_is_read_quickly() -> None:
    assert kinds("@ " * 200_000 + "ana@example.com") == [(IdKind.EMAIL, "ana@example.com")]
    assert kinds("a-1" * 100_000 + " x") == [(IdKind.EXTERNAL_ID, "a-1" * 100_000)]


def customer(**user: object) -> Customer:
    return customer_from_json({"user": {"id": USER, **user}})


def test_a_name_falls_back_to_the_email_and_then_to_the_id() -> None:
    assert customer(first_name="Ana", last_name="Prado", email="a@example.com").name == "Ana Prado"
    assert customer(first_name=None, last_name="Prado").name == "Prado"
    assert customer(email="a@example.com").name == "a@example.com"
    assert customer().name == USER
