"""A message's preview as values: the data that goes in, and the text, problems, reads and calls that come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol

from core.errors import InvalidInput
from core.liquid.switches import Switches

Severity = Literal["error", "warning", "hint"]
Status = Literal["rendered", "aborted", "failed", "waiting"]
Connected = Literal["off", "stub", "live"]
PrintedKind = Literal[
    "field",  # what an expression printed, by where its value came from
    "default",
    "literal",
    "computed",
    "cycle",  # what a tag said by itself, by the tag
    "increment",
    "decrement",
    "random",
    "tablerow",
    "promotion",
    "translation",
    "connected_content",
    "content_block",
    "error",
]
WantKind = Literal["connected_content", "content_block", "catalog_item"]
MessageKind = Literal["campaign", "canvas"]
Json = Any

NOT_MADE = -1  # in the place of a call
REFUSED_CALL = "connected-refused"  # the rule of a live call that a guard of this program stopped

# The namespaces of Braze's `${...}` that a render's data may hold (Braze docs, "Supported personalization tags").
NAMESPACES = (
    "custom_attribute",
    "event_properties",
    "api_trigger_properties",
    "canvas_entry_properties",
    "context",
    "campaign",
    "canvas",
    "subscribed_state",
    "targeted_device",
    "most_recently_used_device",
    "app",
    "card",
    "sms",
    "whats_app",
    "preference_center",
    "product_recommendation",
    "context_properties",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. Lines and columns count from 1 in the author's own text; the end is exclusive."""

    rule: str
    severity: Severity
    message: str
    hint: str
    line: int
    column: int
    end_line: int
    end_column: int


class Read(NamedTuple):  # thousands come with a render: a dataclass takes ten times as long to make
    """One expression met one field. `path` leads from the root of the data (`("wallet", "payload", "user_offers", 0)`);
    `value` is the scalar read (long text cut) or, for a container, its size in words. `call` is which of the render's
    calls (from 0) saved what stands at the root, None where none did; NOT_MADE: nothing that was known stood there."""

    expression: str
    line: int
    column: int
    path: tuple[str | int, ...]
    found: bool
    value: Json
    call: int | None = None


_TOLD_OF_READS = Read._fields[:6]


@dataclass(frozen=True, slots=True)
class ConnectedCall:
    """One connected-content call as rendered; `status` None: no answer."""

    method: str
    url: str
    status: int | None
    saved_as: str | None
    milliseconds: int | None


