"""What Braze's pages say an email must keep to."""

from __future__ import annotations

from collections.abc import Iterable

from core.channels import fields
from core.channels.checked import Checked, over_kilobytes, size_bytes
from core.channels.limits_html import html_problems
from core.channels.pairs import parse_pairs, unread_words
from core.render import Problem, Severity

_RESERVED_HEADERS = frozenset(
    (
        *("from", "to", "subject", "reply-to", "cc", "bcc", "mime-version", "content-type"),
        *("content-transfer-encoding", "dkim-signature", "received", "x-sg-eid", "x-sg-id"),
    )
)


def email_problems(known: Checked) -> Iterable[Problem]:
    """Body over 400 KB: an error in the editor; under 102 KB is advised (channels/email/html_editor/
    creating_an_email_campaign, best_practices/email_guidelines)."""
    size = size_bytes(known.text("html"))
    advice = "Mail programs cut long ones; Braze advises less than 102 KB."
    if over := over_kilobytes(size, 400, "error"):
        message = f"The HTML body has {size:,} bytes; the limit is 400 KB.{over[1]}"
        yield known.problem("html", "limit-email-size", over[0], message, advice)
    elif over := over_kilobytes(size, 102, "hint"):
        message = f"The HTML body has {size:,} bytes; Braze advises less than 102 KB.{over[1]}"
        yield known.problem("html", "limit-email-advice", over[0], message, "Shorten it, or load pictures from links.")
    yield from _sender(known)
    yield from header_problems(known)
    if "html" in known.fields:
        yield from html_problems(known.fields["html"], known.text("html"))


def parse_sender(text: str) -> tuple[str, str]:
    """The name and the address of `Name <address>`; a lone address or a lone name leaves the other empty."""
    text = " ".join(text.split())
    if text.endswith(">") and "<" in text:
        name, _, address = text[:-1].rpartition("<")
        return name.strip().strip('"'), address.strip()
    return ("", text) if "@" in text else (text, "")


def _sender(known: Checked) -> Iterable[Problem]:
    """From name and address go together, the address holds no Unicode (creating_an_email_campaign)."""
    name, address = parse_sender(known.text("from"))
    if (name or address) and not (name and address):
        missing = "address" if name else "name"
        yield known.problem(
            "from",
            "channel-from-pair",
            "warning",
            f"The from field has no {missing}; Braze takes name and address together.",
            "Write Name <address@example.com>.",
        )
    if not address.isascii():
        strange = next(character for character in address if not character.isascii())
        yield known.problem(
            "from",
            "channel-from-unicode",
            "error",
            f"The from address holds {strange!a}, which is not ASCII.",
            "Use an address of ASCII characters; the name may hold any.",
        )


def header_problems(known: Checked) -> Iterable[Problem]:
    """Twice the same key is an error in an email, some keys are overwritten (creating_an_email_campaign)."""
    if "headers" not in known.fields:
        return
    pairs = parse_pairs(known.text("headers"))
    email = known.channel is fields.EMAIL
    if pairs.unread:
        message, hint = unread_words(pairs, "header")
        yield known.output_place("headers", pairs.at).problem("channel-bad-header", "warning", message, hint)
    for name in pairs.repeated:
        message = f"The header {name[:60]!r} is given more than once."
        severity: Severity = "error" if email else "warning"
        yield known.problem("headers", "channel-duplicate-header", severity, message, "Keep one of them.")
    reserved = dict.fromkeys(name for name, _ in pairs.items if name.lower() in _RESERVED_HEADERS)
    if email and reserved:
        message = f"Braze overwrites {', '.join(reserved)}."
        yield known.problem("headers", "channel-reserved-header", "warning", message, "Leave it out.")
