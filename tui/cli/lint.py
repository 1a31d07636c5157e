"""`lint`: what is wrong with messages, without data, as a compiler says it; and the rules there are."""

from __future__ import annotations

import os
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from core.channels.document import Message
from core.channels.fields import parse_channel
from core.channels.linting import lint_problems
from core.channels.rendering import render_message
from core.channels.rules import Entry, catalogue
from core.clean import safe
from core.deck import Deck
from core.errors import Exit, InvalidInput
from core.render import Problem, RenderData
from tui.cli.arguments import Arguments, Parser
from tui.cli.columns import Column
from tui.cli.given import read_given
from tui.cli.running import wait_for
from tui.cli.voice import Voice

_MORE = """\
A problem is a line FILE:LINE:COLUMN: severity: ..., or with --json one of
{"problems": [{"rule", "severity", "message", "hint", "line", "column",
"end_line", "end_column"}]}, of several files with its "file" as well.

Exit code 0: nothing, or hints and warnings only; 1: an error among them;
2: a file could not be read, or the words of the command make no sense.
"""
_COLUMNS = (Column("RULE"), Column("SEVERITY"), *(Column(name, shrinks=True) for name in ("WHAT", "WHY", "SOURCE")))


def run(command: str, words: list[str], voice: Voice) -> int:
    """Judge messages, or tell the rules."""
    parser = Parser(command, "A template's problems, without data; exit 1 when one is an error.")
    parser.formatter_class, parser.epilog = RawDescriptionHelpFormatter, _MORE
    parser.add_argument("file", metavar="FILE", nargs="*", help="a template; - is the standard input")
    parser.add_argument("--channel", metavar="NAME", help="email, sms, webhook ... for texts that do not say")
    parser.add_argument("--rules", action="store_true", help="the rules: all, or those named instead of files")
    arguments = parser.read(words, voice)
    if arguments.rules:
        return _show_rules(voice, arguments.file)
    if not arguments.file:
        parser.error("the following arguments are required: FILE")
    if arguments.file.count("-") > 1:
        raise InvalidInput("The standard input can be read once only.", "Name - once.")
    if arguments.channel is not None:
        parse_channel(arguments.channel)
    deck = Deck.create(os.environ)
    texts = _read(deck, arguments.file, voice)
    code = wait_for(_lint(deck, arguments, texts, voice))
    return Exit.USAGE if len(texts) < len(arguments.file) else code


def _read(deck: Deck, files: Sequence[str], voice: Voice) -> list[tuple[str, str]]:
    """The files that can be read, with their texts; of others it is told. Raises InvalidInput for a lone one."""
    texts = []
    for file in files:
        try:
            texts.append((file, read_given(deck, file, voice)))
        except InvalidInput as error:
            if len(files) == 1:
                raise
            voice.fail(error)
    return texts


async def _lint(deck: Deck, arguments: Arguments, texts: Sequence[tuple[str, str]], voice: Voice) -> int:
    """Every file is judged; of one file alone the problems do not name it."""
    found: list[tuple[str, Problem]] = []
    try:
        for file, text in texts:
            found += [(file, problem) for problem in await _problems(deck, file, text, arguments.channel, voice)]
    finally:
        await deck.close()
    _show(voice, found, named=len(arguments.file) > 1)
    return Exit.REFUSED if any(problem.severity == "error" for _, problem in found) else Exit.OK


async def _problems(deck: Deck, file: str, text: str, channel: str | None, voice: Voice) -> Iterable[Problem]:
    message = Message.parse(text, channel)
    if channel and message.channel is not parse_channel(channel):
        voice.say(f"{file} says {message.channel.name} itself; --channel is for a text that does not say.")
    return lint_problems(await render_message(deck.renderer().render, message, RenderData()))


def _show(voice: Voice, found: Iterable[tuple[str, Problem]], *, named: bool) -> None:
    """One problem a line, with its file; as JSON the file is told when there were several."""
    if voice.json:
        told = [(file, {name: getattr(one, name) for name in Problem.__slots__}) for file, one in found]
        voice.data({"problems": [{"file": file, **values} if named else values for file, values in told]})
        return
    for file, one in found:
        hint = f" {one.hint}" if one.hint else ""
        voice.line(f"{file}:{one.line}:{one.column}: {one.severity}: {one.message} [{one.rule}]{hint}")


def _show_rules(voice: Voice, names: Sequence[str]) -> int:
    rules = {rule.id: rule for rule in catalogue()}
    for name in names:
        if name not in rules:
            close = get_close_matches(name, rules, n=1)
            hint = f"Did you mean {close[0]}?" if close else "offerdeck lint --rules lists them all."
            raise InvalidInput(f"There is no rule {safe(name)[:40]!r}.", hint)
    chosen = [rules[name] for name in names] if names else [*rules.values()]
    if voice.json:
        voice.data({"rules": [rule._asdict() for rule in chosen]})
    elif names:
        for rule in chosen:
            _explain(voice, rule)
    else:
        voice.table(_COLUMNS, (rule[:5] for rule in chosen))
    return Exit.OK


def _explain(voice: Voice, rule: Entry) -> None:
    voice.pairs(zip(("rule", "severity", "what", "why", "source"), rule[:5], strict=True))
    for number, line in enumerate(rule.example.split("\n")):
        voice.line(f"{'' if number else 'example':<8}  {line}")
    voice.line()
