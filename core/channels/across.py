"""What a field does not see though the preview has it at hand: what another field makes, what the channel never has."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import replace

from core.channels.document import Field, Message
from core.channels.limits import NO_TARGETED_DEVICE, TARGETED_DEVICE
from core.render import Connected, Problem, RenderData, Rendered

EXHAUSTED = frozenset({"limit-time", "renderer-died"})  # a render that took all of its time

_ROOT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_narrowed: deque[tuple[RenderData, RenderData]] = deque(maxlen=2)  # the renderer keeps data by identity


def as_in(message: Message, data: RenderData) -> RenderData:
    """`data` as the message's channel has it: no targeted device in an email or a Content Card; the same value for the
    same data."""
    if message.channel not in NO_TARGETED_DEVICE or TARGETED_DEVICE not in data.namespaces:
        return data
    known = next((made for given, made in _narrowed if given is data), None)
    if known is None:
        namespaces = {name: fields for name, fields in data.namespaces.items() if name != TARGETED_DEVICE}
        known = replace(data, namespaces=namespaces)
        _narrowed.append((data, known))
    return known


def without(data: RenderData, names: Collection[str]) -> RenderData:
    """`data` without these stand-ins."""
    return replace(
        data,
        variables={name: value for name, value in data.variables.items() if name not in names},
        stand_ins=tuple(name for name in data.stand_ins if name not in names),
    )


def stood_in(name: str, fields: Mapping[str, Rendered], data: RenderData, connected: Connected) -> set[str]:
    """The stand-ins that the field read though another one makes them: Braze has nothing under that name in it.

    None for a field that cannot be rendered once more: it ran out of time, or would call somebody again.
    """
    own = fields.get(name)
    if own is None or (connected == "live" and own.calls) or any(one.rule in EXHAUSTED for one in own.problems):
        return set()
    others = {made for other, rendered in fields.items() if other != name for made in rendered.assigned}
    made = others.intersection(data.stand_ins).difference(own.assigned)
    if any(one.rule == "stand-in" for one in own.problems):
        return made
    return made.intersection(read.path[0] for read in own.reads if read.path)


def across_fields(message: Message, fields: Mapping[str, Rendered], data: RenderData) -> dict[str, Rendered]:
    """Each render with the reason told where a variable is empty because another field makes it; what the channel never
    has is no hole that a default would fill."""
    makers: dict[str, str] = {}
    for name, rendered in fields.items():
        for variable in rendered.assigned:
            makers.setdefault(variable, name)
    no_device = message.channel in NO_TARGETED_DEVICE
    if not makers and not no_device:
        return dict(fields)
    told: dict[str, Rendered] = {}
    for field in message.fields:
        if field.name in fields:
            own, lines = fields[field.name], field.text.split("\n")
            problems = (_told(one, field, lines, makers, data) for one in own.problems)
            kept = tuple(one for one in problems if not (no_device and _is_no_device(one, field, lines)))
            told[field.name] = replace(own, problems=kept)
    return told


def _root_at(problem: Problem, field: Field, lines: list[str]) -> str:
    """The name at which the problem points in the field's own text; empty if it is none."""
    at = problem.line - field.line
    root = _ROOT.match(lines[at], problem.column - 1) if 0 <= at < len(lines) else None
    return root[0] if root else ""


def _is_no_device(problem: Problem, field: Field, lines: list[str]) -> bool:
    return problem.rule == "missing-default" and _root_at(problem, field, lines) == TARGETED_DEVICE


def _told(problem: Problem, field: Field, lines: list[str], makers: Mapping[str, str], data: RenderData) -> Problem:
    if problem.rule not in ("undefined-variable", "stand-in"):
        return problem
    name = _root_at(problem, field, lines)
    maker = makers.get(name)
    if maker is None or maker == field.name or (name in data.variables and name not in data.stand_ins):
        return problem
    return replace(
        problem,
        rule="other-field-variable",
        message=f"{name} is made in {maker}; each field is rendered on its own, so here it is empty.",
        hint=f"Make it here too: repeat the assign, capture or connected_content of {maker}.",
    )
