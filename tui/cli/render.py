"""`render`: a Liquid template as a customer would get it, and what is wrong with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from core.channels.document import Message
from core.channels.fields import MESSAGE, parse_channel
from core.channels.rendering import RenderedMessage, render_message
from core.channels.view import channel_words
from core.customers import BrazeLink, exact_ref
from core.deck import Deck
from core.errors import Exit, InvalidInput, OfferdeckError
from core.previews import with_customer
from core.profiles import parse_culture
from core.render import REFUSED_CALL, RenderData, Rendered, Renders
from tui.cli.arguments import Arguments, Parser, profile_name
from tui.cli.given import read_given, read_given_json
from tui.cli.running import wait_for
from tui.cli.voice import Voice

if TYPE_CHECKING:
    from core.desk import Desk

CONNECTED = ("off", "stub", "live")


def run(command: str, words: list[str], voice: Voice) -> int:
    """Render a template."""
    parser = Parser(command, "A Liquid template as a customer would get it.")
    parser.add_argument("file", metavar="FILE", help="the template; - is the standard input")
    parser.add_argument("--data", metavar="FILE", help="what it may read, as one JSON object; - is the standard input")
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
    return wait_for(_render(parser.read(words, voice), voice))


async def _render(arguments: Arguments, voice: Voice) -> int:
    if arguments.file == arguments.data == "-":
        raise InvalidInput("The template and its data cannot both be the standard input.", "Give one as a file.")
    deck = Deck.create(os.environ)
    try:
        template = read_given(deck, arguments.file, voice)
        data = RenderData.from_json(read_given_json(deck, arguments.data, voice) if arguments.data else {})
        renders: Renders = deck.renderer()
        if arguments.customer or arguments.connected == "live":
            desk = await deck.open(profile_name(deck, arguments), writing=False)
            if arguments.customer:
                data = await _with_customer(desk, arguments, data, voice)
            renders = desk.live_renderer(renders)
        message = Message.parse(template, arguments.channel)
        made = await render_message(renders.render, message, data, connected=arguments.connected)
    finally:
        await deck.close()
    if arguments.channel and message.channel is not parse_channel(arguments.channel):
        voice.say(f"The text says {message.channel.name} itself; --channel is for one that does not say.")
    _show(voice, made)
    return _exit_of(made.whole())


def _exit_of(rendered: Rendered) -> Exit:
    """A refused call is a problem in the answer; it is the exit code only where the text came to nothing with it."""
    if rendered.status == "rendered":
        return Exit.OK
    stopped = any(problem.rule == REFUSED_CALL for problem in rendered.problems)
    return Exit.GUARDED if stopped else Exit.REFUSED


async def _with_customer(desk: Desk, arguments: Arguments, data: RenderData, voice: Voice) -> RenderData:
    """The data completed by the live wallet and what Braze and SessionM know of the person."""
    customer = await desk.known_by(exact_ref(arguments.customer))
    culture = parse_culture(arguments.culture or desk.profile.culture)
    pages = [page async for page in desk.sessionm.wallet(customer.user_id, culture)]
    link: BrazeLink | None = None
    try:
        link = await desk.braze.link(customer)
    except OfferdeckError as error:
        voice.say(f"Braze could not be asked, so attributes come from SessionM. {error}")
    return with_customer(data, customer=customer, link=link, wallet=pages[-1])


def _show(voice: Voice, made: RenderedMessage) -> None:
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
    for problem in rendered.problems:
        voice.say(f"{problem.line}:{problem.column} {problem.severity}: {problem.message} [{problem.rule}]")
        if problem.hint:
            voice.say(f"    {problem.hint}")
    if rendered.status == "aborted":
        reason = (rendered.abort_reason or "no reason given").rstrip(".")
        voice.say(f"Aborted: {reason}. Braze would not send this message.")
