"""The program with one guard out, one fault in, or one eye more: what the terminal tests need to be able to fail."""

from __future__ import annotations

import sys
from base64 import b64encode


def unsteady() -> None:
    """Texts keep what terminals disagree about the width of."""
    import tui.widgets.lines as lines

    lines._JOINERS.clear()
    for point in set(lines._UNSTEADY) - {0x09, 0x0A, 0x0D}:
        del lines._UNSTEADY[point]


def crash() -> None:
    """F5 raises in a worker whose local variables hold every secret; Textual would print them."""
    from textual.worker import Worker

    from tui.app import OfferdeckApp

    async def fail(app: OfferdeckApp) -> None:
        assert app.desk is not None
        vault = app.deck.vault(app.desk.profile)
        secrets = [await vault.read(app.desk.profile, field) for field in FIELDS]
        plain = [secret.reveal() for secret in secrets]
        raise RuntimeError(f"the services said {plain}")

    def reload(self: OfferdeckApp) -> Worker[None]:
        return self.run_worker(fail(self), group="crash")

    OfferdeckApp.action_reload = reload  # type: ignore[method-assign,assignment]


def crash_in_the_open() -> None:
    """The same, with Textual's own last words."""
    from tui.crashing import Crashing

    crash()
    del Crashing._fatal_error


def filled() -> None:
    """Previews hold the secrets themselves where they should hold their names."""
    import os

    import core.admission

    told = {field: os.environ[f"OFFERDECK_SECRET_{field.upper()}"] for field in FIELDS}
    core.admission.PLACEHOLDERS = {  # type: ignore[misc]
        "connect_authorization": told["connect_authorization"],
        "core_authorization": b64encode(f"{told['core_key']}:{told['core_secret']}".encode()).decode(),
        "appkey_core": told["core_key"],
    }
    pictures()


def pictures() -> None:
    """No fault: F12 saves a picture of the screen, whatever it shows, into the person's home."""
    from pathlib import Path
    from typing import ClassVar

    from textual.binding import Binding, BindingType

    import tui.app

    class Pictured(tui.app.OfferdeckApp):
        BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "picture", show=False, priority=True)]

        def action_picture(self) -> None:
            taken = len(list(Path.home().glob("*.svg")))
            (Path.home() / f"picture-{taken:02d}.svg").write_text(self.export_screenshot())

    tui.app.OfferdeckApp = Pictured  # type: ignore[misc]


FIELDS = ("core_key", "core_secret", "connect_authorization", "braze_key")
FAULTS = {
    "unsteady": unsteady,
    "crash": crash,
    "crash-in-the-open": crash_in_the_open,
    "filled": filled,
    "pictures": pictures,
}

if __name__ == "__main__":
    from tui.cli.main import main

    fault = sys.argv.pop(1)
    FAULTS[fault]()
    sys.exit(main())
