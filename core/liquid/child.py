"""The far end of the render pipe: reads frames on stdin, answers on stdout, dies with its parent.

Data (JSON of `RenderData`) is kept until the next; each request is answered by one frame. Nothing secret comes in, by
environment, argument or frame.
"""

from __future__ import annotations

import gc
import signal
import sys
from datetime import UTC, datetime
from types import FrameType
from typing import IO, Any

from core.errors import InvalidInput
from core.liquid.answers import Answer
from core.liquid.engine import Dataset, Engine
from core.liquid.faults import TimedOut
from core.liquid.frames import ANSWER, DATA, HEAD, decoded, frame
from core.render import RenderData, Rendered

MEMORY_LIMIT = 512 * 1024 * 1024
OWN_LIMIT_S = 1.7  # the parent kills at 2 s; until then the child may answer by itself
CPU_LIMIT_S = 6  # for a child whose parent is gone


def main() -> None:
    """Serve until the pipe ends."""
    _limit_memory()
    sys.setrecursionlimit(3_000)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _out_of_time)
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(reader: IO[bytes], writer: IO[bytes]) -> None:
    """Answer frames from `reader` on `writer`; the first thing written is one empty frame: ready.

    Cyclic garbage is looked for when an answer is out, and only among what that answer left.
    """
    engine = Engine()
    dataset, refused = Dataset(RenderData()), ""
    gc.disable()
    gc.freeze()
    writer.write(frame(ANSWER, b""))
    writer.flush()
    while len(head := reader.read(HEAD.size)) == HEAD.size:
        length, kind = HEAD.unpack(head)
        body = reader.read(length)
        if len(body) < length:
            return
        if kind == DATA:
            dataset, refused = _dataset(body)
        elif refused:
            failed = Rendered.failure("limit-data", "The data cannot be rendered with.", refused)
            _write(writer, Answer(failed).to_bytes())
        else:
            _write(writer, _answer(engine, dataset, decoded(body)))
        gc.collect()
        gc.freeze()


def _write(writer: IO[bytes], answer: bytes) -> None:
    writer.write(frame(ANSWER, answer))
    writer.flush()


def _dataset(body: bytes) -> tuple[Dataset, str]:
    """The data of a frame, or none and why it was refused."""
    try:
        return Dataset(RenderData.from_json(decoded(body))), ""
    except (InvalidInput, ValueError) as error:
        return Dataset(RenderData()), str(error)


def _answer(engine: Engine, dataset: Dataset, request: dict[str, Any]) -> bytes:
    try:
        return Answer(_rendered(engine, dataset, request)).to_bytes()
    except MemoryError:
        failed = Rendered.failure("limit-memory", "Rendering needs more than 512 MB.", "Look for texts that grow.")
        return Answer(failed, retire=True).to_bytes()


def _rendered(engine: Engine, dataset: Dataset, request: dict[str, Any]) -> Rendered:
    try:
        _start_clock()
        try:
            return engine.render(
                request["template"],
                dataset,
                connected=request["connected"],
                now=datetime.fromisoformat(request["now"]).astimezone(UTC),
                seed=request["seed"],
                answers=request.get("answers", ()),
            )
        finally:
            _stop_clock()
    except TimedOut:
        return Rendered.failure("limit-time", "Reading the template took too long.", "Look for endless nesting.")
    except MemoryError:
        raise
    except Exception as error:
        return Rendered.failure("internal-error", f"offerdeck met {type(error).__name__} here.", "")


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
