"""What every room answers to: help, palette, jump, copy, profiles, colours, the mouse, dismissing, leaving."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.notifications import Notification
from textual.screen import Screen

from core.clean import safe, safe_lines
from tui import theme

if TYPE_CHECKING:
    from core.deck import Deck
    from core.desk import Desk
    from core.profiles import Profile
    from tui.copying import Copyable
    from tui.keynames import Command
    from tui.writing import CopyWanted

_TOAST_S = 6
_MOUSE_MODES = (1000, 1003, 1015, 1006)  # what Textual's drivers switch on


class BaseApp(App[None]):
    """The keys that act everywhere. Each imports its dialog when it is pressed, so none weighs on the start."""

    deck: Deck
    desk: Desk | None
    profile_name: str

    CSS = """
    Toast { width: 64; max-width: 90%; padding: 0 2; background: $bar; color: $ink; margin: 1 1 0 1;
        &.-information { border-left: outer $accent; & .toast--title { color: $accent; } }
        &.-warning { border-left: outer $warn; & .toast--title { color: $warn; } }
        &.-error { border-left: outer $danger; & .toast--title { color: $danger; } }
        &:ansi { border: round $accent; &.-warning { border: round $warn; } &.-error { border: round $danger; } }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "help", "Help", id="app.help", tooltip="Every key that acts here"),
        Binding("ctrl+p,colon", "command_palette", "Commands", id="app.palette", tooltip="Every command by name"),
        Binding("ctrl+o", "jump", "Jump", id="app.jump", tooltip="A letter over every place the focus can go"),
        Binding("p", "profiles", "Profiles", id="app.profiles", tooltip="Another tenant, or a new one"),
        Binding("y", "copy_menu", "Copy", show=False, id="app.copy", tooltip="Copy something from here"),
        Binding("x", "actions", "Actions", id="app.actions", tooltip="What can be done here, by name"),
        Binding("f,f10", "full", "Full screen", show=False, id="app.full", tooltip="This pane alone, or all again"),
        Binding("f7", "mouse", "Mouse", show=False, id="app.mouse", tooltip="Give the mouse to the terminal, or back"),
        # With priority, so that what is typed right after Tab lands in the next field and not in this one.
        Binding("tab", "focus_next", show=False, priority=True, id="app.next", tooltip="The next place"),
        Binding("shift+tab", "focus_previous", show=False, priority=True, id="app.before", tooltip="The place before"),
        Binding("escape", "dismiss", "Dismiss", show=False, priority=True, id="app.dismiss", tooltip="Close an error"),
    ]

    def __init__(self, *, ansi_color: bool) -> None:
        super().__init__(ansi_color=ansi_color)
        self.unsaved: set[str] = set()
        self.profile_form: dict[str, str] = {}
        self._mouse_is_ours = True

    # -- leaving

    def unsaved_drafts(self) -> list[str]:
        """Names of drafts that would be lost; screens put theirs into `unsaved` and take them out."""
        return sorted(self.unsaved)

    def requests_in_flight(self) -> int:
        """Writes whose answer has not come: the workers of the group `write`."""
        return sum(worker.group == "write" and not worker.is_finished for worker in self.workers)

    async def action_quit(self) -> None:
        """Leave; asks only where something would be lost."""
        from tui.dialogs.quit import QuitDialog

        drafts, requests = self.unsaved_drafts(), self.requests_in_flight()
        if isinstance(self.screen, QuitDialog):
            return
        if drafts or requests:
            self.push_screen(QuitDialog(drafts, requests), lambda leave: self.exit() if leave else None)
        else:
            self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+C, out of habit."""
        self.say("Ctrl+Q leaves offerdeck.")

    def _fatal_error(self) -> None:
        """End with a traceback that shows no local variable: what is typed into a field may be a secret."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        self.bell()
        trace = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(trace, self.console.options)))
        self._close_messages_no_wait()

    # -- dialogs

    def action_help(self) -> None:
        """Every key that acts here, from the bindings themselves."""
        from tui.dialogs.help import HelpDialog

        if not isinstance(self.screen, HelpDialog):
            self.push_screen(HelpDialog(self.screen))

    def action_command_palette(self) -> None:
        """Every command by name."""
        from tui.commands import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_jump(self) -> None:
        """A letter over every place the focus can go."""
        from tui.dialogs.jump import JumpOverlay

        if not isinstance(self.screen, JumpOverlay):
            self.push_screen(JumpOverlay(self.screen))

    def action_actions(self) -> None:
        """What can be done with what is under the cursor."""
        from tui.dialogs.actions import ActionsDialog

        self.push_screen(ActionsDialog(self.screen), self._act)

    async def _act(self, command: Command | None) -> None:
        if command is not None:
            await self.run_action(command.action, command.node)

    def action_full(self) -> None:
        """The pane with the focus alone, or all of them again."""
        from tui.panes import toggle_full

        toggle_full(self.screen)

    def action_profiles(self) -> None:
        """Which tenant, which environment; credentials and their health."""
        from tui.dialogs.profiles import ProfilesDialog

        self.push_screen(ProfilesDialog())

    def make_profile(self) -> None:
        """Ask for a new profile, then for its secrets, then open it."""
        from tui.dialogs.new_profile import NewProfileDialog
        from tui.dialogs.secrets import SecretsDialog

        def made(profile: Profile | None) -> None:
            if profile is not None:
                self.push_screen(SecretsDialog(profile), lambda _: self.profile_made(profile))

        self.push_screen(NewProfileDialog(), made)

    def profile_made(self, profile: Profile) -> None:
        """A profile was made and its secrets asked for: open it."""
        from tui.dialogs.profiles import ProfilesDialog

        if isinstance(self.screen, ProfilesDialog):
            self.screen.dismiss(None)
        self.open_profile(profile.name)

    def choose_profile(self) -> None:
        """No profile was named: choose one, or make the first."""
        from core.errors import OfferdeckError

        try:
            names = self.deck.profiles.names()
        except OfferdeckError:
            names = ["one that cannot be read"]  # the list says what is wrong
        if names:
            self.action_profiles()
        else:
            self.make_profile()

    def open_profile(self, name: str) -> object:
        """Open a profile and let go of the one before."""
        raise NotImplementedError

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers besides the keys."""
        yield SystemCommand("Light / dark", "Change the colours", self.action_light_dark)

    def action_light_dark(self) -> None:
        """Change between light and dark; the terminal's own colours stay as they are."""
        if self.theme == theme.ANSI:
            self.say("The terminal's own 16 colours are in use.", "Start in a terminal with more colours to choose.")
            return
        self.theme = theme.LIGHT if self.theme == theme.DARK else theme.DARK
        self.repaint_rooms()

    def repaint_rooms(self) -> None:
        """Draw everything by hand again; the app says how."""

    # -- notices

    def say(self, title: str, words: str = "", *, warning: bool = False) -> None:
        """A short notice of what cannot be seen otherwise; text, never markup."""
        title, words = safe(title), safe_lines(words)
        severity = "warning" if warning else "information"
        if words:
            self.notify(words, title=title, severity=severity, timeout=_TOAST_S, markup=False)  # type: ignore[arg-type]
        else:
            self.notify(title, severity=severity, timeout=_TOAST_S, markup=False)  # type: ignore[arg-type]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc belongs to the newest error while one is shown; other notices go by themselves."""
        if action == "dismiss":
            return bool(self._errors_shown()) and not getattr(self.screen, "TAKES_ESCAPE", False)
        return super().check_action(action, parameters)

    def _errors_shown(self) -> list[Notification]:
        return [notice for notice in self._notifications if notice.severity == "error"]

    def action_dismiss(self) -> None:
        """Close the newest error."""
        self._unnotify(max(self._errors_shown(), key=lambda notice: notice.raised_at))

    # -- copy and the mouse

    def action_copy_menu(self) -> None:
        """What can be copied from where one stands, as the screen tells it."""
        from tui.dialogs.copy_menu import CopyMenu

        tell = getattr(self.screen, "copyables", None)
        found = tell() if tell is not None else []
        if found:
            self.push_screen(CopyMenu(found), self._copy_chosen)
        else:
            self.say("There is nothing to copy here.")

    def _copy_chosen(self, chosen: Copyable | None) -> None:
        if chosen is not None:
            self.copy(chosen)

    def on_copy_wanted(self, message: CopyWanted) -> None:
        """Somebody below wants a text copied."""
        from tui.copying import Copyable

        self.copy(Copyable("", message.label, message.text))

    @work(exclusive=True, group="copy")
    async def copy(self, what: Copyable) -> None:
        """Copy and say by which way it went, or why it did not."""
        from core.adapters.clipboard import SystemClipboard
        from core.clipboard import copy_text
        from core.errors import OfferdeckError

        clipboard = SystemClipboard(self.deck.environ, lambda: self.deck.places.cache, self.copy_to_clipboard)
        try:
            copied = await copy_text(what.text, clipboard)
        except OfferdeckError as error:
            self.notify(error.hint, title=error.message, severity="error", timeout=3600, markup=False)
            return
        self.say(copied.words, f"{what.name}, {copied.size_words}")

    def action_mouse(self) -> None:
        """Give the mouse back to the terminal, so that it selects text; again takes it."""
        self._mouse_is_ours = not self._mouse_is_ours
        if self._driver is not None:
            letter = "h" if self._mouse_is_ours else "l"
            self._driver.write("".join(f"\x1b[?{mode}{letter}" for mode in _MOUSE_MODES))
            self._driver.flush()
        if self._mouse_is_ours:
            self.say("The mouse is offerdeck's again.")
        else:
            self.say("The mouse is the terminal's.", "Select text with it; F7 takes it back.")
