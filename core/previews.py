"""What a message may read of a customer: Braze's attributes and the wallet, laid out for a render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.customers import BrazeLink, Customer
from core.render import RenderData
from core.shapes import mapping, rows
from core.wallets import Wallet

# Braze docs, "Supported personalization tags", and under which name /users/export/ids gives each.
_EXPORTED = {
    "city": "home_city",
    "country": "country",
    "date_of_birth": "dob",
    "email_address": "email",
    "first_name": "first_name",
    "gender": "gender",
    "language": "language",
    "last_name": "last_name",
    "phone_number": "phone",
    "time_zone": "time_zone",
    "user_id": "external_id",
    "braze_id": "braze_id",
    "random_bucket_number": "random_bucket",
}


def customer_attributes(customer: Customer | None, link: BrazeLink | None) -> dict[str, Any]:
    """`${first_name}` and its like: what Braze holds; where Braze holds nothing of the person, what SessionM knows.

    Absent and null values are left out, so that a template's default applies as it would in Braze.
    """
    if link is not None and link.user is not None:
        found = {name: link.user.document.get(field) for name, field in _EXPORTED.items()}
    elif customer is not None:
        found = _from_sessionm(customer)
    else:
        found = {}
    return {name: value for name, value in found.items() if value is not None and value != ""}


def _from_sessionm(customer: Customer) -> dict[str, Any]:
    user = mapping(customer.document.get("user"))
    return {
        "city": user.get("city"),
        "country": user.get("country"),
        "date_of_birth": user.get("dob"),
        "email_address": user.get("email", customer.email),
        "first_name": user.get("first_name", customer.first_name),
        "gender": user.get("gender"),
        "language": customer.locale.replace("_", "-").partition("-")[0],
        "last_name": user.get("last_name", customer.last_name),
        "phone_number": next((row.get("phone_number") for row in rows(user.get("phone_numbers"))), None),
        "user_id": user.get("id", customer.user_id),
    }


def with_customer(
    data: RenderData,
    *,
    customer: Customer | None = None,
    link: BrazeLink | None = None,
    wallet: Wallet | None = None,
    properties: Mapping[str, Any] | None = None,
) -> RenderData:
    """`data` completed by a customer: what `data` says itself stands, the rest is filled in.

    The wallet becomes the variable `wallet`, as Connected Content saves it (Braze docs, partner page "SessionM"); it
    stands in for that call only, for no message has it otherwise. `properties` become `api_trigger_properties`.
    """
    namespaces = dict(data.namespaces)
    if link is not None and link.user is not None and link.user.custom_attributes:
        namespaces["custom_attribute"] = {**link.user.custom_attributes, **namespaces.get("custom_attribute", {})}
    if properties:
        given = namespaces.get("api_trigger_properties", {})
        namespaces["api_trigger_properties"] = {**properties, **given}
    variables, stand_ins = dict(data.variables), data.stand_ins
    if wallet is not None and "wallet" not in variables:
        variables["wallet"] = wallet.document
        stand_ins = (*stand_ins, "wallet")
    attributes = {**customer_attributes(customer, link), **data.attributes}
    return replace(data, attributes=attributes, namespaces=namespaces, variables=variables, stand_ins=stand_ins)
