"""`sandbox`: the embedded vendors alone, until they are told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from core.errors import Exit, InvalidInput
from tui.cli.arguments import Arguments, Parser
from tui.cli.running import wait_for
from tui.cli.voice import Voice


def run(command: str, words: list[str], voice: Voice) -> int:
    """Serve; one line of JSON says where and with which made-up secrets."""
    parser = Parser(command, "SessionM Core, SessionM Connect and Braze on loopback, made up. Ctrl+C ends it.")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="use ports N, N+1 and N+2 (else free ones)")
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="what everything is made up from")
    parser.add_argument("--latency", type=int, default=0, metavar="MS", help="delay each answer")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help="NAME[=VALUE][@SERVICE][:/PATH][*TIMES], like 429@braze",
    )
    return wait_for(_serve(parser.read(words, voice), voice))


async def _serve(arguments: Arguments, voice: Voice) -> int:
    from core.sandbox import Sandbox

    if not 0 <= arguments.port <= 65_533:
        raise InvalidInput(f"{arguments.port} is not a port.", "Use 1 to 65533, or 0 for free ones.")
    if arguments.latency < 0:
        raise InvalidInput("The latency is below 0.", "Give milliseconds.")
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    _end_on_signals(ended)
    try:
        sandbox = await Sandbox.start(
            arguments.seed, latency_ms=arguments.latency, faults=arguments.fault, port=arguments.port
        )
    except ValueError as error:
        raise InvalidInput(f"A fault cannot be read: {error}.") from error
    except OSError as error:
        raise InvalidInput(
            f"Port {arguments.port} or one of the next two cannot be used.", error.strerror or ""
        ) from error
    try:
        voice.data(sandbox.describe(), on_one_line=True)
        voice.flush()
        return await ended
    finally:
        await sandbox.stop()


def _end_on_signals(ended: asyncio.Future[int]) -> None:
    """SIGTERM is a quiet end, SIGINT an interruption; where loops take no signals, Ctrl+C still raises."""

    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):
        loop.add_signal_handler(signal.SIGTERM, end, int(Exit.OK))
        loop.add_signal_handler(signal.SIGINT, end, int(Exit.INTERRUPTED))
