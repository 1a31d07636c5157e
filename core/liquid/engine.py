"""The engine: a template and data in, a Rendered out, whatever the template holds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liquid import Environment, Tag
from liquid.token import Token

from core.liquid.aborting import missed_before_abort
from core.liquid.collecting import collector_paused
from core.liquid.compiler import Compiler
from core.liquid.connected import Connected, Live, Off, Offline, request_of, told_by
from core.liquid.content_blocks import ContentBlock
from core.liquid.context import DIRECT, Context, Output
from core.liquid.ends import rendered
from core.liquid.expressions import Node
from core.liquid.filters import all_filters
from core.liquid.ignoring import heeded
from core.liquid.lexer import Lexer
from core.liquid.lint import lint
from core.liquid.names import WITH_BRACES
from core.liquid.nodes import Body
from core.liquid.page import Page, with_interpolation, with_outputs
from core.liquid.parser import Stream, parse_body
from core.liquid.problems import Finding, Findings, placed
from core.liquid.recordings import Recorded
from core.liquid.rules import REFUSED_BY
from core.liquid.source import Source
from core.liquid.switches import DEFAULTS, Switches, left_open
from core.liquid.tags_braze import BRAZE_TAGS
from core.liquid.tags_catalogs import CATALOG_TAGS
from core.liquid.tags_choices import CHOICE_TAGS
from core.liquid.tags_connected import ConnectedTag
from core.liquid.tags_loops import LOOP_TAGS
from core.liquid.tags_texts import TEXT_TAGS
from core.liquid.tags_values import VALUE_TAGS
from core.liquid.trace import Steps, Trace, origins_of, printed
from core.render import Problem, RenderData, Rendered, Want

MAX_TEMPLATE = 2_000_000  # characters
KEPT_TEMPLATES = 64
KEPT_CHARACTERS = 1_000_000  # as nodes 30 to 100 bytes each: far below what a child may use
OFF = Off()


class BrazeEnvironment(Environment):
    """python-liquid's environment with Braze's tags and filters and nothing else."""

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Registers our tags; filters are bound when a template is parsed."""
        standard = (*CHOICE_TAGS, *LOOP_TAGS, *VALUE_TAGS, *TEXT_TAGS)
        tags: tuple[type[Tag], ...] = (*standard, *BRAZE_TAGS, *CATALOG_TAGS, ConnectedTag)
        for tag in tags:
            self.add_tag(tag)
        for name, (function, *_) in all_filters().items():
            self.add_filter(name, function)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A template ready to render, and what was found wrong in it."""

    source: Source
    body: Body
    findings: tuple[Finding, ...]
    fatal: bool
    assigned: frozenset[str]  # every name it may mean without a doubt
    promotions: tuple[str, ...]
    made: tuple[str, ...]  # the variables it makes
    tokens: tuple[Token, ...]

    def refused(self, switches: Switches) -> list[Finding]:
        """What the template holds that a switch says Braze refuses."""
        found: list[Finding] = []
        for rule, start, end, message, _ in self.findings:
            name, reading = REFUSED_BY.get(rule, ("", ""))
            if name and getattr(switches, name) == reading:
                words = f"The switch {name} is {reading}, so the message is refused: {message}"
                found.append(Finding("refused-by-switch", start, end, words, "Take it out, or turn the switch."))
        return found


class Dataset:
    """The data of a render, arranged for look-ups; made once and used for many renders."""

    __slots__ = ("data", "origins", "recorded", "roots", "told")

    def __init__(self, data: RenderData) -> None:
        self.data = data
        self.recorded = Recorded(data.connected_content)
        self.told = told_by(data.sources)
        self.roots = {**data.variables, **data.namespaces, DIRECT: data.attributes}
        self.origins: dict[int, Steps] = origins_of(self.roots)


class Engine:
    """Parses with a cache, renders. Not for two threads at once."""

    def __init__(self) -> None:
        self._tags = BrazeEnvironment()
        self._cache: OrderedDict[tuple[str, ...], Parsed] = OrderedDict()
        self._kept = 0  # characters in it
        self._lint: tuple[Parsed | None, Dataset | None, list[Finding]] = (None, None, [])

    def parse(self, template: str, switches: Switches = DEFAULTS) -> Parsed:
        """The template as nodes; never raises for what it holds, but for exhaustion."""
        key = (
            template,
            switches.bare_attribute,
            switches.bare_namespace,
            switches.quoted_attribute,
            switches.gem,
        )
        if (known := self._cache.get(key)) is not None:
            self._cache.move_to_end(key)
            return known
        with collector_paused():
            made = self._parsed(template, switches)
        self._keep(key, made)
        return made

    def _parsed(self, template: str, switches: Switches) -> Parsed:
        bare, quoted = switches.bare_attribute == "replaced", switches.quoted_attribute == "replaced"
        source = Source(template)
        findings = Findings()
        compiler = Compiler(findings, all_filters())
        compiler.blocks = _block
        compiler.unread = WITH_BRACES if switches.bare_namespace == "nil" else frozenset()
        lexer = Lexer(source.text, findings.add, switches.gem)
        tokens = lexer.read()
        if bare:
            tokens = with_outputs(tokens, lexer.bare)
        stream = Stream(with_interpolation(tokens) if quoted else tokens, compiler)
        body = parse_body(stream, self._tags)
        _report_text(source, lexer, findings, bare=bare)
        return Parsed(
            source,
            body,
            tuple(findings.items),
            findings.fatal,
            frozenset(compiler.assigned | compiler.known),
            tuple(stream.promotions),
            tuple(sorted(compiler.assigned - {""})),
            tuple(tokens),
        )

    def _keep(self, key: tuple[str, ...], made: Parsed) -> None:
        """Remember what was parsed last; one template is kept however long it is."""
        self._cache[key] = made
        self._kept += len(key[0])
        while len(self._cache) > KEPT_TEMPLATES or (self._kept > KEPT_CHARACTERS and len(self._cache) > 1):
            (text, *_), _ = self._cache.popitem(last=False)
            self._kept -= len(text)

    def render(
        self,
        template: str,
        dataset: Dataset,
        *,
        connected: str,
        now: datetime,
        seed: int = 0,
        answers: Sequence[Mapping[str, Any]] = (),
    ) -> Rendered:
        """Render as lax Ruby, report as strict. Every end a template can come to is a Rendered.

        `live` stops at the first thing that neither the data nor `answers` hold, and fails when an answer was meant
        for something else.
        """
        if len(template) > MAX_TEMPLATE:
            return Rendered.failure("limit-size", "The template is longer than 2,000,000 characters.", "Shorten it.")
        try:
            parsed = self.parse(template, dataset.data.switches)
        except RecursionError:
            return Rendered.failure("too-deep", "The template is nested too deep to be read.", "Flatten it.")
        findings = Findings()
        for one in parsed.findings:
            findings.add(*one)
        refused = parsed.refused(dataset.data.switches)
        for one in refused:
            findings.add(*one)
        if parsed.fatal or refused:
            return Rendered("failed", problems=_placed(findings, parsed.source), assigned=parsed.made)
        for one in self._linted(parsed, dataset):
            findings.add(*one)
        port = _port(connected, dataset, answers)
        context = self._context(parsed, dataset, findings, port, now, seed)
        output = Output()
        end = rendered(parsed.body, context, output, parsed.source)
        if end.status == "aborted":
            for one in missed_before_abort(context.trace, dataset.data, parsed.source.text, findings.items):
                findings.add(*one)
        text = output.getvalue() if end.status == "rendered" else ""
        return Rendered(
            end.status,
            text,
            end.reason,
            _placed(findings, parsed.source),
            context.trace.placed(parsed.source),
            tuple(context.calls),
            context.message_extras,
            _each_once(parsed.promotions, context.promotions),
            parsed.made,
            printed(output.spans, parsed.source) if text else (),
            end.wants,
            _lacks(port, parsed.source),
        )

    def _linted(self, parsed: Parsed, dataset: Dataset) -> list[Finding]:
        """What lint says, asked once for a template and data rendered again and again."""
        before, with_data, found = self._lint
        if before is not parsed or with_data is not dataset:
            found = lint(Page.of(parsed.source.text, parsed.tokens), dataset.data)
            self._lint = (parsed, dataset, found)
        return found

    def _context(
        self, parsed: Parsed, dataset: Dataset, findings: Findings, connected: Connected, now: datetime, seed: int
    ) -> Context:
        moment = dataset.data.now or now
        return Context(
            roots=dataset.roots,
            data=dataset.data,
            trace=Trace(dataset.origins),
            findings=findings,
            connected=connected,
            now=moment,
            assigned=parsed.assigned,
            render_borrowed=self._render_borrowed,
            seed=seed,
        )

    def _render_borrowed(self, text: str, context: Context) -> str:
        """A content block or a cell: parsed on its own, rendered in the scope of the message."""
        parsed = self.parse(text, context.data.switches)
        for one in parsed.findings:
            context.report(*one)
        if parsed.fatal:
            return ""
        context.promotions = _each_once(context.promotions, parsed.promotions)
        before, context.assigned = context.assigned, context.assigned | parsed.assigned
        output = Output()
        try:
            parsed.body.render(context, output)
        finally:
            context.assigned = before | parsed.assigned
        context.borrowed_pieces = output.spans
        return output.getvalue()


def _port(connected: str, dataset: Dataset, answers: Sequence[Mapping[str, Any]]) -> Connected:
    if connected == "live":
        return Live(dataset.recorded, answers)
    if connected == "stub":
        return Offline(dataset.recorded, dataset.told, unread=dataset.data.reads_braze)
    return OFF


def _lacks(port: Connected, source: Source) -> tuple[Want, ...]:
    if not isinstance(port, Offline) or not port.lacks:
        return ()
    return tuple(
        Want(key[0], request_of(key), *source.position(span[0]))  # type: ignore[arg-type]
        for key, span in port.lacks.items()
    )


def _each_once(some: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *more))) if more else some


def _block(name: str, text: str, start: int) -> Node:
    return ContentBlock(name, text, start)


def _placed(findings: Findings, source: Source) -> tuple[Problem, ...]:
    if not findings.items and "offerdeck" not in source.author:  # no comment either that silences for nothing
        return ()
    found = [placed(one, source) for one in sorted(findings.items, key=lambda one: source.author_offset(one.start))]
    return tuple(heeded(found, source.author))


def _report_text(source: Source, lexer: Lexer, findings: Findings, *, bare: bool) -> None:
    for start, end in lexer.bare:
        name = source.text[start:end]
        what = "replaced" if bare else "printed as it is"
        findings.add(
            "bare-attribute",
            start,
            end,
            f"{name} stands in plain text and is {what}.",
            f"Write {{{{{name}}}}}. {left_open('bare_attribute')}",
        )
    for start, end in source.commented:
        message = "Liquid in an HTML comment never runs: Braze removes the comment."
        hint = "Take it out of the comment, or leave it out with {% comment %}."
        findings.add("html-comment-liquid", ~start, ~end, message, hint)
