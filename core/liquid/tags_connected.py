"""connected_content (Braze docs, "Making an API call"): read here, answered by the Connected port."""

from __future__ import annotations

import json
import re

from liquid import Tag
from liquid.token import Token

from core.liquid.compiler import Compiler
from core.liquid.connected import ConnectedAnswer, ConnectedRequest, Off, decoded, decoded_anew, decoded_origins
from core.liquid.content_blocks import borrow, without_tags
from core.liquid.context import MISSING, Context, Output
from core.liquid.expressions import path
from core.liquid.faults import Aborted
from core.liquid.lexer import WHITESPACE
from core.liquid.markup import Markup
from core.liquid.mixed import Mixed
from core.liquid.nodes import Item
from core.liquid.parser import Stream
from core.liquid.recordings import differences, taken
from core.liquid.switches import left_open
from core.liquid.trace import Span, excerpt, origins_of
from core.liquid.values import Value, output_text
from core.liquid.words import Nothing
from core.profiles import is_loopback
from core.render import REFUSED_CALL, ConnectedCall

_VALUES = ("method", "body", "content_type", "headers", "basic_auth", "auth_credentials", "save", "cache_max_age")
_FLAGS = ("retry", "no_cache", "rerender")
_OPTION = re.compile(r"(?:(?<=\s)|^):(\w+)(?=\s|$)", re.ASCII)
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#{}:\s]+)(?::(\d{1,9}))?(?=[/?#\s]|$)", re.ASCII)
_BEGINS = re.compile(r"[\ue000-\ue003]|[A-Za-z][A-Za-z0-9+.-]*://", re.ASCII)
_GLUED = re.compile(rf"(?<=\S):(?:{'|'.join((*_VALUES, *_FLAGS))})(?=\s)", re.ASCII)
_NAME = re.compile(r"\w[\w-]*", re.ASCII)
_PAIRS = re.compile(r"[^=&]+=[^&]*(?:&[^=&]+=[^&]*)*")
LIMIT_MS = 2_000
LIMIT_BYTES = 1_000_000
CACHE_AGES_S = (300, 14_400)


