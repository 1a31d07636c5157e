"""A message being written: its draft, what to start from, and the data that a customer gives it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.admission import PLACEHOLDERS, WALLET_PATH
from core.channels.document import compose
from core.channels.fields import EMAIL, find_channel
from core.errors import InvalidInput
from core.moments import age_words
from core.offers import Offer
from core.previews import with_customer
from core.profiles import Profile
from core.render import MessageKind, RenderData
from core.sends import Target, TargetKind, offer_properties
from core.strictjson import typed_json
from core.subjects import Subject
from core.templates import BrazeMessage, EmailTemplate
from core.wallets import SortBy, sorted_offers

UNTITLED = "untitled.liquid"
WORKING = "message"  # the draft that is being typed
_SHELF = "message shelf"  # the names of the drafts that were saved
_SAVED = "message saved "  # before the name of each
_MOST_OF_FOLDER = 12


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file that was opened: its full path, no part of it a symbolic link, and the SHA-256 of what it held."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A template being written. `origin` says in words where it began; `trigger` what kind of send it belongs to.

    What has a `file` is saved there, and its name is the file's.
    """

    name: str = UNTITLED
    text: str = ""
    origin: str = ""
    trigger: TargetKind | None = None
    is_saved: bool = True
    file: FileMark | None = None

    @property
    def is_untitled(self) -> bool:
        """Whether nobody has named it yet."""
        return self.name == UNTITLED

    def to_text(self) -> str:
        """As a draft file keeps it."""
        told = {"name": self.name, "origin": self.origin, "trigger": self.trigger, "saved": self.is_saved}
        file = {"path": self.file.path, "digest": self.file.digest} if self.file else None
        return json.dumps({**told, "file": file, "text": self.text}, ensure_ascii=True, indent=1)

    @classmethod
    def from_text(cls, content: str) -> Draft:
        """The inverse of `to_text()`; a file that is something else is taken for the template itself."""
        try:
            raw = json.loads(content)
        except (ValueError, RecursionError):
            raw = None
        if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
            return cls(text=content, is_saved=False)
        name, origin, trigger = raw.get("name"), raw.get("origin"), raw.get("trigger")
        return cls(
            name=name if isinstance(name, str) and name else UNTITLED,
            text=raw["text"],
            origin=origin if isinstance(origin, str) else "",
            trigger=TargetKind(trigger) if trigger in tuple(TargetKind) else None,
            is_saved=raw.get("saved") is True,
            file=_mark_of(raw.get("file")),
        )


def _mark_of(raw: object) -> FileMark | None:
    if not isinstance(raw, dict):
        return None
    path, digest = raw.get("path"), raw.get("digest")
    return FileMark(path, digest) if isinstance(path, str) and isinstance(digest, str) else None


def one_kind_of_break(text: str) -> str:
    """`text` with every line break an LF, so that lines and columns mean the same to the editor and the renderer."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_draft_name(text: str) -> str:
    """A draft's name as typed: one line of 1 to 80 characters that can be seen. Raises InvalidInput."""
    name = text.strip()
    if not name:
        raise InvalidInput("The draft has no name.", "Type one, like points-expiring.liquid.")
    if len(name) > 80 or not name.isprintable():
        raise InvalidInput("That cannot name a draft.", "Use up to 80 characters that can be seen.")
    return name


def saved_key(name: str) -> str:
    """The key of the saved draft called `name` among the drafts."""
    return _SAVED + name


SHELF_KEY = _SHELF


def shelf_names(content: str | None) -> tuple[str, ...]:
    """The names of saved drafts, out of what the shelf's own draft holds; newest first."""
    try:
        raw = json.loads(content or "[]")
    except (ValueError, RecursionError):
        return ()
    return tuple(dict.fromkeys(name for name in raw if isinstance(name, str))) if isinstance(raw, list) else ()


def shelf_without(content: str | None, name: str) -> str:
    """The shelf with `name` taken off."""
    return json.dumps([one for one in shelf_names(content) if one != name], ensure_ascii=True)


def shelf_with(content: str | None, name: str) -> str:
    """The shelf with `name` put first."""
    return json.dumps([name, *(one for one in shelf_names(content) if one != name)], ensure_ascii=True)


# -- what a message may read


def message_data(
    subject: Subject,
    offer: Offer | None,
    profile: Profile | None,
    *,
    trigger: TargetKind | None = None,
    override: Mapping[str, Any] | None = None,
    live: bool = False,
) -> RenderData:
    """What a template reads for this customer; `override` (a `--data` object) stands above everything else.

    Attributes are Braze's where Braze knows the person, else SessionM's; the wallet is the variable `wallet` and also
    the recorded answer of Connected Content to `get_user_offers`, so that a whole message renders as it stands. The
    chosen offer fills `api_trigger_properties`, for a Canvas `canvas_entry_properties` and `context`, and all of them
    while it is not known which. Secrets are placeholders. With `live` the wallet at hand is no recorded answer, so that
    a live render calls for it anew. Raises InvalidInput for an override that is no data.
    """
    data = with_customer(
        RenderData.from_json(dict(override or {})),
        customer=subject.customer.value,
        link=subject.braze.value,
        wallet=subject.wallet.value,
    )
    kind: MessageKind | None = None if trigger is None else "canvas" if trigger is TargetKind.CANVAS else "campaign"
    namespaces = _with_properties(data.namespaces, offer, trigger)
    data = replace(data, namespaces=namespaces, kind=data.kind or kind, one_of_many=True)
    blocks = {**PLACEHOLDERS, **data.content_blocks}
    if profile is None:
        return replace(data, content_blocks=blocks)
    endpoints = {"endpoint_core": profile.core_url, "endpoint_connect": profile.connect_url}
    return replace(
        data,
        content_blocks=blocks,
        variables={**endpoints, **data.variables},
        connected_content=(*data.connected_content, *(() if live else _recorded(subject, profile))),
    )


