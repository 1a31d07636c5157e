"""`render`: a Liquid template as a customer would get it, and what is wrong with it."""

from __future__ import annotations

import os
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.borrowed import NOTHING_BORROWED, Borrowed
from core.channels.document import Message
from core.channels.fields import MESSAGE, parse_channel
from core.channels.rendering import RenderedMessage, render_message
from core.channels.view import channel_words
from core.clean import safe
from core.customers import exact_ref
from core.deck import Deck
from core.errors import Exit, InvalidInput, OfferdeckError
from core.profiles import parse_culture
from core.render import REFUSED_CALL, RenderData, Rendered, Renders
from tui.cli.arguments import Arguments, Parser, profile_name
from tui.cli.given import read_given, read_given_json
from tui.cli.running import wait_for
from tui.cli.voice import Voice

if TYPE_CHECKING:
    from core.desk import Desk
    from core.subjects import Subject

CONNECTED = ("off", "stub", "live")
_MORE = """\
The data is one JSON object. Its keys, each an object unless said otherwise:
  attributes              ${first_name}, ${language} ...
  custom_attribute, event_properties, api_trigger_properties,
  canvas_entry_properties, context, campaign, canvas, subscribed_state,
  targeted_device, most_recently_used_device, app, card, sms
                          the namespace of that name
  content_blocks          {name: text}
  catalogs                {catalog: {id: {column: value}}}
  selections              {catalog: {name: [ids]}}
  promotions              {list: [codes]}
  variables               plain variables, {"wallet": {...}}
  translations            {locale: {id: text}}; locale: text, the user's
  connected_content       a list of recorded answers for --connected stub,
                          [{"method", "url", "status", "headers", "body"}]
  now                     text, the clock: 2026-11-21T09:30:00Z
  switches                {name: reading}, as problems name them

With --profile, --customer or --connected live, Content Blocks and catalog
items that the data lacks are read from Braze. --customer answers the call for
its wallet with --connected stub, too. What the data says goes before all.

What a terminal would obey is shown as an escape; --json has the text itself.
Exit code 1: the message failed or is aborted; 5: a call that a guard refused
left nothing of it; 0 with problems, which stand on stderr or in the JSON.
"""


def run(command: str, words: list[str], voice: Voice) -> int:
    """Render a template."""
    arguments = _parser(command).read(words, voice)
    if arguments.file == arguments.data == "-":
        raise InvalidInput("The template and its data cannot both be the standard input.", "Give one as a file.")
    if arguments.culture is not None:
        parse_culture(arguments.culture)
        if arguments.customer is None:
            voice.say("--culture is the language of a customer's wallet; there is no --customer.")
    asked = None if arguments.channel is None else parse_channel(arguments.channel)
    deck = Deck.create(os.environ)
    message = Message.parse(read_given(deck, arguments.file, voice), asked.name if asked else None)
    raw = {} if arguments.data is None else read_given_json(deck, arguments.data, voice)
    if asked and message.channel is not asked:
        voice.say(f"The text says {message.channel.name} itself; --channel is for one that does not say.")
    return wait_for(_render(deck, arguments, message, raw, voice))


def _parser(command: str) -> Parser:
    parser = Parser(command, "A Liquid template as a customer would get it.")
    parser.formatter_class, parser.epilog = RawDescriptionHelpFormatter, _MORE
    parser.add_argument("file", metavar="FILE", help="the template; - is the standard input")
    parser.add_argument("--data", metavar="FILE", help="what it may read, as JSON; - is the standard input")
    parser.add_argument("--customer", metavar="ID", help="fill in this customer's attributes and live wallet")
    parser.add_argument("--culture", metavar="C", help="the wallet's language (else the profile's)")
    parser.add_argument(
        "--channel", metavar="NAME", help="email, sms, webhook, ios_push ... for a text that does not say"
    )
    parser.add_argument(
        "--connected",
        choices=CONNECTED,
        default="off",
        help="Connected Content: off, stub (recorded answers), live (called, under the profile's guards)",
    )
    return parser


async def _render(deck: Deck, arguments: Arguments, message: Message, raw: Any, voice: Voice) -> int:
    data = RenderData.from_json(raw)
    deck.on_wait = lambda s: voice.say(f"A pause of {round(s)} s …") if s >= 1 else None
    at_a_profile = bool(arguments.profile) or arguments.customer is not None or arguments.connected == "live"
    try:
        if at_a_profile:
            desk = await deck.open(profile_name(deck, arguments), writing=False)
            made = await _made_at(desk, deck, arguments, message, raw, voice)
        else:
            made = await render_message(deck.renderer().render, message, data, connected=arguments.connected)
    finally:
        await deck.close()
    _show(voice, made, at_a_profile=at_a_profile)
    return _exit_of(made.whole())


