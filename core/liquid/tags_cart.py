"""shopping_cart (Braze docs, "eCommerce use cases")."""

from __future__ import annotations

from liquid import Tag
from liquid.token import Token

from core.liquid.context import Context, Output
from core.liquid.expressions import Literal, Node
from core.liquid.faults import Aborted
from core.liquid.nodes import Item
from core.liquid.parser import Stream
from core.liquid.values import output_text
from core.liquid.words import Nothing, words

OPTION = ":abort_if_not_abandoned"


class Cart(Item):
    """One look into a cart."""

    __slots__ = ("abort", "id")

    def __init__(self, token: Token, end: int, cart_id: Node, *, abort: bool) -> None:
        super().__init__(token, end, blank=True)
        self.id, self.abort = cart_id, abort

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Set `shopping_cart`. Raises Aborted when the order was completed meanwhile, unless the option says false."""
        if not output_text(self.id.evaluate(context)).strip():
            message = "The cart's id is empty here, so Braze would find no cart."
            context.report("no-cart-data", *self.span, message, "Check what the data calls it.")
        cart = context.data.shopping_cart or context.globals.get("shopping_cart")
        if not isinstance(cart, dict):
            hint = 'Give it: {"shopping_cart": {"products": []}}.'
            context.report("no-cart-data", *self.span, "The data has no shopping cart.", hint)
            return 0
        if self.abort and cart.get("abandoned") is False:
            raise Aborted("The shopping cart was not abandoned: its order is complete.")
        seen = {name: value for name, value in cart.items() if name != "abandoned"}
        context.trace.adopt("shopping_cart", seen)
        context.set("shopping_cart", seen)
        return 0


class CartTag(Tag):
    """`{% shopping_cart {{context.${cart_id}}} [:abort_if_not_abandoned true|false] %}`."""

    name = "shopping_cart"
    block = False

    def parse(self, stream: Stream) -> Item:  # type: ignore[override]
        """An id, then the option; anything else is reported and skipped."""
        token, markup = stream.head()
        found = words(stream.compiler, markup)
        texts = [str(one.value) if isinstance(one, Literal) else "" for one in found]
        problem = _problem(texts)
        if problem:
            hint = f"Write {{% shopping_cart {{{{context.${{cart_id}}}}}} {OPTION} false %}}."
            stream.compiler.report("shopping-cart", token.start_index, markup.end, problem, hint)
        if not found or texts[0].startswith(":"):
            return Nothing(token, markup.end, blank=True)
        return Cart(token, markup.end, found[0], abort=texts[1:3] != [OPTION, "false"])


def _problem(texts: list[str]) -> str:
    if not texts or texts[0].startswith(":"):
        return "shopping_cart has no id."
    if len(texts) == 1 or (texts[1] == OPTION and texts[2:] in (["true"], ["false"])):
        return ""
    return f"{OPTION} is true or false." if texts[1] == OPTION else f"shopping_cart does not know {texts[1]}."