class ConnectedContent(Item):
    """One call."""

    __slots__ = ("flags", "options", "reader", "url")

    def __init__(self, token: Token, end: int, url: Mixed, options: dict[str, Mixed], flags: set[str]) -> None:
        super().__init__(token, end, blank=False)
        self.url, self.options, self.flags = url, options, flags
        self.reader = path("connected", (), space=None, text="connected_content", start=self.at)

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Ask the port; save JSON, print anything else."""
        if context.tags_off:
            return 0
        given = {name: mixed.text(context).strip(WHITESPACE) for name, mixed in self.options.items()}
        request = self._request(context, given)
        saved_as = given.get("save") or "connected"
        answer = context.connected.answer(request, context.anchor or self.span)
        context.calls.append(
            ConnectedCall(
                request.method,
                request.url,
                answer.status if answer else None,
                given.get("save"),
                answer.milliseconds if answer else None,
            )
        )
        if answer is None:
            context.report(context.connected.why_not[0], *self.span, *context.connected.why_not[1:])
            if isinstance(context.connected, Off):
                context.stand_ins.discard(saved_as)  # the data stands in for the very call that is not made
                context.assigned |= {saved_as}
            else:
                context.not_made(saved_as)
            return 0
        for message, hint in differences(request, answer.asked) if answer.asked else ():
            context.report("connected-differs", *self.span, message, hint)
        value = self._take(context, buffer, request, answer, saved_as)
        if value is MISSING:
            context.not_made(saved_as)
        else:
            context.set(saved_as, value)
        return 0

    def _request(self, context: Context, given: dict[str, str]) -> ConnectedRequest:
        method = given.get("method", "get").upper()
        if method not in ("GET", "POST"):
            context.report(
                "connected-method", *self.span, f"Braze calls with GET and POST, not {method}.", "Change it."
            )
        content_type = given.get("content_type")
        sent_as = "application/x-www-form-urlencoded" if method == "POST" else "application/json"
        headers = {"Content-Type": content_type or sent_as, "Accept": content_type or "*/*"}
        headers |= self._headers(context, given.get("headers"))
        body = given.get("body")
        if body and content_type == "application/json" and _PAIRS.fullmatch(body) and not body.startswith("{"):
            body = json.dumps(dict(pair.split("=", 1) for pair in body.split("&")))
        return ConnectedRequest(
            method,
            self.url.text(context).strip(WHITESPACE),
            headers,
            body,
            given.get("basic_auth") or given.get("auth_credentials"),
            self._cache_age(context, given.get("cache_max_age")),
            "no_cache" in self.flags,
            "retry" in self.flags,
        )

    def _cache_age(self, context: Context, text: str | None) -> int | None:
        """Braze docs, "Caching responses": 300 to 14,400 seconds; what lies beyond is held to that."""
        if text is None:
            return None
        least, most = CACHE_AGES_S
        age = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        if not least <= age <= most:
            given = f"not {text[:40]}" if text else "and none are given"
            message = f":cache_max_age is {least:,} to {most:,} seconds, {given}."
            context.report("connected-cache", *self.span, message, "Write a whole number within that.")
        return min(max(age, least), most)

    def _headers(self, context: Context, text: str | None) -> dict[str, str]:
        if not text:
            return {}
        try:
            headers = json.loads(text)
        except ValueError:
            headers = None
        if not isinstance(headers, dict):
            context.report(
                "connected-headers", *self.span, "The headers are no JSON object.", 'Write {"Name": "value"}.'
            )
            return {}
        return {str(name): output_text(value) for name, value in headers.items()}

    def _status(self, context: Context, answer: ConnectedAnswer) -> int | None:
        """With what it came; None where nothing is saved whatever it holds. Raises Aborted where :retry gives up."""
        if answer.refused:
            context.report(REFUSED_CALL, *self.span, answer.words, answer.hint)
            return None
        late = answer.milliseconds is not None and answer.milliseconds > LIMIT_MS
        if answer.status is None or late or answer.status >= 500:
            what = "came too late" if late else f"failed ({answer.status or answer.words or 'no answer'})"
            hint = answer.hint or "Test for nil."
            context.report("connected-failed", *self.span, f"The call {what}; nothing is saved.", hint)
            if "retry" in self.flags:
                raise Aborted(f"Connected content {what} and :retry gave up")
            return None
        if answer.status == 404 and context.data.switches.not_found == "nothing":
            hint = f"Test for nil. {left_open('not_found')}"
            context.report("connected-failed", *self.span, "The call found nothing (404).", hint)
            return None
        return answer.status

    def _with_status(self, context: Context, value: Value, status: int, saved_as: str) -> Value:
        if not 200 <= status < 300:
            message = f"The call came back with {status}; what it says is saved in {saved_as} all the same."
            hint = f"Test for it: {{% if {saved_as}.__http_status_code__ != 200 %}}."
            context.report("connected-failed", *self.span, message, hint)
        if isinstance(value, dict):
            keyed = 200 <= status < 300 or context.data.switches.status_key == "always"
            value = {**value, "__http_status_code__": status} if keyed else {**value}
            if not keyed:
                message = f"The answer came with {status}, so it has no __http_status_code__."
                context.unclear("status_key", message, self.span)
        return value

    def _take(
        self, context: Context, buffer: Output, request: ConnectedRequest, answer: ConnectedAnswer, saved_as: str
    ) -> Value:
        """What is to be saved; MISSING when nothing is, after a failure or for text that is printed."""
        if (status := self._status(context, answer)) is None:
            return MISSING
        if len(answer.body.encode()) > LIMIT_BYTES:
            context.report("connected-size", *self.span, "The answer is larger than 1 MB.", "Braze does not cache it.")
        body, pieces = answer.body, list[Span]()
        if "rerender" in self.flags:
            body = borrow(context, "the answer", self.reader, self.span, lambda: without_tags(context, answer.body))
            pieces = context.borrowed_pieces if body else pieces
        try:
            value = decoded(body)
            if is_repeated := context.trace.origin(value) is not None:
                value = decoded_anew(body)  # of the same words, yet another answer
        except ValueError:
            buffer.adopt(self, len(body), pieces, ("connected_content", (request.method, excerpt(request.url))))
            buffer.write(body)
            if "save" in self.options:
                message = f"The answer is no JSON: it is printed here, and {saved_as} stays nil."
                context.report("connected-not-json", *self.span, message, "Look at the answer under Calls.")
            return MISSING
        origins = origins_of({saved_as: value}) if is_repeated else decoded_origins(body, saved_as)
        if answer.asked:
            value, taken_from = taken(value, request, answer.asked, saved_as)
            origins = {**origins, **taken_from} if taken_from else origins
        value = self._with_status(context, value, status, saved_as)
        context.trace.adopt(saved_as, value, origins, call=len(context.calls) - 1)
        return value


class ConnectedTag(Tag):
    """`{% connected_content URL [:option value]... %}`, options in any order, over any number of lines."""

    name = "connected_content"
    block = False

    def parse(self, stream: Stream) -> Item:  # type: ignore[override]
        """Unknown options are reported and skipped."""
        token, markup = stream.head()
        found = list(_OPTION.finditer(_unquoted(markup.shadow)))
        url = markup.part(0, found[0].start() if found else len(markup)).strip()
        if not url.shadow:
            stream.refuse(token, markup, "connected_content has no URL.", "Write the URL right after the tag's name.")
            return Nothing(token, markup.end, blank=True)
        if re.search(r"\s", url.shadow):
            glued = _GLUED.search(url.shadow)
            hint = f"Put a space before {glued[0]}." if glued else "Escape values: | url_param_escape."
            stream.compiler.report("connected-url", url.base, url.end, "The URL has a space in it.", hint)
        self._judge_address(stream.compiler, url)
        options: dict[str, Mixed] = {}
        flags: set[str] = set()
        for index, match in enumerate(found):
            end = found[index + 1].start() if index + 1 < len(found) else len(markup)
            self._option(stream.compiler, markup.match_part(match), markup.part(match.end(), end), options, flags)
        if "save" in options:
            stream.compiler.assigned.update(piece.strip() for piece in options["save"].parts if isinstance(piece, str))
        return ConnectedContent(token, markup.end, Mixed(stream.compiler, url), options, flags)

    def _judge_address(self, compiler: Compiler, url: Markup) -> None:
        """Braze docs, "Making an API call": ports 80 and 443. A test server on this very machine may have any."""
        written = _ADDRESS.match(url.text)
        if not _BEGINS.match(url.shadow):
            quoted = url.shadow[0] in "\"'"
            message = f"The URL {'stands between quotes' if quoted else 'does not begin with https://'}."
            meant = (
                f"Is a variable meant? Write {{{{{url.text}}}}}." if url.shadow.isidentifier() else "Write https://."
            )
            compiler.report("connected-url", url.base, url.end, message, "Take them out." if quoted else meant)
        if written is None or is_loopback(written[2]):
            return
        if written[1].lower() not in ("http", "https"):
            message = f"Braze calls http and https, not {written[1]}."
            compiler.report("connected-url", url.base, url.base + len(written[1]), message, "Write https://.")
        elif written[3] and int(written[3]) not in (80, 443):
            place = (url.base + written.start(3), url.base + written.end(3))
            compiler.report(
                "connected-url", *place, f"Braze calls ports 80 and 443, not {written[3]}.", "Leave it out."
            )

    def _option(
        self, compiler: Compiler, name: Markup, value: Markup, options: dict[str, Mixed], flags: set[str]
    ) -> None:
        word, value = name.text[1:], value.strip()
        if word in _FLAGS:
            flags.add(word)
        elif word not in _VALUES:
            known = ", ".join(f":{one}" for one in (*_VALUES, *_FLAGS))
            compiler.report("connected-option", name.base, name.end, f"There is no option :{word}.", f"Known: {known}.")
        else:
            if word in options:
                message = f":{word} is given twice; the last one counts."
                compiler.report("connected-option", name.base, name.end, message, "Take one out.")
            options[word] = Mixed(compiler, value)
            if not value.shadow:
                compiler.report(
                    "connected-option", name.base, name.end, f":{word} has no value.", "Write one behind it."
                )
            elif word == "save" and value.text == value.shadow and not _NAME.fullmatch(value.shadow):
                message = f"{value.text[:40]!r} is no name for a variable."
                compiler.report("variable-name", value.base, value.end, message, "Use letters, digits and underscores.")
            if word == "body" and value.shadow.startswith("{") and re.search(r"\s", value.shadow):
                compiler.report(
                    "connected-body", value.base, value.end, "JSON in :body must not hold spaces.", "Capture it first."
                )


def _unquoted(shadow: str) -> str:
    """The shadow with the insides of double quotes blanked, so that no option is seen there."""
    return re.sub(r'"[^"]*"', lambda match: '"' * len(match.group()), shadow)
