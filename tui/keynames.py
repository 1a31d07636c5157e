"""How keys are called, and which of the active bindings belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from textual.actions import parse
from textual.app import App
from textual.binding import ActiveBinding
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.screen import Screen

_NAMES = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "slash": "/",
    "minus": "-",
    "plus": "+",
    "colon": ":",
    "comma": ",",
    "full_stop": ".",
    "asterisk": "*",
    "enter": "⏎",
    "escape": "esc",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "delete": "del",
}
_WORDS_ONLY = {"↑": "up", "↓": "down", "←": "left", "→": "right", "⏎": "enter"}

_TEXTUALS_OWN = {
    "app.focus_next": "The next place",
    "app.focus_previous": "The place before",
    "screen.copy_text": "Copy the text selected with the mouse",
}


def key_name(key: str, *, ascii_only: bool = False) -> str:
    """One key as people write it: `F1`, `^P`, `shift+tab`, `↓`, `/`, `T`."""
    if match := re.fullmatch(r"ctrl\+(.+)", key):
        rest = key_name(match[1], ascii_only=ascii_only)
        return f"^{rest.upper()}" if len(rest) == 1 else f"ctrl+{rest}"
    if match := re.fullmatch(r"(shift|alt|super|meta)\+(.+)", key):
        return f"{match[1]}+{key_name(match[2], ascii_only=ascii_only)}"
    if re.fullmatch(r"f\d+", key):
        return key.upper()
    name = _NAMES.get(key, key)
    return _WORDS_ONLY.get(name, name) if ascii_only else name


def _typed_away(screen: Screen[object]) -> dict[str, ActiveBinding]:
    """The bindings whose keys the focused text field takes for itself."""
    if screen.focused is None:
        return {}
    found: dict[str, ActiveBinding] = {}
    for node in screen.focused.ancestors_with_self:
        for key, binding in node._bindings:
            whose, name, parameters = parse(binding.action)
            target = {"app": screen.app, "screen": screen}.get(whose, node)
            state = target.check_action(name, parameters)
            if state is not False and key not in found and len(key_to_character(key) or "") == 1:
                found[key] = ActiveBinding(node, binding, bool(state), binding.tooltip)
        if node.is_modal:
            break
    return found


@dataclass(frozen=True, slots=True)
class Command:
    """One action that can be taken now: its keys, its name, what it does, and whom it belongs to.

    `place` is 0 for the focused widget and what holds it, 1 for the room or dialog, 2 for everywhere.
    """

    name: str
    words: str
    keys: tuple[str, ...]
    action: str
    node: DOMNode
    place: int
    enabled: bool


def commands_of(screen: Screen[object]) -> list[Command]:
    """Every action of the focused widget, the room and the app, from the bindings themselves; the nearest first.

    Those on letters are among them while a text field has the focus: there they are text, but the palette still runs
    them by name.
    """
    found: dict[tuple[int, str], Command] = {}
    acting = screen.active_bindings
    typed_away = {key: active for key, active in _typed_away(screen).items() if key not in acting}
    for key, active in {**acting, **typed_away}.items():
        binding, node = active.binding, active.node
        if binding.system or not binding.description or key.startswith("super+"):
            continue
        at = (id(node), binding.action)
        before = found.get(at)
        keys = (*before.keys, key) if before else (key,)
        name = _TEXTUALS_OWN.get(binding.action, binding.description)
        place = 2 if isinstance(node, App) else 1 if isinstance(node, Screen) else 0
        if place == 1 and (binding.action in _TEXTUALS_OWN or (binding.id or "").startswith("dialog.")):
            place = 2  # tab, help and the like: declared on every screen, they act everywhere
        found[at] = Command(name, binding.tooltip or name, keys, binding.action, node, place, active.enabled)
    return sorted(found.values(), key=lambda command: command.action in _TEXTUALS_OWN)
