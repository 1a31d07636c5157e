"""What Braze's pages say a push message must keep to, and how much of it devices show."""

from __future__ import annotations

from collections.abc import Iterable

from core.channels.checked import Checked, over_kilobytes, size_bytes
from core.channels.pairs import parse_pairs, unread_words
from core.readable import is_html
from core.render import Problem

# Browser and system, characters of the title, characters of the body (Braze docs,
# channels/push/create_a_push_message/message_and_image_formats).
_WEB_PUSH = (
    ("Chrome on Android", 35, 50),
    ("Firefox on Android", 35, 50),
    ("Chrome, Edge and Opera on Windows", 50, 120),
    ("Firefox on Windows", 54, 200),
    ("Chrome on macOS", 35, 50),
    ("Safari on macOS", 38, 84),
    ("Firefox and Opera on macOS", 38, 42),
)


def _payload(known: Checked, kilobytes: int) -> Iterable[Problem]:
    """Payloads: 2 KB since iOS 8, 4 KB for FCM (message_and_image_formats). What Braze adds itself is not known, so
    this counts the message's own texts and is a warning."""
    size = sum(size_bytes(known.text(name)) for name in known.fields)
    if over := over_kilobytes(size, kilobytes, "warning"):
        message = f"The texts alone have {size:,} bytes; the push payload is limited to {kilobytes} KB (an estimate)."
        yield known.problem(known.longest, "limit-push-payload", over[0], message + over[1], "Shorten it.")


def _first_over(known: Checked, limits: Iterable[tuple[int, str, str]], within: str) -> Iterable[Problem]:
    """The hint for the widest place that does not show all of the body; `limits` go from the widest on."""
    length = len(known.text("body"))
    for most, place, rule in limits:
        if length > most:
            message = f"The body has {length} characters; {place} shows about {most}{within}."
            yield known.problem("body", rule, "hint", message, "Say what matters first.")
            return


def _values(known: Checked) -> Iterable[Problem]:
    """A push may have key-value pairs (message_and_image_formats): what is none does not go along."""
    pairs = parse_pairs(known.text("values"))
    if pairs.unread:
        message, hint = unread_words(pairs, "key-value pair")
        yield known.output_place("values", pairs.at).problem("channel-bad-pair", "warning", message, hint)


def ios_push_problems(known: Checked) -> Iterable[Problem]:
    """Advice: 160 characters on the lock screen and in the notification centre, 80 in a banner, with a picture 130 and
    65; plain text only (message_and_image_formats, ios/rich_notifications)."""
    rich = bool(known.text("image").strip())
    screen, banner = (130, 65) if rich else (160, 80)
    yield from _first_over(
        known,
        ((screen, "the lock screen", "limit-ios-lock-screen"), (banner, "a banner", "limit-ios-banner")),
        " beside a picture" if rich else "",
    )
    yield from _payload(known, 2)
    yield from _values(known)
    if is_html(known.text("body")):
        message = "iOS shows the body as plain text, with its tags."
        yield known.problem("body", "channel-plain-text", "warning", message, "Take the HTML out.")


def android_push_problems(known: Checked) -> Iterable[Problem]:
    """49 characters on the lock screen, 597 in the drawer (message_and_image_formats)."""
    yield from _first_over(
        known,
        (
            (597, "the notification drawer", "limit-android-drawer"),
            (49, "the lock screen", "limit-android-lock-screen"),
        ),
        "",
    )
    yield from _payload(known, 4)
    yield from _values(known)


def web_push_problems(known: Checked) -> Iterable[Problem]:
    """Title and body by browser (message_and_image_formats)."""
    for column, name, rule in ((1, "title", "limit-web-title"), (2, "body", "limit-web-body")):
        length = len(known.text(name))
        most = {str(row[0]): int(row[column]) for row in _WEB_PUSH}
        cutting = [browser for browser, limit in most.items() if length > limit]
        if cutting:
            tightest = min(cutting, key=lambda browser: most[browser])
            message = f"The {name} has {length} characters; {tightest} shows {most[tightest]}."
            hint = f"Cut by {'; '.join(f'{browser} ({most[browser]})' for browser in cutting)}."
            yield known.problem(name, rule, "hint", message, hint)
