"""Markup into expressions, by the very regular expressions of Ruby Liquid's lax mode; what they skip is reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.liquid import plain
from core.liquid.context import DIRECT
from core.liquid.expressions import NIL, Blank, BraceKey, Bracket, Literal, Node, Path, RangeOf, named, path
from core.liquid.judging import CURLY_QUOTE, INVISIBLE, Judge
from core.liquid.markup import FRAGMENT, FRAGMENT_RE, GROUPS, MAX_GROUP_DEPTH, Markup
from core.liquid.names import UNSUPPORTED_FILTERS
from core.liquid.operations import Condition, FilterCall, Filtered
from core.liquid.problems import Findings
from core.liquid.strict import accepts
from core.liquid.values import EMPTY, bounded, to_i

FilterSpecs = Mapping[str, tuple[Callable[..., Any], int, int, bool]]

_INTEGER = re.compile(r"-?\d+", re.ASCII)
_FLOAT = re.compile(r"-?\d[\d.]+", re.ASCII)
_FLOAT_HEAD = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_RANGE = re.compile(r"\(\s*(?>(\S+)\s*\.\.)\s*(\S+)\s*\)", re.ASCII)
_STEPS = re.compile(rf"{GROUPS}|\[[^\]]+\]|[\w\-]+\??", re.ASCII)
_STEPS_FLAT = re.compile(rf"{GROUPS}|[\w\-]+\??", re.ASCII)
_LITERALS: dict[str, Literal] = {
    "": NIL,
    "nil": NIL,
    "null": NIL,
    "true": Literal(True),
    "false": Literal(False),
    "blank": Literal(""),
    "empty": Literal(""),
}
_QUESTIONS = {"blank": Blank(), "empty": Literal(EMPTY)}

_PIPED = re.compile(r"\|\s*", re.ASCII)
_FILTER = re.compile(rf"(?:\s+|{FRAGMENT}|,)+", re.ASCII)
_FILTER_NAME = re.compile(r"\w+", re.ASCII)
_STRICT_NAME = re.compile(r"\w[\w-]*\??", re.ASCII)
_LONG_NAME = re.compile(r"\|\s*\w+[-?]", re.ASCII)
_FILTER_ARGUMENT = re.compile(rf"[:,]\s*((?:\w+\s*:\s*)?{FRAGMENT})", re.ASCII)
_OPTION = re.compile(rf"(\w[\w-]*)\s*:\s*({FRAGMENT})", re.ASCII)

_JOINS = r"\b(?:\s?and\s?|\s?or\s?)\b"
_CONDITIONS = re.compile(rf"(?:{_JOINS}|(?:\s*(?!{_JOINS})(?:{FRAGMENT}|\S+)\s*)+)", re.ASCII)
_COMPARISON = re.compile(rf"({FRAGMENT})\s*([=!<>a-z_]+)?\s*({FRAGMENT})?", re.ASCII)


class Compiler:
    """Makes expressions; notes problems, and every name a template sets."""

    def __init__(self, findings: Findings, filters: FilterSpecs) -> None:
        self.report = findings.add
        self.judge = Judge(findings.add)
        self.filters = filters
        self.unread: frozenset[str] = frozenset()  # namespaces that mean nothing without their ${ }
        self.assigned: set[str] = set()  # variables the template makes
        self.known: set[str] = set()  # names that need no telling: loop variables, what is reported otherwise
        self.blocks: Callable[[str, str, int], Node] | None = None  # makes a content block's expression

    def markup(self, text: str, base: int, depth: int = 0) -> Markup:
        """`text` ready to be cut, its quotes and braces checked."""
        if "{" not in text and "}" not in text and text.isascii():
            return Markup(text, text, base, depth)
        made = Markup.of(text, base, depth)
        self.judge.braces(made)
        return made

    def value(self, part: Markup, *, question: bool = False) -> Node:
        """One value: literal, range, path or group. `question`: blank and empty ask the other side."""
        part = part.strip()
        shadow = part.shadow
        if plain.atom(part.text):
            return self._atom(part.text, part.base, (0, len(part)), question=question)
        kind = part.group()
        if kind == "wrap":
            return self._wrapped(part)
        if question and shadow in _QUESTIONS:
            return _QUESTIONS[shadow]
        if shadow and shadow[0] in "\"'" and shadow[-1] == shadow[0]:
            return Literal(part.text[1:-1])
        if shadow in _LITERALS:
            return _LITERALS[shadow]
        if _INTEGER.fullmatch(shadow):
            return Literal(bounded(int(shadow)) if len(shadow) < 4000 else 0)
        if shadow.startswith("(") and (match := _RANGE.fullmatch(shadow)):
            first, last = self.value(part.match_part(match, 1)), self.value(part.match_part(match, 2))
            if isinstance(first, Literal) and isinstance(last, Literal):
                first, last = Literal(to_i(first.value)), Literal(to_i(last.value))
            return RangeOf(first, last)
        if _FLOAT.fullmatch(shadow):
            head = _FLOAT_HEAD.match(shadow)
            return Literal(float(head.group()) if head else 0.0)
        return self._path(part)

    def _wrapped(self, part: Markup) -> Node:
        if part.depth >= MAX_GROUP_DEPTH:
            self.report("too-deep", part.base, part.end, "Braces are nested too deep.", "Use assign step by step.")
            return NIL
        inner = part.inside()
        self.judge.braces(inner)
        return self.filtered(inner)

    def _path(self, part: Markup) -> Node:
        steps = list(_scan_steps(part.shadow))
        if not part.text.isascii() and (CURLY_QUOTE.search(part.text) or INVISIBLE.search(part.text)):
            self.known.update(step.group() for step in steps[:1])  # told as a character already, not as a name
        if not steps:
            return path("", (), space=None, text=part.text, start=part.base)
        first = part.match_part(steps[0])
        root, space, keys = self._root(first)
        rest = [self._key(part.match_part(step)) for step in steps[1:]]
        if isinstance(root, str) and space is None and rest and isinstance(rest[0], BraceKey):
            space = root
            if root == "content_blocks" and self.blocks is not None:
                return self.blocks(rest[0].name, part.text, part.base)
        if space is None and root in self.unread and rest:
            return NIL
        return path(root, (*keys, *rest), space=space, text=part.text, start=part.base)

    def _root(self, first: Markup) -> tuple[str | Node, str | None, tuple[str | Node, ...]]:
        kind = first.group()
        if kind == "brace":
            return DIRECT, DIRECT, (self._key(first),)
        if kind == "wrap":
            return self._wrapped(first), None, ()
        if first.shadow.startswith("["):
            return Bracket(self.value(first.part(1, len(first) - 1))), None, ()
        return first.text, None, ()

    def _key(self, part: Markup) -> str | Node:
        kind = part.group()
        if kind == "brace":
            name = part.inside()
            inside: tuple[str | Node, ...] = ()
            if "." in name.shadow or "[" in name.shadow:
                inside = tuple(self._key(name.match_part(step)) for step in _scan_steps(name.shadow))
            return BraceKey(name.text, inside)
        if kind == "wrap":
            return Bracket(self._wrapped(part))
        if part.shadow.startswith("["):
            inner = self.value(part.part(1, len(part) - 1))
            return inner if isinstance(inner, Literal) else Bracket(inner)
        return part.text

    def filtered(self, part: Markup, *, printed: bool = False) -> Node:
        """A value and its filters, as in `{{ }}` and assign. `printed`: a hole in it would show in the message."""
        return _joined(self._plain(part.text, part.base) or self._loose(part), printed=printed)

    def printed(self, text: str, base: int) -> Node:
        """What stands in `{{ }}`: as `filtered`, but plain text is not even made a Markup."""
        cut = self._plain(text, base)
        if cut is None:
            made = self.markup(text, base)
            if self.judge.opening(made):
                self.known.add("")  # told already
            cut = self._loose(made)
        return _joined(cut, printed=True)

    def _plain(self, text: str, base: int) -> tuple[Node, tuple[FilterCall, ...]] | None:
        """What is written plainly and gives nothing to report; None for anything else."""
        cut = plain.filtered(text)
        if cut is None:
            return None
        filters = []
        for (lo, hi), args in cut[1]:
            name = text[lo:hi]
            spec = self.filters.get(name)
            if spec is None or name in UNSUPPORTED_FILTERS or not spec[1] <= len(args) <= spec[2]:
                return None
            values = tuple([self._atom(text, base, arg) for arg in args])
            end = args[-1][1] if args else hi
            filters.append(FilterCall(name, spec, values, (), (base + lo, base + hi), text[lo:end]))
        return self._atom(text, base, cut[0]), tuple(filters)

    def _atom(self, whole: str, base: int, span: tuple[int, int], *, question: bool = False) -> Node:
        """One plain value: a path, a quoted text, a whole number."""
        lo, hi = span
        text = whole[lo:hi]
        if text[0] in "\"'":
            return Literal(text[1:-1])
        if question and text in _QUESTIONS:
            return _QUESTIONS[text]
        if text in _LITERALS:
            return _LITERALS[text]
        if text[0] in "-0123456789":
            return Literal(bounded(int(text)) if len(text) < 4000 else 0)
        if "$" in text or "[" in text:
            return self._path(Markup.of(text, base + lo))
        made = named(text, base + lo)
        return NIL if made.root in self.unread and made.keys else made

    def _loose(self, part: Markup) -> tuple[Node, tuple[FilterCall, ...]]:
        self.judge.quotes(part)
        part = part.tightened()
        # Read strictly, which Ruby tries first, a name goes on behind a dash and may end in ?.
        cut = _STRICT_NAME if _LONG_NAME.search(part.shadow) and accepts(part.shadow) else _FILTER_NAME
        match = FRAGMENT_RE.search(part.shadow)
        if match is None:
            return NIL, ()
        value = self.value(part.match_part(match))
        tail = part.part(match.end(), len(part))
        pipe = _PIPED.search(tail.shadow)
        self.judge.ignored(tail.part(0, pipe.start()) if pipe else tail)
        filters: tuple[FilterCall, ...] = ()
        if pipe:
            rest = tail.part(pipe.end(), len(tail))
            self.judge.bars(tail)
            filters = tuple(
                one for found in _FILTER.finditer(rest.shadow) if (one := self._filter(rest.match_part(found), cut))
            )
        return value, filters

    def _filter(self, part: Markup, cut: re.Pattern[str]) -> FilterCall | None:
        name = cut.search(part.shadow)
        if name is None:
            return None
        args: list[Node] = []
        options: list[tuple[str, Node]] = []
        for found in _FILTER_ARGUMENT.finditer(part.shadow):
            arg = part.match_part(found, 1)
            option = _OPTION.fullmatch(arg.shadow)
            if option:
                options.append((option[1], self.value(arg.match_part(option, 2))))
            else:
                args.append(self.value(arg))
        spec = self.filters.get(name[0])
        if part.shadow.lstrip()[:1] in ("'", '"'):
            self.judge.quoted_filter(part.strip())
        else:
            self.judge.filter_name(name[0], part.match_part(name), self.filters)
            self.judge.colon(name[0], part.part(name.end(), len(part)).strip())
        given = len(args) + bool(options)
        if spec is not None and not spec[1] <= given <= spec[2]:
            self.judge.arguments(name[0], spec[1], spec[2], given, part.strip())
        place = (part.base + name.start(), part.base + name.end())
        written = part.text[name.start() :].rstrip()
        return FilterCall(name[0], spec, tuple(args), tuple(options), place, written)

    def condition(self, part: Markup) -> Condition | None:
        """The condition of if, elsif or unless; None when Ruby would refuse it."""
        if (terms := plain.condition(part.text)) is not None:
            return self._plain_condition(part.text, part.base, terms)
        self.judge.quotes(part)
        pieces = [part.match_part(found) for found in _CONDITIONS.finditer(part.shadow)]
        condition = self._comparison(pieces.pop()) if pieces else None
        while condition is not None and pieces:
            relation = pieces.pop().text.strip()
            above = self._comparison(pieces.pop()) if pieces else None
            if above is None or relation not in ("and", "or"):
                return None
            above.join(relation, condition)
            condition = above
        return condition

    def _plain_condition(self, text: str, base: int, terms: Sequence[plain.Term]) -> Condition:
        last: Condition | None = None
        relation: str | None = None
        for before, left, operator, right in reversed(terms):
            value = self._atom(text, base, left, question=True)
            other = NIL if operator is None else self._atom(text, base, right, question=True)
            made = Condition(value, operator, other)
            if last is not None and relation is not None:
                made.join(relation, last)
            last, relation = made, before
        assert last is not None
        return last

    def _comparison(self, part: Markup) -> Condition | None:
        match = _COMPARISON.search(part.shadow)
        if match is None:
            return None
        left, right = part.match_part(match, 1), part.match_part(match, 3) if match[3] else None
        self.judge.comparison(part, left, match[2], right, part.part(match.end(), len(part)).strip())
        if left.shadow == "not" or left.shadow[0] in "=!<>":
            self.known.add(left.shadow if left.shadow == "not" else "")
        return Condition(
            self.value(left, question=True), match[2], NIL if right is None else self.value(right, question=True)
        )


def _joined(cut: tuple[Node, tuple[FilterCall, ...]], *, printed: bool) -> Node:
    value, filters = cut
    if printed and isinstance(value, Path):
        value.printed = not filters or "default" not in [one.name for one in filters]
    return Filtered(value, filters) if filters else value


def _scan_steps(shadow: str) -> list[re.Match[str]]:
    """Ruby's VariableParser; behind the last `]` brackets cannot close, so none is looked for."""
    last = shadow.rfind("]") + 1
    return [*_STEPS.finditer(shadow, 0, last), *_STEPS_FLAT.finditer(shadow, last)]


def options_of(shadow: str) -> list[re.Match[str]]:
    """Ruby's TagAttributes: every `name: value` in a tag."""
    return list(_OPTION.finditer(shadow))
