"""The names Braze documents, for suggestions and for telling a hole from a typing mistake."""

from __future__ import annotations

from core.render import NAMESPACES

# Braze docs, "Supported personalization tags".
ATTRIBUTES = frozenset(
    [
        "city",
        "country",
        "date_of_birth",
        "email_address",
        "first_name",
        "gender",
        "language",
        "last_name",
        "last_used_app_date",
        "most_recent_app_version",
        "most_recent_locale",
        "most_recent_location",
        "phone_number",
        "time_zone",
        "user_id",
        "braze_id",
        "random_bucket_number",
        "set_user_to_unsubscribed_url",
        "unsubscribe_url",
        "set_user_to_subscribed_url",
        "set_user_to_opted_in_url",
        "set_user_to_one_click_list_unsubscribe",
        "email_footer",
        "preference_center_url",
    ]
)

_DEVICE = "browser id carrier ad_tracking_enabled idfa google_ad_id roku_ad_id model os platform"
FIELDS: dict[str, frozenset[str]] = {
    "most_recently_used_device": frozenset(f"{_DEVICE} foreground_push_enabled".split()),
    "targeted_device": frozenset(
        ["id", "carrier", "idfa", "google_ad_id", "roku_ad_id", "model", "os", "platform", "foreground_push_enabled"]
    ),
    "app": frozenset({"api_id", "name"}),
    "campaign": frozenset(["api_id", "dispatch_id", "name", "message_name", "message_api_id"]),
    "canvas": frozenset(["name", "api_id", "variant_name", "variant_api_id"]),
    "card": frozenset({"api_id", "name"}),
    "sms": frozenset({"inbound_message_body", "inbound_media_urls"}),
    "whats_app": frozenset(
        f"inbound_{name}"
        for name in ("message_body", "media_urls", "flow_response", "product_id", "catalog_id", "profile_name")
    ),
}

# Braze fills these for everybody, or with a link: a default would have nothing to do.
NOT_MISSED = frozenset(name for name in ATTRIBUTES if name.endswith("_url")) | frozenset(
    ["user_id", "braze_id", "random_bucket_number", "email_footer", "set_user_to_one_click_list_unsubscribe"]
)

# What Braze fills by itself, all of it: a preview that lacks it has no hole to tell of.
FILLED_SPACES = frozenset(
    [
        *("content_blocks", "campaign", "canvas", "card", "app", "preference_center", "product_recommendation"),
        *("sms", "whats_app"),  # an answer to a message has them
    ]
)

# What may stand before `.${name}`.
SPACES = frozenset(NAMESPACES) | {"content_blocks"}

# Whose fields no page reads without ${...}; of `context` one example does.
WITH_BRACES = frozenset(NAMESPACES) - {"context"}

# Set by the engine or by Braze's own tags rather than by the data.
ENGINE_NAMES = frozenset({"forloop", "tablerowloop", "connected", "items", "shopping_cart"})

# Braze docs, "Filters": declared not supported, or of a group that is.
UNSUPPORTED_FILTERS = frozenset(
    [
        "find_index",
        "lstrip",
        "rstrip",
        "money_with_currency",
        "money_without_currency",
        "camelize",
        "camelcase",
        "handle",
        "handleize",
        "pluralize",
        "format_address",
        "highlight",
    ]
)

# In Ruby's gem, in no page of Braze's.
UNDOCUMENTED_FILTERS = frozenset(
    [
        *("base64_decode", "base64_url_safe_decode", "base64_url_safe_encode", "escape_once", "h"),
        *("remove_last", "replace_last", "url_decode"),
    ]
)
UNDOCUMENTED_TAGS = frozenset(
    ["include", "render", "cycle", "tablerow", "increment", "decrement", "ifchanged", "raw", "#"]
)

# What a tag is called, its branches and ends included: printed as a value by mistake.
TAG_WORDS = frozenset(
    [
        *("if", "elsif", "else", "unless", "case", "when", "for", "break", "continue", "assign", "capture", "comment"),
        *("endif", "endunless", "endcase", "endfor", "endcapture", "endcomment", "endraw", "endtranslation"),
        *("echo", "liquid", "raw", "cycle", "increment", "decrement", "tablerow", "endtablerow"),
        *("abort_message", "connected_content", "catalog_items", "catalog_selection_items", "message_extras"),
        *("promotion", "translation", "random", "landing_page_url"),
    ]
)
MADE_BY = {
    "items": ("catalog_items", "catalog_selection_items"),
    "shopping_cart": ("shopping_cart",),
    "connected": ("connected_content",),
}


def advice(name: str) -> str:
    """What to do about a plain name that nothing makes, for names that are meant otherwise; empty for any other."""
    if name in TAG_WORDS:
        return f"{name} is a tag: write {{% {name} ... %}}."
    if name in ("now", "today"):
        return "Put it in quotes: 'now'."
    if name == "content_blocks":
        return "Write content_blocks.${Name}."
    if name in NAMESPACES:
        return f'Give it in the data: {{"{name}": {{...}}}}.'
    return f"Write ${{{name}}}." if name in ATTRIBUTES else ""
