"""Templates to begin with, for this profile: what a tenant keeps secret is named as a Content Block, never held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.messages import Draft
from core.profiles import Profile


@dataclass(frozen=True, slots=True)
class Starter:
    """A template to begin with."""

    name: str
    words: str
    text: str


def starters(profile: Profile | None) -> tuple[Starter, ...]:
    """Templates for this profile: the live wallet, a triggered offer, a tag webhook (Braze docs, partner page
    "SessionM", parts B, C and A), and the wallet in short for a push, a text and a card.
    """
    connect = profile.connect_url if profile else "{{endpoint_connect}}"
    core = profile.core_url if profile else "{{endpoint_core}}"
    retailer = profile.retailer_id if profile else "RETAILER-ID"
    culture = profile.culture if profile else "en-US"
    fill = {"@WALLET@": _WALLET, "@CONNECT@": connect, "@CORE@": core, "@RETAILER@": retailer, "@CULTURE@": culture}
    return tuple(replace(one, text=_filled(one.text, fill)) for one in _STARTERS)


def draft_from_starter(starter: Starter) -> Draft:
    """A starter as a new draft."""
    return Draft(starter.name, starter.text, "starter", None, is_saved=False)


def _filled(text: str, values: Mapping[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


_WALLET = """\
{% capture wallet_body %}
{"retailer_id": "@RETAILER@",
"user_id": "{{${user_id}}}", "culture": "@CULTURE@",
"skip": 0, "take": 1000, "include_pending_extended_data": false}
{% endcapture %}
{% connected_content
@CONNECT@/offers/api/2.0/offers/get_user_offers
   :method post
   :headers {"Authorization": "Basic {{content_blocks.${connect_authorization}}}"}
   :body {{wallet_body}}
   :content_type application/json
   :save wallet
%}
{% if wallet.payload == nil or wallet.payload.total_records == 0 %}
  {% abort_message('the wallet is empty') %}
{% endif %}
"""

_EMAIL = """\
--- email ---
--- subject ---
{{${first_name} | default: 'Friend'}}, your offers are waiting
--- preheader ---
What runs out first, and when
--- html ---
@WALLET@<h1>Hi {{${first_name} | default: 'there'}}</h1>
<p>You have {{wallet.payload.available_points}} points.</p>
<ul>
{% for offer in wallet.payload.user_offers limit:3 %}
  <li>{{offer.name}} until {{offer.expiration_date | date: '%d %b'}}</li>
{% endfor %}
</ul>
"""

_PUSH = """\
--- ios_push ---
--- title ---
{{api_trigger_properties.${offer_title}}} is yours
--- body ---
Hi {{${first_name} | default: 'there'}}, use it until {{api_trigger_properties.${expiration_date} | date: '%d %b'}}.
"""

_SMS = """\
--- sms ---
@WALLET@{%- assign offer = wallet.payload.user_offers | first -%}
{{offer.name}} is in your wallet until {{offer.expiration_date | date: '%d %b'}}. Reply STOP to opt out.
"""

_CARD = """\
--- content_card ---
--- header ---
{{api_trigger_properties.${offer_title}}}
--- body ---
{{api_trigger_properties.${description} | truncate: 120}}
"""

_TAG = """\
--- webhook ---
--- url ---
@CORE@/priv/v1/apps/{{content_blocks.${appkey_core}}}/users/{{${user_id}}}/tags
--- method ---
POST
--- headers ---
Content-Type: application/json
Authorization: Basic {{content_blocks.${core_authorization}}}
--- body ---
{"tags": ["winback_q3"], "ttl": 2592000}
"""

_STARTERS = (
    Starter("live-wallet.liquid", "an email that reads the wallet", _EMAIL),
    Starter("wallet-snippet.liquid", "the call alone, to paste", _WALLET),
    Starter("offer-push.liquid", "a triggered push about one offer", _PUSH),
    Starter("offer-card.liquid", "a triggered card about one offer", _CARD),
    Starter("wallet-sms.liquid", "a text about the first offer", _SMS),
    Starter("tag-webhook.liquid", "tags the customer in SessionM", _TAG),
)
