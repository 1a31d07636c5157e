"""The program with one guard taken out or one fault put in: what shows that the terminal tests can fail."""

from __future__ import annotations

import sys


def unsteady() -> None:
    """Texts keep what terminals disagree about the width of."""
    import tui.widgets.lines as lines

    lines._JOINERS.clear()
    for point in set(lines._UNSTEADY) - {0x09, 0x0A, 0x0D}:
        del lines._UNSTEADY[point]


FAULTS = {"unsteady": unsteady}

if __name__ == "__main__":
    from tui.cli.main import main

    fault = sys.argv.pop(1)
    FAULTS[fault]()
    sys.exit(main())