async def _made_at(
    desk: Desk, deck: Deck, arguments: Arguments, message: Message, raw: Mapping[str, Any], voice: Voice
) -> RenderedMessage:
    """With what the profile adds: a customer, its addresses, and of the Braze workspace what the data lacks."""
    from core.messages import message_data
    from core.subjects import Subject

    live = arguments.connected == "live"
    subject = Subject() if arguments.customer is None else await _subject(desk, arguments, voice)
    data = message_data(subject, None, desk.profile, override=raw, live=live)
    data = replace(data, one_of_many=raw.get("one_of_many") is True)
    renderer, now = deck.renderer(), desk.clock.now()
    if live:
        return await render_message(desk.live_renderer(renderer).render, message, data, connected="live", now=now)
    offline = data if arguments.connected == "stub" else replace(data, connected_content=())
    made, borrowed = await _with_workspace(desk, renderer, message, offline, now)
    if arguments.connected == "stub":
        return made
    made = await render_message(renderer.render, message, borrowed.with_data(data), connected="off", now=now)
    # A render with everything off tells neither what it lacks nor why; one without recordings lacks the same.
    told = {problem.message for problem in made.problems}
    for words in dict.fromkeys(
        f"{one['message']} {one['hint']}" for one in borrowed.sources if one["message"] not in told
    ):
        voice.say(words)
    return made


async def _with_workspace(
    desk: Desk, renderer: Renders, message: Message, data: RenderData, now: datetime
) -> tuple[RenderedMessage, Borrowed]:
    """Rendered with recorded answers, and with the Content Blocks and catalog items of Braze that the data lacks.

    Where Braze fails for one of a kind the others of it are not asked for: each could take its three quarters of a
    minute. A block may name a block, and an id may be new at every render, so it ends after as many rounds as the
    workspace allows.
    """
    from core.workspace import MOST_ROUNDS

    failed: dict[str, Mapping[str, Any]] = {}
    unread: list[Mapping[str, Any]] = []
    borrowed = NOTHING_BORROWED
    for _ in range(MOST_ROUNDS + 1):
        made = await render_message(renderer.render, message, borrowed.with_data(data), connected="stub", now=now)
        if not made.lacks:
            break
        for want in made.lacks:
            if want.kind in failed:
                head = {"kind": want.kind, "request": dict(want.request), "outcome": "failed"}
                words = f"Not read from Braze, for the one before failed. {failed[want.kind]['message']}"
                unread.append(head | {"message": words, "hint": failed[want.kind]["hint"]})
            elif (answer := await desk.workspace.answer(want))["outcome"] == "failed":
                failed[want.kind] = answer
        known = desk.workspace.known
        borrowed = replace(known, sources=(*known.sources, *unread), reads_braze=False)
    return made, borrowed


def _exit_of(rendered: Rendered) -> Exit:
    """A refused call is a problem in the answer; it is the exit code only where the text came to nothing with it."""
    if rendered.status == "rendered":
        return Exit.OK
    stopped = any(problem.rule == REFUSED_CALL for problem in rendered.problems)
    return Exit.GUARDED if stopped else Exit.REFUSED


async def _subject(desk: Desk, arguments: Arguments, voice: Voice) -> Subject:
    """The customer with the live wallet, and what Braze knows of the person."""
    from core.subjects import Part, Subject

    customer = await desk.known_by(exact_ref(arguments.customer))
    culture = parse_culture(arguments.culture or desk.profile.culture)
    pages = [page async for page in desk.sessionm.wallet(customer.user_id, culture)]
    subject = Subject(arguments.customer, culture, customer=Part(customer), wallet=Part(pages[-1]))
    try:
        return replace(subject, braze=Part(await desk.braze.link(customer)))
    except OfferdeckError as error:
        voice.say(f"Braze could not be asked, so attributes come from SessionM. {error}")
        return subject


def _show(voice: Voice, made: RenderedMessage, *, at_a_profile: bool) -> None:
    """The text, or for several fields the document with each rendered; as JSON the channel's fields by name as well."""
    rendered, channel = made.whole(), made.message.channel
    if voice.json:
        fields = {name: field.output for name, field in made.fields.items()}
        named = {} if channel is MESSAGE else {"channel": channel.name, "fields": fields}
        voice.data({**rendered.to_json(), **named})
        return
    if rendered.status == "rendered":
        voice.text(rendered.output)
        if channel is not MESSAGE:
            voice.say(", ".join(channel_words(made)) + ".")
        if rendered.message_extras:
            extras = ", ".join(f"{key}={value}" for key, value in rendered.message_extras.items())
            voice.say(f"Message extras: {extras}.")
    for call in rendered.calls:
        took = "" if call.milliseconds is None else f", {call.milliseconds} ms"
        voice.say(f"{call.method} {safe(call.url)}: {call.status or 'no answer'}{took}")
    for problem in rendered.problems:
        voice.say(f"{problem.line}:{problem.column} {problem.severity}: {problem.message} [{problem.rule}]")
        if problem.hint:
            voice.say(f"    {problem.hint}")
    for way in _ways_on(made, at_a_profile=at_a_profile):
        voice.say(way)
    if rendered.status == "aborted":
        reason = (rendered.abort_reason or "no reason given").rstrip(".")
        voice.say(f"Aborted: {reason}. Braze would not send this message.")


def _ways_on(made: RenderedMessage, *, at_a_profile: bool) -> Iterator[str]:
    """What an option would have filled in."""
    rules = {problem.rule for problem in made.problems}
    if "connected-off" in rules:
        yield "--connected stub takes the answers that the data holds, --connected live really calls."
    if not at_a_profile and rules & {"unknown-content-block", "no-catalog-data", "catalog-item-missing"}:
        yield "--profile NAME reads from Braze what the data lacks of Content Blocks and catalogs."
