"""What `tag`, `send` and `ledger replay` share: the exact request, the review, the question, the receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from core.desk import Desk
from core.errors import Exit, Guarded
from core.outcomes import Outcome
from core.planning import body_preview
from core.plans import Confirmation, Plan, PlanKind, Receipt
from core.profiles import Profile
from tui.cli.arguments import Arguments
from tui.cli.voice import Voice

_CODES = {
    Outcome.SENT: Exit.OK,
    Outcome.REJECTED: Exit.REFUSED,
    Outcome.NOT_SENT: Exit.TRY_AGAIN,
    Outcome.UNKNOWN: Exit.UNKNOWN,
}


def check_may_write(arguments: Arguments, profile: Profile, voice: Voice) -> None:
    """Raises Guarded where a write could not go whatever comes: before anything is read or asked."""
    if arguments.dry_run:
        return
    if not arguments.confirm and not voice.can_ask:
        raise Guarded(
            "A write without a terminal needs --confirm. Nothing was sent.", "See what it would send with --dry-run."
        )
    if profile.starts_read_only and not arguments.unlock_production:
        raise Guarded(
            f"{profile.name} is production and read-only. Nothing was sent.",
            "Say --unlock-production beside --confirm.",
        )


async def carry_out(voice: Voice, desk: Desk, plan: Plan, arguments: Arguments) -> int:
    """Show, ask where there is somebody to ask, send, tell. The exit code says what became of it.

    Raises Guarded when a guard or a person stopped it, and what the credentials lack: then nothing left.
    """
    if arguments.dry_run:
        show_request(voice, plan)
        return Exit.OK
    if arguments.unlock_production:
        desk.gate.unlock()
    if desk.gate.refusal is not None:
        raise desk.gate.refusal
    phrase = plan.phrase
    if arguments.confirm:
        _say_warnings(voice, plan)
    else:
        show_review(voice, plan)
        phrase = _ask(voice, plan)
    confirmation = Confirmation(plan.id, plan.digest, phrase)
    try:
        receipt = await desk.execute(plan, confirmation, on_wait=lambda s: voice.say(f"A pause of {round(s)} s …"))
    except asyncio.CancelledError:
        voice.say(f"Stopped. What became of it: offerdeck ledger show {plan.id[:12]}")
        raise
    voice.has_receipt = True
    show_receipt(voice, plan, receipt)
    return Exit.CREDENTIALS if receipt.status == 401 else _CODES[receipt.outcome]


def _ask(voice: Voice, plan: Plan) -> str:
    """The phrase of a confirmed plan. Raises Guarded for anything but a clear yes."""
    if plan.phrase:
        answer = voice.ask(f"To send, type: {plan.phrase}\n> ").strip()
        agreed = answer == plan.phrase
    else:
        answer = voice.ask("Send it? Type yes; anything else sends nothing. [no] ").strip()
        agreed = answer.lower() in ("y", "yes")
    if not agreed:
        raise Guarded("Nothing was sent.", "")
    return plan.phrase


def show_request(voice: Voice, plan: Plan) -> None:
    """The exact request, placeholders for secrets; nothing is sent."""
    voice.say("This would be sent; nothing was.")
    _say_warnings(voice, plan)
    call = plan.call
    if voice.json:
        voice.data(
            {
                "dry_run": True,
                "profile": plan.profile,
                "method": call.method,
                "url": plan.base_url + call.target,
                "headers": dict(call.headers),
                "body": call.body_json,
                "sha256": call.digest,
                "http": call.http(plan.base_url),
                "curl": call.curl(plan.base_url),
                "warnings": list(plan.warnings),
            }
        )
        return
    voice.text(call.http(plan.base_url))
    voice.line()
    voice.text(call.curl(plan.base_url))


def _say_warnings(voice: Voice, plan: Plan) -> None:
    for warning in plan.warnings:
        voice.say(f"! {warning}")


def show_review(voice: Voice, plan: Plan) -> None:
    """What a person is asked to agree to; narration, since it is no result."""
    voice.say(f"{plan.profile} · {plan.environment} · {plan.base_url}")
    width = max(len(line.label) for line in plan.lines)
    for line in plan.lines:
        voice.say(f"  {line.label:<{width}}  {line.value}" + (f"  ({line.note})" if line.note else ""))
    for warning in plan.warnings:
        voice.say(f"  ! {warning}")
    voice.say(f"  {plan.call.method} {plan.call.target}")
    for text in body_preview(plan).splitlines():
        voice.say(f"  {text}")
    voice.say(f"  sha256 {plan.call.digest[:16]}…")


def show_receipt(voice: Voice, plan: Plan, receipt: Receipt) -> None:
    """What became of it."""
    for warning in receipt.warnings:
        voice.say(f"! {warning}")
    if receipt.outcome is Outcome.UNKNOWN:
        voice.say(f"It may have happened. Do not repeat it blindly: offerdeck ledger show {plan.id[:12]}")
    elif receipt.outcome is Outcome.NOT_SENT:
        voice.say("Nothing happened. Try again.")
    if voice.json:
        voice.data(receipt_json(plan, receipt))
        return
    words = "accepted" if receipt.outcome is Outcome.SENT else receipt.outcome.replace("_", " ")
    voice.pairs(
        (
            ("outcome", words),
            ("reason", receipt.reason),
            ("dispatch id", receipt.reference),
            ("ledger", plan.id[:12]),
        )
    )


def receipt_json(plan: Plan, receipt: Receipt) -> Mapping[str, Any]:
    """The receipt as data: `outcome` is sent (accepted by the service), rejected, not_sent or unknown."""
    shown: dict[str, Any] = {
        "outcome": receipt.outcome.value,
        "reason": receipt.reason,
        "warnings": list(receipt.warnings),
        "status": receipt.status,
        "entry_id": plan.id,
        "profile": plan.profile,
        "attempts": receipt.attempts,
        "elapsed_s": round(receipt.elapsed_s, 3),
    }
    body = plan.call.body_json
    if plan.kind is PlanKind.TAG:
        return shown | {"user_id": plan.recipients[0], "tags": body["tags"], "ttl": body.get("ttl")}
    target = "campaign_id" if plan.kind is PlanKind.CAMPAIGN else "canvas_id"
    return shown | {
        target: plan.target_id,
        "recipients": list(plan.recipients),
        "dispatch_id": receipt.reference or None,
    }
