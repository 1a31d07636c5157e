"""What a template sees and leaves behind while it renders."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from core.liquid.connected import Connected
from core.liquid.faults import LimitReached
from core.liquid.lint_reads import unknown_attribute
from core.liquid.names import ATTRIBUTES, ENGINE_NAMES, FIELDS, FILLED_SPACES, NOT_MISSED, SPACES, advice
from core.liquid.problems import Findings, nearest
from core.liquid.switches import left_open
from core.liquid.trace import COMPUTED, CONTAINERS, MAX_SPANS, WRITTEN, Origin, Span, Steps, Trace, covered
from core.render import ConnectedCall, PrintedKind, RenderData

if TYPE_CHECKING:
    from core.liquid.expressions import Path
    from core.liquid.nodes import Item

MISSING: Any = object()
SETTLED: Any = object()
Met = tuple[Any, Any, Any]
NOWHERE: Met = (SETTLED, COMPUTED, None)  # nothing of the data was met
MAX_MISSES = 50  # of one expression are looked into
MAX_TEXT = 5_000_000  # characters of one variable
MAX_LOOPS = 300_000  # iterations in all
DIRECT = "${}"  # the namespace of `${first_name}`


class Output(StringIO):
    """Text being written, and which node wrote which stretch of it."""

    def __init__(self) -> None:
        super().__init__()
        self.spans: list[Span] = []

    def adopt(self, node: Item, length: int, pieces: list[Span], between: Origin = WRITTEN) -> None:
        """`node` is about to write `length` characters, made of `pieces` of another Output and of text between them."""
        start = self.tell()
        self.spans += [
            (start + lo, start + hi, node, kind, steps) for lo, hi, _, kind, steps in covered(pieces, length, between)
        ]
        del self.spans[MAX_SPANS:]

    def say(self, node: Item, text: str, kind: PrintedKind, steps: Steps = ()) -> int:
        """Write what `node` says by itself."""
        if text and len(self.spans) < MAX_SPANS:
            start = self.tell()
            self.spans.append((start, start + len(text), node, kind, steps))
        return self.write(text)

    def take_over(self, other: Output) -> int:
        """Write what another Output holds; each piece keeps the node that wrote it."""
        start = self.tell()
        self.spans += [(start + lo, start + hi, node, kind, steps) for lo, hi, node, kind, steps in other.spans]
        del self.spans[MAX_SPANS:]
        return self.write(other.getvalue())


class Made(NamedTuple):
    """What a variable was made of: the field read last on the way, and for captured text its pieces."""

    steps: Steps
    pieces: list[Span]


class Context:
    """One render's variables in Ruby's scoping, its data, and what is traced and found on the way.

    `variables` is what assign and capture made; `scopes` are those of loops, innermost first, and then `variables`;
    `globals` is the data.
    """

    __slots__ = (
        *("_dice", "_render_borrowed", "_seed", "anchor", "assigned", "block_level", "borrowed", "borrowed_pieces"),
        *("calls", "changed", "connected", "counters", "cycles", "data", "findings", "globals", "interrupt"),
        *("iterations", "loop_drops", "made", "message_extras", "met", "misses", "now", "place", "promotions"),
        *("reader", "scopes", "stand_ins", "stops", "tags_off", "trace", "variables"),
    )

    def __init__(
        self,
        *,
        roots: Mapping[str, Any],
        data: RenderData,
        trace: Trace,
        findings: Findings,
        connected: Connected,
        now: datetime,
        assigned: frozenset[str],
        render_borrowed: Callable[[str, Context], str],
        seed: int = 0,
    ) -> None:
        self.globals = roots
        self.data = data
        self.stand_ins = set(data.stand_ins)  # those nobody was told of yet
        self.trace = trace
        self.findings = findings
        self.connected = connected
        self.now = now
        self.assigned = assigned
        self._seed = seed
        self._dice: random.Random | None = None
        self.variables: dict[str, Any] = {}
        self.scopes = [self.variables]
        self.counters: dict[str, int] = {}
        self.cycles: dict[str, int] = {}
        self.stops: dict[str, int] = {}  # where the last loop of a name stopped
        self.changed = ""  # what ifchanged saw last
        self.interrupt = ""  # a letter for each break and continue that no loop has met yet
        self.iterations = 0
        self.loop_drops: list[Any] = []
        self.message_extras: dict[str, str] = {}
        self.promotions: tuple[str, ...] = ()  # lists that borrowed texts mention
        self.calls: list[ConnectedCall] = []
        self.block_level = 0  # content blocks around what is rendered now
        self.anchor: tuple[int, int] | None = None  # where problems of borrowed text are shown
        self.borrowed = ""  # whose text that is
        self.reader: Path | None = None  # the author's expression that reads what borrowed text reads
        self.tags_off = False  # connected content and catalog tags do not run in borrowed text
        self.place = (0, 0)  # of the filter at work
        self._render_borrowed = render_borrowed
        # What was read last: its container, key and value. No container: the key is a variable's name. SETTLED in its
        # place: the key is the Origin itself.
        self.met = NOWHERE
        self.misses: dict[Path, int] = {}
        self.made: dict[str, Made] = {}
        self.borrowed_pieces: list[Span] = []  # of the text rendered last by `render_text`

    def lookup(self, name: str) -> Any:
        """The value of a plain name, or MISSING."""
        for scope in self.scopes:
            if name in scope:
                return scope[name]
        return self.outer(name)

    def outer(self, name: str) -> Any:
        """The counter of a name, or the data's value, or MISSING."""
        if name in self.counters:
            return self.counters[name]
        return self.globals.get(name, MISSING)

    @property
    def random(self) -> random.Random:
        """The dice of this render, thrown alike each time."""
        if self._dice is None:
            self._dice = random.Random(self._seed)  # noqa: S311 - a preview's dice, not a key
        return self._dice

    def render_text(self, text: str) -> str:
        """A text that is not the author's, rendered in the scope of the message."""
        return self._render_borrowed(text, self)

    def cycle(self, key: str, length: int) -> int:
        """Whose turn it is in the cycle of that key."""
        turn = self.cycles.get(key, 0)
        self.cycles[key] = turn + 1 if turn + 1 < length else 0
        return turn

    def ifchanged(self, text: str) -> bool:
        """Whether `text` differs from the last one asked about."""
        before, self.changed = self.changed, text
        return text != before

    def set(self, name: str, value: Any) -> None:
        """What assign does: the outermost scope. Raises LimitReached for text of millions of characters."""
        if isinstance(value, str) and len(value) > MAX_TEXT:
            raise LimitReached("limit-text", f"The variable {name} grew beyond 5,000,000 characters.", "")
        self.variables[name] = value
        self.made.pop(name, None)

    def made_of(self, name: str, pieces: list[Span] | None = None) -> None:
        """The variable `name` has just been set to something made of what was read last."""
        if self.met is not NOWHERE or pieces:
            self.made[name] = Made(self.origin()[1], pieces or [])

    def origin(self) -> Origin:
        """Where what was read last came from: a field of the data, or a variable with perhaps a field behind it."""
        holder, key, value = self.met
        if holder is SETTLED:
            return key  # type: ignore[no-any-return]
        if holder is None:
            return self._root_origin(key, value)
        steps = self.trace.place(holder, key, value)
        return COMPUTED if steps is None else ("field", steps)

    def _root_origin(self, name: str, value: object) -> Origin:
        steps: Steps | None
        if value.__class__ in CONTAINERS:
            steps = self.trace.origin(value)
            return COMPUTED if steps is None else ("field", steps)
        for scope in self.scopes:
            if name in scope:
                if scope is self.variables:
                    return ("computed", self.made[name].steps) if name in self.made else COMPUTED
                steps = scope.get("\0" + name)
                return COMPUTED if steps is None else ("field", steps)
        return COMPUTED if name in self.counters else ("field", (name,))

    def note(self, path: Path) -> None:
        """Trace what `path` has just met in the data; in borrowed text as read by what called it in."""
        origin = self.origin()
        value = self.met[2]
        self.met = (SETTLED, origin, value)
        if path.root in self.stand_ins:
            self._stands_in(path)
        if origin[0] == "field":
            self.trace.note(self.reader or path, origin[1], True, value)

    def took(self, path: Path, steps: Steps, value: Any) -> None:
        """A tag read the data at `steps` by itself: trace it as `path`."""
        self.trace.note(self.reader or path, steps, True, value)

    def _stands_in(self, path: Path) -> None:
        name = str(path.root)
        if any(name in scope for scope in self.scopes):
            return
        self.stand_ins.discard(name)
        self.report(
            "stand-in",
            path.start,
            path.end,
            f"{name} is this preview's own: no tag before this makes it, so in Braze it is empty here.",
            f"Call connected_content with :save {name} first, in this very field.",
        )

    def not_made(self, name: str) -> None:
        """A tag that would have made this variable did not: what the data holds under its name is not there either."""
        self.assigned |= {name}
        if name in self.globals:
            self.globals = {one: value for one, value in self.globals.items() if one != name}

    def tick(self, count: int) -> None:
        """Account for `count` iterations. Raises LimitReached beyond 300,000."""
        self.iterations += count
        if self.iterations > MAX_LOOPS:
            raise LimitReached("limit-loops", "The loops run more than 300,000 times.", "Give the loop a limit:.")

    def report(self, rule: str, start: int, end: int, message: str, hint: str) -> None:
        """Note a problem; one of borrowed text is shown where that text was called in."""
        if self.anchor is not None:
            start, end = self.anchor
            message = f"In {self.borrowed}: {message}"
        self.findings.add(rule, start, end, message, hint)

    def unclear(self, switch: str, message: str, place: tuple[int, int] | None = None) -> None:
        """Note that a page leaves open what was just done, unless somebody has decided it."""
        if switch not in self.data.switches.decided:
            self.report("unclear", *(place or self.place), message, left_open(switch))

    def missed(self, path: Path, holder: object, key: object, steps: Steps) -> None:
        """A name led nowhere: trace it, and say so when it looks like a mistake or leaves a hole in what is printed.

        `holder` is what was asked for `key`: MISSING for a name at the beginning of a path.
        """
        self.met = (SETTLED, ("computed", steps), None)
        self.trace.note(self.reader or path, steps, False, None)
        times = self.misses[path] = self.misses.get(path, 0) + 1
        if times > MAX_MISSES or not isinstance(key, str):
            return
        if holder is MISSING:
            self._missed_root(path, key)
        elif isinstance(holder, dict):
            self._missed_field(path, holder, key)
        elif holder is None:
            self._hole(path, f"{'.'.join(map(str, steps[:-1]))} is nil here, so {key} prints nothing.")

    def _missed_root(self, path: Path, name: str) -> None:
        if name in self.assigned or name in ENGINE_NAMES or name[:1].isdigit():
            return
        if self.data.is_bare and self.anchor is None:
            return  # lint has told of it, whatever branch is taken
        if not name:
            hint = "Names are letters, digits and underscores; texts stand between quotes."
            self.report("undefined-variable", path.start, path.end, f"{path.text[:40]} is no name.", hint)
            return
        close = nearest(name, [*self.assigned])
        told = advice(name)
        if close and not told:
            hint = f"Did you mean {close}?"
            self.report("misspelt-variable", path.start, path.end, f"Nothing is called {name}.", hint)
            return
        close = None if told else nearest(name, [one for one in self.globals if one != DIRECT])
        hint = told or "Set it with assign or capture, or give it in the data."
        if close:
            hint = f"Did you mean {close}?"
        elif name in ATTRIBUTES:
            hint = f"Did you mean ${{{name}}}?"
        self.report("undefined-variable", path.start, path.end, f"Nothing is called {name}.", hint)

    def _missed_field(self, path: Path, holder: dict[str, Any], key: str) -> None:
        documented: frozenset[str] = frozenset()
        if path.space not in (None, DIRECT) and path.space not in SPACES and path.space not in self.globals:
            close = nearest(path.space or "", [*SPACES])
            hint = f"Did you mean {close}?" if close else "See Braze's list of personalization tags."
            self.report("unknown-namespace", path.start, path.end, f"Braze knows no {path.space}.${{...}}.", hint)
            return
        if path.space is not None:
            documented = ATTRIBUTES if path.space == DIRECT else FIELDS.get(path.space, frozenset())
        if documented and key not in documented:
            space = None if path.space == DIRECT else path.space
            if self.anchor is not None:  # lint has told of the author's own text, and does not read borrowed ones
                self.report(*unknown_attribute(space, key, (path.start, path.end)))
            return
        if not key and path.space is not None:
            return
        close = nearest(key, [*holder, *documented]) if key not in documented else None
        if close and close != key:
            hint = f"Did you mean {close}?"
            self.report("undefined-variable", path.start, path.end, f"There is no {key} here.", hint)
            return
        if path.space not in FILLED_SPACES and not (path.space == DIRECT and key in NOT_MISSED):
            self._hole(path, f"{key} has no value here, so nothing is printed.")

    def _hole(self, path: Path, message: str) -> None:
        """Of a template that is looked at without data lint tells, whatever branch is taken."""
        if path.printed and not self.data.is_bare:
            self.report("missing-default", path.start, path.end, message, "Add | default: '...'.")
