"""What Braze's pages say a rendered message must keep to, checked per channel; nothing the pages leave out is guessed.

Where a page gives kilobytes and not whether they are 1,000 or 1,024 bytes, what lies between the two is a warning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from core.channels import fields
from core.channels.checked import KILOBYTE, Checked, over_kilobytes, size_bytes
from core.channels.document import Message
from core.channels.fields import Channel
from core.channels.limits_email import email_problems, header_problems
from core.channels.limits_push import android_push_problems, ios_push_problems, web_push_problems
from core.channels.pairs import parse_pairs
from core.channels.places import Place
from core.channels.sms import MAX_SEGMENTS, count_sms
from core.profiles import is_loopback
from core.render import Problem, RenderData, Rendered

EXTRAS_REASON = "message extras over 1 KB"

_BLOCK = re.compile(r"content_blocks\.\$\{([^{}\n]{1,100})\}")
# Neither has it (Braze docs, "Supported personalization tags").
TARGETED_DEVICE = "targeted_device"
NO_TARGETED_DEVICE = (fields.EMAIL, fields.CONTENT_CARD)
_NOT_IN_APP = (
    (
        re.compile(r"\{%-?\s*connected_content\b(?:(?!%\}|\{%).)*?\s(:retry)\b", re.ASCII | re.DOTALL),
        "In-app messages are shown as they come: :retry is not available in them.",
        "Test for nil, and leave the part out or abort.",
    ),
    (
        re.compile(r"\{%-?\s*(promotion)\b", re.ASCII),
        "In-app messages of a Canvas have no promotion codes; one page says none has.",
        "Send the code in another channel.",
    ),
)
_TARGETED_DEVICE = re.compile(TARGETED_DEVICE + r"\.\$\{")


def limit_problems(
    message: Message, rendered: Mapping[str, Rendered], data: RenderData, extras: Mapping[str, str]
) -> list[Problem]:
    """What the channel's pages have against the fields that rendered; rules `limit-...` and `channel-...`."""
    known = Checked(message, rendered)
    if not known.fields:
        return []
    check = _CHECKS.get(known.channel)
    found = [*_blank(known), *_borrowed(known, data), *_extras(known, extras)]
    return [*found, *(check(known) if check else ())]


def extras_abort(channel: Channel, extras: Mapping[str, str]) -> bool:
    """Whether Braze aborts an email for its extras: 1 KB in all (channels/email/html_editor/creating_an_email_campaign;
    elsewhere longer ones are cut, liquid/advanced_filters/message_extras)."""
    return channel is fields.EMAIL and _extras_size(extras) > KILOBYTE[1]


# -- every channel


def _blank(known: Checked) -> Iterable[Problem]:
    """A blank email body or subject is an error (channels/email/html_editor/creating_an_email_campaign); an Android
    title is required, of spaces only it makes a silent push (message_and_image_formats); a webhook needs its URL."""
    for spec in known.channel.fields:
        if not spec.required or spec.name not in known.fields or known.text(spec.name).strip():
            continue
        if known.channel is fields.ANDROID_PUSH and known.text(spec.name):
            yield known.problem(
                spec.name,
                "channel-silent-push",
                "warning",
                "A title of spaces only makes a silent push.",
                "Write a title if the person is to see it.",
            )
            continue
        sure = known.channel in (fields.EMAIL, fields.ANDROID_PUSH, fields.WEBHOOK)
        yield known.problem(
            spec.name,
            "channel-blank-field",
            "error" if sure else "warning",
            f"The {spec.label} comes out blank.",
            "Give what it prints a default, or abort the message.",
        )


def _borrowed(known: Checked, data: RenderData) -> Iterable[Problem]:
    """Content Blocks have up to 50 KB (design_and_edit/content_blocks; another page says 5 MB, so this is a warning).
    Emails and Content Cards have no `targeted_device` (liquid/supported_personalization_tags)."""
    for field in known.fields.values():
        blocks: dict[str, re.Match[str]] = {}
        for match in _BLOCK.finditer(field.text):
            blocks.setdefault(match[1].strip(), match)
        for name, match in blocks.items():
            size = size_bytes(data.content_blocks.get(name, ""))
            if over := over_kilobytes(size, 50, "warning"):
                message = f"The Content Block has {size:,} bytes; the limit is 50 KB.{over[1]}"
                yield Place.in_field(field, *match.span()).problem("limit-content-block", over[0], message, "Split it.")
        device = _TARGETED_DEVICE.search(field.text)
        if device and known.channel in NO_TARGETED_DEVICE:
            yield Place.in_field(field, device.start(), device.end() - 3).problem(
                "channel-targeted-device",
                "warning",
                f"targeted_device is always empty in the {known.channel.label}.",
                "Use most_recently_used_device.",
            )


def _extras_size(extras: Mapping[str, str]) -> int:
    """Extras travel as one JSON string (liquid/advanced_filters/message_extras)."""
    return size_bytes(json.dumps(dict(extras), ensure_ascii=False, separators=(",", ":"))) if extras else 0


def _extras(known: Checked, extras: Mapping[str, str]) -> Iterable[Problem]:
    size = _extras_size(extras)
    email = known.channel is fields.EMAIL
    if over := over_kilobytes(size, 1, "error" if email else "warning"):
        becomes = "an email with more is aborted" if email else "what is beyond is cut off"
        name = next((one.name for one in known.fields.values() if "message_extras" in one.text), known.longest)
        message = f"The message extras have {size:,} bytes; the limit is 1 KB, {becomes}.{over[1]}"
        yield known.problem(name, "limit-extras", over[0], message, "Send fewer or shorter ones.")


# -- SMS, webhook, in-app, card