def parse_override(text: str) -> dict[str, Any]:
    """Data of one's own as typed; nothing typed is nothing. Raises InvalidInput naming the place or the key."""
    if not text.strip():
        return {}
    raw = typed_json(text, "This is")
    RenderData.from_json(raw)
    return dict(raw)


def _with_properties(
    namespaces: Mapping[str, Mapping[str, Any]], offer: Offer | None, trigger: TargetKind | None
) -> dict[str, Mapping[str, Any]]:
    if offer is None:
        return dict(namespaces)
    names = {
        TargetKind.CAMPAIGN: ("api_trigger_properties",),
        TargetKind.CANVAS: ("canvas_entry_properties", "context"),
        None: ("api_trigger_properties", "canvas_entry_properties", "context"),
    }[trigger]
    properties = offer_properties(offer)
    return {**namespaces, **{name: {**properties, **namespaces.get(name, {})} for name in names}}


def _recorded(subject: Subject, profile: Profile) -> tuple[dict[str, Any], ...]:
    wallet = subject.wallet.value
    if wallet is None:
        return ()
    asked = {
        "header": "Authorization",
        "body": {"retailer_id": profile.retailer_id, "user_id": wallet.user_id, "culture": wallet.culture},
        "pages": {"list": "payload.user_offers", "skip": "skip", "take": "take"},
    }
    url = profile.connect_url + WALLET_PATH
    body = json.dumps(wallet.document, ensure_ascii=False)
    return ({"method": "POST", "url": url, "status": 200, "body": body, "asked": asked},)


def chosen_offer(subject: Subject, key: str, now: datetime) -> Offer | None:
    """The offer with `key`, else the one of the wallet that runs out first; None for an empty wallet."""
    wallet = subject.wallet.value
    if wallet is None or not wallet.offers:
        return None
    named = next((offer for offer in wallet.offers if offer.key == key), None) if key else None
    return named or sorted_offers(wallet.offers, SortBy.EXPIRY, now)[0]


def data_words(subject: Subject, now: datetime, *, overridden: bool = False, answered: bool = False) -> tuple[str, ...]:
    """Whose data it is and how old: `Ana Prado`, `live wallet, 4 s old`, `culture en-US`; `answered`: calls that were
    made live are answered as they were."""
    own = (("live answers, ^R forgets them",) if answered else ()) + (("data of your own",) if overridden else ())
    if subject.ticket is None:
        return ("no customer", *own)
    words = [subject.name]
    part = subject.wallet
    if part.value is not None and part.read_at is not None:
        count = "" if part.value.is_complete else f" ({part.value.count_words})"
        words.append(f"live wallet{count}, {age_words(now - part.read_at)}")
    else:
        words.append("wallet loading" if part.loading else "no wallet")
    words.append(f"culture {subject.culture}")
    link = subject.braze.value
    if link is None and not subject.braze.loading:
        words.append("Braze not read")
    elif link is not None and link.user is None:
        words.append("attributes from SessionM")
    return (*words, *own)


# -- where drafts come from


def draft_from_file(path: str, text: str, file: FileMark | None = None) -> Draft:
    """A file as a draft: its name is the file's. It is saved to `file`, else under its name among the drafts."""
    above, _, name = (file.path if file else path).replace("\\", "/").rstrip("/").rpartition("/")
    origin = _shown_path(above) if file else "file"
    shown = "".join(character if character.isprintable() else "_" for character in name)[-80:]
    return Draft(shown or UNTITLED, one_kind_of_break(text), origin, None, is_saved=True, file=file)


def _shown_path(folder: str) -> str:
    """The end of it that tells most: whole steps where they are short."""
    shown = "".join(character if character.isprintable() else "_" for character in folder or "/")
    if len(shown) <= _MOST_OF_FOLDER:
        return shown
    tail = shown[-_MOST_OF_FOLDER:]
    return "…" + (tail[tail.index("/") :] if "/" in tail else tail)


def draft_from_braze(target: Target, message: BrazeMessage) -> Draft:
    """A message of a campaign or Canvas step as a draft, all its fields in one document; Braze itself is never written.

    A message of a channel that is not known is its texts, one below the other.
    """
    name = " · ".join(filter(None, (target.name or target.id, message.variation, message.channel)))[:80]
    channel = find_channel(message.channel) if message.channel else None
    texts = [(field, one_kind_of_break(text)) for field, text in message.fields]
    document = compose(channel, texts) if channel else "\n\n".join(text for _, text in texts)
    return Draft(name, document, channel.label if channel else "message", target.kind, is_saved=True)


def draft_from_email_template(template: EmailTemplate) -> Draft:
    """An email template as a document with its subject, preheader, HTML and plain text; empty ones are left out."""
    given = (
        ("subject", template.subject),
        ("preheader", template.preheader),
        ("html", template.html),
        ("plain", template.plain),
    )
    texts = [(field, one_kind_of_break(text)) for field, text in given if text or field in ("subject", "html")]
    return Draft((template.name or template.id)[:80], compose(EMAIL, texts), "email template", None, is_saved=True)