class PrintedSpan(NamedTuple):  # for the same reason no dataclass
    """A piece of the output and where it came from: `output[start:end]` was printed by the expression or tag at `line`
    and `column`. `path` leads to the field that was read last on the way; for a `default`, to the one that was missing.

    What a tag says by itself has the tag's name as its kind. Its `path` is the place in the data of what it printed
    (a promotion's code, a translation, the field a cycle took); a counter's name; for `connected_content` the call's
    method and URL. `error` is a "Liquid error: ..." in the text.
    """

    start: int
    end: int
    line: int
    column: int
    kind: PrintedKind
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Want:
    """What a live render stopped at, for nobody has answered it yet.

    `request` is JSON: for connected content `method`, `url`, `headers`, `body`, `credential`, `cache_max_age_s`,
    `no_cache`, `retry`; for a content block its `name`; for a catalog item `catalog` and `id`.
    """

    kind: WantKind
    request: Mapping[str, Json]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of one template. `output` is empty unless the status is `rendered`.

    `assigned` are the variables that the template makes itself; `spans` tell where the pieces of the output came from
    (5,000 at most, in order). `waiting` is the status of a live render that stopped at `wants`. `lacks` are the Content
    Blocks and catalog items that the data of an offline render knows nothing of, 50 at most.
    """

    status: Status
    output: str = ""
    abort_reason: str | None = None
    problems: tuple[Problem, ...] = ()
    reads: tuple[Read, ...] = ()
    calls: tuple[ConnectedCall, ...] = ()
    message_extras: Mapping[str, str] = field(default_factory=dict)
    promotions: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()
    spans: tuple[PrintedSpan, ...] = ()
    wants: Want | None = None
    lacks: tuple[Want, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """The answer of `render --json`: a new dict of JSON values."""
        return {
            "status": self.status,
            "output": self.output,
            "abort_reason": self.abort_reason,
            "problems": [{name: getattr(one, name) for name in Problem.__slots__} for one in self.problems],
            "reads": [dict(zip(_TOLD_OF_READS, (*one[:3], [*one.path], *one[4:6]), strict=True)) for one in self.reads],
            "calls": [{name: getattr(one, name) for name in ConnectedCall.__slots__} for one in self.calls],
            "message_extras": dict(self.message_extras),
            "promotions": list(self.promotions),
        }

    @classmethod
    def failure(cls, rule: str, message: str, hint: str, *, line: int = 1, column: int = 1) -> Rendered:
        """A render that gave nothing but one error."""
        problem = Problem(rule, "error", message, hint, line, column, line, column + 1)
        return cls("failed", problems=(problem,))


@dataclass(frozen=True, slots=True)
class RenderData:
    """Everything a template may read; treat it as a value, the renderer keeps it by identity.

    `attributes` holds `${first_name}` and its like, `namespaces` the rest of `${...}`, `variables` plain names
    (`{"wallet": {...}}`, as get_user_offers answered). `now` fixes the clock; None means the present.
    `translations` are texts by locale and id (`{"de": {"greeting": "Hallo"}, "": {...}}`), "" for every locale; the
    user's is `locale`, or language and country. `shopping_cart` is what the tag of that name sets; `abandoned: false`
    in it says that the order was completed meanwhile. `kind` tells which properties the message can have, if known.
    `stand_ins` are variables that no message has unless a tag of its own makes them: a wallet that is at hand.
    `one_of_many`: others will get the message too, so lint tells of what they may lack.
    `sources` tells which Content Blocks and catalog items Braze could not give, as the answer to a Want: its `kind` and
    `request`, the `outcome` `not_found` or `failed`, `message`, `hint`. `reads_braze` says that of all others Braze was
    not asked yet, so that nobody may say they do not exist.
    """

    attributes: Mapping[str, Json] = field(default_factory=dict)
    namespaces: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    content_blocks: Mapping[str, str] = field(default_factory=dict)
    catalogs: Mapping[str, Mapping[str, Mapping[str, Json]]] = field(default_factory=dict)
    selections: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    promotions: Mapping[str, list[str]] = field(default_factory=dict)
    variables: Mapping[str, Json] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shopping_cart: Mapping[str, Json] = field(default_factory=dict)
    connected_content: tuple[Mapping[str, Json], ...] = ()
    now: datetime | None = None
    locale: str = ""
    kind: MessageKind | None = None
    stand_ins: tuple[str, ...] = ()
    one_of_many: bool = False
    sources: tuple[Mapping[str, Json], ...] = ()
    reads_braze: bool = False
    switches: Switches = field(default_factory=Switches)

    @property
    def is_bare(self) -> bool:
        """Whether there is nobody and nothing to read: a template is looked at by itself."""
        given = (self.attributes, self.namespaces, self.variables, self.content_blocks, self.catalogs)
        return not any((*given, self.connected_content))

    @classmethod
    def from_json(cls, raw: object) -> RenderData:
        """Read the `--data` object. Raises InvalidInput naming the key that is unknown or of the wrong kind."""
        if not isinstance(raw, dict):
            raise InvalidInput("The data for a render must be a JSON object.", 'Write {"attributes": {...}}.')
        known = {*_OBJECTS, *NAMESPACES, "connected_content", "now", "locale", "kind", "switches"}
        known |= _OWN_KEYS
        for key in raw:
            if key not in known:
                from difflib import get_close_matches

                close = get_close_matches(str(key), known, n=1)
                hint = f"Did you mean {close[0]}?" if close else "Known keys: " + ", ".join(sorted(known - _OWN_KEYS))
                raise InvalidInput(f"The data has an unknown key {str(key)[:40]!r}.", hint)
        objects = {key: _object(raw, key) for key in _OBJECTS}
        for name, text in objects["content_blocks"].items():
            _expect(isinstance(text, str), f"content_blocks.{name}", "text")
        for outer in ("catalogs", "selections", "translations"):
            for name, inner in objects[outer].items():
                _expect(isinstance(inner, dict), f"{outer}.{name}", "an object")
        for name, texts in objects["translations"].items():
            for text in texts.values():
                _expect(isinstance(text, str), f"translations.{name}", "an object of texts")
        for name, codes in objects["promotions"].items():
            _expect(isinstance(codes, list), f"promotions.{name}", "a list of codes")
        for name, selections in objects["selections"].items():
            for selection, ids in selections.items():
                is_list = isinstance(ids, list) and all(isinstance(one, str) for one in ids)
                _expect(is_list, f"selections.{name}.{selection}", "a list of ids")
        for name, items in objects["catalogs"].items():
            for item, columns in items.items():
                _expect(isinstance(columns, dict), f"catalogs.{name}.{item}", "an object")
        return cls(
            namespaces={name: _object(raw, name) for name in NAMESPACES if name in raw},
            connected_content=_recordings(raw.get("connected_content", [])),
            now=_moment(raw.get("now")),
            locale=_text(raw, "locale"),
            kind=_kind(raw.get("kind")),
            one_of_many=raw.get("one_of_many") is True,
            stand_ins=_names(raw.get("stand_ins", [])),
            sources=_sources(raw.get("sources", [])),
            reads_braze=raw.get("reads_braze") is True,
            switches=Switches.from_json(raw.get("switches", {})),
            **objects,
        )

    def to_json(self) -> dict[str, Json]:
        """The `--data` object again, without its empty parts."""
        full: dict[str, Json] = {key: getattr(self, key) for key in _OBJECTS}
        full |= self.namespaces
        full["connected_content"] = list(self.connected_content)
        full["now"] = None if self.now is None else self.now.isoformat()
        full |= {"locale": self.locale, "kind": self.kind, "stand_ins": list(self.stand_ins)}
        full["one_of_many"] = self.one_of_many
        full |= {"sources": list(self.sources), "reads_braze": self.reads_braze}
        full["switches"] = self.switches.to_json()
        return {key: value for key, value in full.items() if value}


class Renders(Protocol):
    """Who turns a template and data into a Rendered, and never raises for what they contain."""

    async def render(
        self,
        template: str,
        data: RenderData,
        *,
        connected: Connected = "off",
        name: str = "message",
        answers: Sequence[Mapping[str, Json]] = (),
        now: datetime | None = None,
    ) -> Rendered:
        """The template as Braze would render it; whatever is wrong comes back as problems.

        `live` stops at the first thing that neither `data` nor `answers` hold (used in order, one for each time it
        waited) and tells it in `wants`; give its answer and the same `now`, and the render gets further.
        """
        ...


_OBJECTS = (
    *("attributes", "content_blocks", "catalogs", "selections", "promotions", "variables"),
    *("translations", "shopping_cart"),
)

_OWN_KEYS = {"stand_ins", "one_of_many", "sources", "reads_braze"}  # between this program's own parts


def _expect(holds: bool, key: str, kind: str) -> None:
    if not holds:
        raise InvalidInput(f"{key} in the data must be {kind}.", "")


def _object(raw: Mapping[str, Json], key: str) -> dict[str, Json]:
    value = raw.get(key)
    _expect(value is None or isinstance(value, dict), key, "an object")
    return value or {}


def _text(raw: Mapping[str, Json], key: str) -> str:
    value = raw.get(key)
    _expect(value is None or isinstance(value, str), key, "text")
    return value or ""


def _names(raw: Json) -> tuple[str, ...]:
    _expect(isinstance(raw, list) and all(isinstance(one, str) for one in raw), "stand_ins", "a list of names")
    return tuple(raw)


def _sources(raw: Json) -> tuple[Mapping[str, Json], ...]:
    _expect(isinstance(raw, list), "sources", "a list")
    for index, one in enumerate(raw):
        told = isinstance(one, dict) and all(isinstance(one.get(key), str) for key in ("kind", "outcome"))
        _expect(told and isinstance(one.get("request"), dict), f"sources[{index}]", "an answer of Braze's")
    return tuple(raw)


def _kind(raw: Json) -> MessageKind | None:
    _expect(raw in (None, "campaign", "canvas"), "kind", "campaign or canvas")
    return raw  # type: ignore[no-any-return]


def _recordings(raw: Json) -> tuple[Mapping[str, Json], ...]:
    _expect(isinstance(raw, list), "connected_content", "a list")
    for index, one in enumerate(raw):
        where = f"connected_content[{index}]"
        _expect(isinstance(one, dict), where, "an object")
        _expect(isinstance(one.get("url"), str), f"{where}.url", "text")
        _expect(isinstance(one.get("method", ""), str), f"{where}.method", "text")
        _expect(one.get("status") is None or type(one["status"]) is int, f"{where}.status", "a whole number")
        _expect(isinstance(one.get("headers", {}), dict), f"{where}.headers", "an object")
    return tuple(raw)


def _moment(raw: Json) -> datetime | None:
    if raw is None:
        return None
    try:
        moment = datetime.fromisoformat(raw)
    except (TypeError, ValueError) as error:
        raise InvalidInput("now in the data must be a time.", "Write it as 2026-11-21T09:30:00Z.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
