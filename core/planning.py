"""Making plans: from what a person chose to the exact call, in the words of the review. Pure, no clock of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from core.braze.calls import trigger_call
from core.calls import Call, encode_json
from core.clean import safe, shown_json
from core.composing import Usage
from core.customers import BrazeLink, Customer, IdMatch
from core.errors import Guarded, InvalidInput
from core.plans import Line, Plan, PlanKind
from core.profiles import Environment, Profile
from core.sends import Broadcast, Recipients, Target, TargetKind, holds_liquid
from core.sessionm.calls import post_tags_call
from core.shapes import LOST, is_whole
from core.tags import Tag, Ttl, check_tag_names, tag_warnings


def plan_tags(
    profile: Profile,
    user_id: str,
    names: tuple[str, ...],
    ttl: Ttl | None,
    *,
    plan_id: str,
    now: datetime,
    zone: tzinfo | None = None,
    customer: Customer | None = None,
    current: Sequence[Tag] | None = None,
) -> Plan:
    """A plan to set `names` on one customer. Raises InvalidInput for names or ids that cannot go out."""
    names = check_tag_names(names)
    if not is_whole(user_id):
        raise InvalidInput(f"The id {user_id!r} holds characters that cannot be seen.", "Type it again.")
    call = post_tags_call(user_id, names, ttl.seconds if ttl else None)
    kind = "expiring" if ttl else "counter"
    shown = ", ".join(names)
    lines = (
        Line("tags", shown, f"{len(names)} {kind}" if len(names) > 1 else kind),
        Line("goes to", "1 person", _person(user_id, customer)),
        Line("ttl", ttl.words(zone, now) if ttl else "none", "" if ttl else "each post adds 1"),
        Line("will create", *_named_tags(names, current, present=False)),
        Line("will change", *_named_tags(names, current, present=True)),
    )
    warnings = tag_warnings(names, ttl, current)
    plan = _plan(profile, PlanKind.TAG, call, (user_id, shown), (user_id,), lines, warnings, plan_id, now)
    # Nobody types a dozen names without a slip, and slips end in pasting unread: many are confirmed by their count.
    return replace(plan, phrase=f"{len(names)} tags") if plan.phrase and len(names) > 3 else plan


def plan_send(
    profile: Profile,
    target: Target,
    audience: Recipients | Broadcast,
    properties: Mapping[str, Any],
    *,
    plan_id: str,
    now: datetime,
    customer: Customer | None = None,
    link: BrazeLink | None = None,
) -> Plan:
    """A plan to trigger `target` for named people.

    Raises Guarded for a whole segment, which nothing here can send, and InvalidInput for what Braze would refuse.
    """
    if isinstance(audience, Broadcast):
        raise Guarded("Sending to a whole segment is not possible here.", "Name the recipients.")
    call = trigger_call(target.kind, target.id, audience, properties)
    people = audience.ids
    size = len(encode_json(dict(properties))) if properties else 0
    noun = "1 person" if len(people) == 1 else f"{len(people)} people"
    lines = (
        Line(target.kind.noun, target.name or "name not known", _target_note(target)),
        Line("goes to", noun, _people(people, customer, link), _id_mark(people, customer, link)),
        Line("whole segm.", "no", 'the request says so: "broadcast": false', "ok"),
        Line("properties", _named(tuple(map(safe, properties))), f"{size / 1000:.1f} of 50 kB"),
        Line("will create", "nothing", "Braze sends to existing users only"),
        Line("will overwrite", "nothing"),
    )
    warnings = _send_warnings(target, people, properties, customer, link)
    name = (target.id, target.name)
    kind = PlanKind.CAMPAIGN if target.kind is TargetKind.CAMPAIGN else PlanKind.CANVAS
    return _plan(profile, kind, call, name, people, lines, warnings, plan_id, now)


def with_usage(plan: Plan, usage: Usage) -> Plan:
    """The same send, its review telling which properties the message reads; what leaves is not touched."""
    if not usage.used and not usage.missing:
        words, mark = "the message reads none of them" if usage.unused else "the message reads none", ""
    elif usage.missing:
        words, mark = f"the message also reads {', '.join(map(safe, usage.missing))}", "warn"
    elif usage.unused:
        words, mark = f"the message reads {len(usage.used)} of {len(usage.used) + len(usage.unused)}", "ok"
    else:
        words, mark = f"all {len(usage.used)} read by the message", "ok"
    lines = tuple(
        replace(line, note=f"{line.note} · {words}", mark=mark) if line.label == "properties" else line
        for line in plan.lines
    )
    missing = (f"The message reads {safe(key)}, which is not among the properties." for key in usage.missing)
    return replace(plan, lines=lines, warnings=(*plan.warnings, *missing))


def _plan(
    profile: Profile,
    kind: PlanKind,
    call: Call,
    target: tuple[str, str],
    recipients: tuple[str, ...],
    lines: tuple[Line, ...],
    warnings: tuple[str, ...],
    plan_id: str,
    now: datetime,
) -> Plan:
    target_id, target_name = target
    production = profile.environment is Environment.PRODUCTION
    return Plan(
        id=plan_id,
        kind=kind,
        profile=profile.name,
        environment=profile.environment,
        base_url=profile.url(call.service),
        call=call,
        target_id=target_id,
        target_name=target_name,
        recipients=recipients,
        lines=lines,
        warnings=warnings,
        made_at=now,
        # Stripped as what is typed is: a name of spaces alone would ask for nothing.
        phrase=(target_name.strip() or target_id.strip()) if production else "",
    )


def _send_warnings(
    target: Target,
    people: tuple[str, ...],
    properties: Mapping[str, Any],
    customer: Customer | None,
    link: BrazeLink | None,
) -> tuple[str, ...]:
    warnings = []
    if target.archived or target.draft or target.enabled is False:
        warnings.append(f"This {target.kind.noun} is {target.state_words}: Braze may accept the call and send nothing.")
    if target.enabled is None:
        warnings.append(f"Whether this {target.kind.noun} is enabled is not known.")
    if customer is not None and customer.user_id in people and link is not None and link.match is not IdMatch.MATCH:
        known = (
            f"Braze knows this person as {link.user.external_id}" if link.user else "Braze does not know this person"
        )
        warnings.append(f"{known}: the recipient may not be found, and Braze would not say so.")
    if customer is not None and customer.suspended:
        warnings.append("SessionM has suspended this customer.")
    if holds_liquid(dict(properties)):
        warnings.append("A property holds {{ or {%: Braze evaluates Liquid in a request.")
    if LOST.encode() in encode_json(dict(properties)):
        warnings.append(f"A property holds {LOST} where a character was broken before it came here.")
    return tuple(warnings)


def _person(user_id: str, customer: Customer | None) -> str:
    return f"{customer.name} · {safe(user_id)}" if customer is not None else safe(user_id)


def _people(people: tuple[str, ...], customer: Customer | None, link: BrazeLink | None) -> str:
    if len(people) == 1 and customer is not None and people[0] == customer.user_id:
        agree = {IdMatch.MATCH: " · ids agree", IdMatch.MISMATCH: " · ids disagree", IdMatch.MISSING: " · not in Braze"}
        return _person(people[0], customer) + (agree[link.match] if link else "")
    shown = people if len(people) <= 4 else (*people[:3], "…", people[-1])
    return ", ".join(map(safe, shown))


def _id_mark(people: tuple[str, ...], customer: Customer | None, link: BrazeLink | None) -> str:
    if customer is None or link is None or people != (customer.user_id,):
        return ""
    return "ok" if link.match is IdMatch.MATCH else "warn"


def _target_note(target: Target) -> str:
    parts = (safe(target.id), ", ".join(target.channels), target.state_words)
    return " · ".join(part for part in parts if part)


def _named_tags(names: tuple[str, ...], current: Sequence[Tag] | None, *, present: bool) -> tuple[str, str]:
    if current is None:
        return "not known", "the tags of this customer were not read"
    known = {tag.name for tag in current}
    return _named(tuple(name for name in names if (name in known) is present)), ""


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "nothing"


def body_preview(plan: Plan) -> str:
    """The body of the plan's call, indented for reading, fit to show; what leaves are the compact bytes."""
    return "" if plan.call.body is None else shown_json(plan.call.body_json, indent=2)
