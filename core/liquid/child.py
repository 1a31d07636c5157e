"""The far end of the render pipe: reads frames on stdin, answers on stdout, dies with its parent.

A frame is four bytes of length, one byte of kind and a body: `D` + data (JSON of `RenderData`), `R` + a request. Each
`R` is answered by one frame. Nothing secret comes in, by environment, argument or frame.
"""

from __future__ import annotations

import gc
import signal
import struct
import sys
from datetime import UTC, datetime
from types import FrameType
from typing import IO, Any

import msgspec

from core.liquid.engine import Dataset, Engine
from core.liquid.faults import TimedOut
from core.render import RenderData, Rendered

MEMORY_LIMIT = 512 * 1024 * 1024
OWN_LIMIT_S = 1.7  # the parent kills at 2 s; until then the child may answer by itself
CPU_LIMIT_S = 6  # for a child whose parent is gone
HEAD = struct.Struct(">IB")


class Request(msgspec.Struct):
    """What an `R` frame holds."""

    template: str
    connected: str
    now: str
    seed: int


class Answer(msgspec.Struct):
    """What goes back. `retire`: memory ran short, a fresh child should take over."""

    rendered: dict[str, Any]
    retire: bool = False


def main() -> None:
    """Serve until the pipe ends."""
    _limit_memory()
    sys.setrecursionlimit(3_000)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _out_of_time)
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(reader: IO[bytes], writer: IO[bytes]) -> None:
    """Answer frames from `reader` on `writer`; the first thing written is one empty frame: ready."""
    engine = Engine()
    dataset = Dataset(RenderData())
    gc.freeze()
    _send(writer, b"")
    while len(head := reader.read(HEAD.size)) == HEAD.size:
        length, kind = HEAD.unpack(head)
        body = reader.read(length)
        if len(body) < length:
            return
        if kind == ord("D"):
            dataset = Dataset(RenderData.from_json(msgspec.json.decode(body)))
            gc.collect()
            gc.freeze()  # a wallet of a thousand offers need not be walked again at every collection
        else:
            answer = _answer(engine, dataset, msgspec.json.decode(body, type=Request))
            _send(writer, msgspec.json.encode(answer))


def _send(writer: IO[bytes], body: bytes) -> None:
    writer.write(HEAD.pack(len(body), ord("A")) + body)
    writer.flush()


def _answer(engine: Engine, dataset: Dataset, request: Request) -> Answer:
    try:
        _start_clock()
        try:
            rendered = engine.render(
                request.template,
                dataset,
                connected=request.connected,
                now=datetime.fromisoformat(request.now).astimezone(UTC),
                seed=request.seed,
            )
        finally:
            _stop_clock()
    except TimedOut:
        rendered = Rendered.failure("limit-time", "Reading the template took too long.", "Look for endless nesting.")
    except MemoryError:
        failed = Rendered.failure("limit-memory", "Rendering needs more than 512 MB.", "Look for texts that grow.")
        return Answer(failed.to_json(), retire=True)
    except Exception as error:
        rendered = Rendered.failure("internal-error", f"offerdeck met {type(error).__name__} here.", "")
    return Answer(rendered.to_json())


def _out_of_time(_signal: int, _frame: FrameType | None) -> None:
    raise TimedOut


def _start_clock() -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, OWN_LIMIT_S)
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_LIMIT_S, hard))


def _stop_clock() -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; there the parent's two seconds must do
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


if __name__ == "__main__":
    main()