def _sms(known: Checked) -> Iterable[Problem]:
    """1,600 characters may be entered, 10 segments are sent (channels/sms_mms_and_rcs/billing_calculator, create)."""
    field = known.fields.get("body")
    if field is None:
        return
    if len(field.text) > 1_600:
        message = f"{len(field.text):,} characters are entered; Braze takes 1,600."
        yield known.problem("body", "limit-sms-entered", "error", message, "Shorten the text or its Liquid.")
    count = count_sms(known.text("body"))
    if count.too_long:
        message = f"The text takes {len(count.segments)} segments; Braze sends {MAX_SEGMENTS} at most."
        yield known.problem("body", "limit-sms-segments", "error", message, "Shorten it.")
    if len(count.segments) > count.gsm_segments:
        point = f"U+{ord(count.foreign):04X}"
        message = f"The character {point} is not in GSM-7, so the whole text is counted as UCS-2."
        hint = f"It takes {len(count.segments)} segments; without such characters it would take {count.gsm_segments}."
        at = field.text.find(count.foreign)
        place = Place.in_field(field, at, at + 1) if at >= 0 else known.place("body")
        yield place.problem("channel-sms-ucs2", "hint", message, hint)


def _webhook(known: Checked) -> Iterable[Problem]:
    """Ports 80 and 443 (channels/webhooks/create_a_webhook); a body that is said to be JSON should be."""
    url = known.text("url").strip()
    if url:
        yield from _address(known, url)
    yield from header_problems(known)
    kind = parse_pairs(known.text("headers")).get("content-type").lower()
    body = known.text("body")
    said = "json" in kind
    if (said or (not kind and body.lstrip()[:1] in ("{", "["))) and body.strip():
        try:
            json.loads(body, parse_int=str, parse_constant=_refuse)
        except json.JSONDecodeError as error:
            yield _no_json(known.output_place("body", error.pos), str(error), said=said)
        except ValueError as error:
            yield _no_json(known.place("body"), str(error), said=said)
        except RecursionError:
            yield _no_json(known.place("body"), "nested too deep", said=said)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _no_json(place: Place, reason: str, *, said: bool) -> Problem:
    message = f"{'The headers say JSON' if said else 'The body begins like JSON'}, but the body is none: {reason}."
    hint = "Look at the body as rendered; | json_escape keeps quotes in values from ending them."
    return place.problem("channel-webhook-json", "error" if said else "warning", message, hint)


def _address(known: Checked, url: str) -> Iterable[Problem]:
    try:
        parts = urlsplit(url)
        port = parts.port
        fault = "" if parts.hostname else "it names no host"
    except ValueError as error:
        parts, port, fault = urlsplit(""), None, str(error)
    if space := re.search(r"\s", url):
        message = f"An address holds no spaces, and this one does: {url[:60]!r}"
        at = known.text("url").find(url) + space.start()
        hint = "Let | url_param_escape stand behind what may hold one, or write %20."
        yield known.output_place("url", at).problem("channel-webhook-url", "error", message, hint)
    elif fault or not parts.hostname or parts.scheme not in ("http", "https"):
        scheme = url.partition("://")[0].lower() if "://" in url else ""
        message = f"This is no address of a web service, {_why_not(scheme, fault)}: {url[:60]!r}"
        yield known.problem("url", "channel-webhook-url", "error", message, "Write https://host/path.")
    elif is_loopback(parts.hostname):
        message = f"{parts.hostname} is this machine: a sandbox stands in for the service here."
        yield known.problem("url", "channel-webhook-here", "hint", message, "Braze needs the service's own address.")
    elif port not in (None, 80, 443):
        message = f"Braze calls ports 80 and 443 only, not {port}."
        yield known.problem("url", "channel-webhook-port", "error", message, "Leave the port out.")


def _why_not(scheme: str, fault: str) -> str:
    if not scheme:
        return "for it does not begin with https://"
    if scheme not in ("http", "https"):
        return f"for webhooks call http and https only, not {scheme[:20]}"
    return fault


def _in_app_message(known: Checked) -> Iterable[Problem]:
    """Advice: 1 to 2 lines of header, up to 3 of body (channels/in_app_messages/creative_details); no :retry (Connected
    Content retries); no promotion codes in those of a Canvas, one page says in none (Promotion codes)."""
    for field in known.fields.values():
        for pattern, message, hint in _NOT_IN_APP:
            if found := pattern.search(field.text):
                yield Place.in_field(field, *found.span(1)).problem("channel-in-app-tag", "warning", message, hint)
    for name, most in (("header", 2), ("body", 3)):
        lines = len(known.text(name).strip().split("\n"))
        if lines > most:
            message = f"The {name} has {lines} lines; Braze advises {most} at most."
            yield known.problem(name, "limit-in-app-lines", "hint", message, "Shorten it.")


def _content_card(known: Checked) -> Iterable[Problem]:
    """A card over 2 KB is not sent: "Content Card invalid" (channels/content_cards/creative_details, diagnostics). What
    else is in a card is not known, so its texts alone are counted."""
    size = sum(size_bytes(known.text(name)) for name in known.fields)
    if over := over_kilobytes(size, 2, "error"):
        message = f'The texts have {size:,} bytes; a card over 2 KB is not sent ("Content Card invalid").{over[1]}'
        yield known.problem(known.longest, "limit-card-size", over[0], message, "Shorten the message.")


_CHECKS: dict[Channel, Callable[[Checked], Iterable[Problem]]] = {
    fields.EMAIL: email_problems,
    fields.IOS_PUSH: ios_push_problems,
    fields.ANDROID_PUSH: android_push_problems,
    fields.WEB_PUSH: web_push_problems,
    fields.SMS: _sms,
    fields.WEBHOOK: _webhook,
    fields.IN_APP_MESSAGE: _in_app_message,
    fields.CONTENT_CARD: _content_card,
}
