"""Message bodies with raw Liquid, as marketers write them for this integration."""

from __future__ import annotations

from typing import Any

WALLET_CALL = """{% capture wallet_body %}{"retailer_id":"@RETAILER@","user_id":"{{${user_id}}}","skip":0,"take":1000,\
"include_pending_extended_data":false,"culture":"{{${language} | default: 'en-US'}}"}{% endcapture %}
{% connected_content @CONNECT@/offers/api/2.0/offers/get_user_offers :method post :headers {"Authorization": \
"Basic {{content_blocks.${connect_authorization}}}"} :body {{wallet_body}} :content_type application/json \
:save wallet %}
"""

EXPIRING = (
    WALLET_CALL
    + """{% assign wanted = {{api_trigger_properties.${offer_id}}} %}
{% assign mine = wallet.payload.user_offers | where: "offer_id", wanted | first %}
{% if mine == nil or mine.redeem_date %}{% abort_message('offer is no longer in the wallet') %}{% endif %}
<p>Hello {{${first_name} | default: 'there'}},</p>
<p><b>{{api_trigger_properties.${offer_title}}}</b> is yours until {{mine.expiration_date | date: "%B %e"}}.</p>
<p>You have {{wallet.payload.available_points}} points.</p>
"""
)

DIGEST = (
    WALLET_CALL
    + """<h1>Your offers, {{${first_name} | default: 'friend'}}</h1>
<ul>{% for offer in wallet.payload.user_offers %}{% if offer.is_redeemable %}
<li>{{offer.name}}{% if offer.expiration_date %}, until {{offer.expiration_date | date: "%d.%m.%Y"}}{% endif %}</li>
{% endif %}{% endfor %}</ul>
<p>{{wallet.payload.total_records}} in all, {{wallet.payload.available_points}} points.</p>
"""
)

TAG_URL = "@CORE@/priv/v1/apps/{{content_blocks.${appkey_core}}}/users/{{${user_id}}}/tags"


def email(subject: str, body: str, *, name: str = "Variant 1", preheader: str = "") -> dict[str, Any]:
    """An email message."""
    return {
        "channel": "email",
        "name": name,
        "subject": subject,
        "body": body,
        "preheader": preheader,
        "from": "Brightleaf <hello@example.com>",
        "reply_to": "hello@example.com",
        "custom_plain_text": None,
        "amp_body": None,
        "extras": {},
        "should_inline_css": True,
    }


def push(title: str, alert: str, *, name: str = "Variant 1", channel: str = "ios_push") -> dict[str, Any]:
    """A push message; campaigns keep the text in `alert`."""
    return {
        "channel": channel,
        "name": name,
        "title": title,
        "alert": alert,
        "action": None,
        "extras": {},
        "image_url": None,
    }


def sms(body: str, *, name: str = "Variant 1") -> dict[str, Any]:
    """A text message."""
    return {
        "channel": "sms",
        "name": name,
        "body": body,
        "from": ["+15035550100"],
        "subscription_group_id": "sms-offers",
    }


def webhook(url: str, body: str, *, name: str = "Variant 1") -> dict[str, Any]:
    """A webhook message with a raw JSON body."""
    headers = {"Content-Type": "application/json", "Authorization": "Basic {{content_blocks.${core_authorization}}}"}
    return {
        "channel": "webhook",
        "name": name,
        "url": url,
        "body": body,
        "type": "raw",
        "method": "POST",
        "headers": headers,
    }


def generated(channel: str, theme: str, text: str) -> dict[str, Any]:
    """A message on a theme, whose text names trigger properties."""
    if channel == "email":
        return email(
            theme + ", {{${first_name} | default: 'friend'}}", f"<p>{text}</p>\n<p>{theme}. Terms: {PROPERTY_TERMS}</p>"
        )
    if channel == "sms":
        return sms(f"{theme}: {text} Reply STOP to opt out.")
    if channel == "webhook":
        return webhook(TAG_URL, '{"tags": ["' + theme.lower().replace(" ", "_") + '"], "ttl": 2592000}')
    return push(theme, text, channel=channel)


PROPERTY_TERMS = "{{api_trigger_properties.${offer_terms} | default: 'see our shops'}}"
