"""Texts: three offers in the tenant's three cultures, and those that attack a terminal, a markup reader or a layout."""

from __future__ import annotations

from core.sandbox.seed_offers import spoken

COFFEE = spoken(
    ("Free coffee", "One small coffee of your choice", "One per visit. At participating shops."),
    ("Gratis-Kaffee", "Ein kleiner Kaffee nach Wahl", "Einmal pro Besuch. In teilnehmenden Läden."),
    ("コーヒー1杯無料", "お好きなスモールコーヒー1杯", "1回のご来店につき1枚。対象店舗のみ。"),
)
PASTRY = spoken(
    ("20 % off pastries", "Any croissant, roll or slice of cake", "Until sold out."),
    ("20 % auf Gebäck", "Jedes Croissant, Brötchen oder Stück Kuchen", "Solange der Vorrat reicht."),
    ("ペストリー20%オフ", "クロワッサン、ロールパン、ケーキ", "売り切れ次第終了。"),
)
BASKET = spoken(
    ("$5 off your basket", "Five off when you spend 25 or more", "Gift cards excluded."),
    ("5 € Rabatt auf den Einkauf", "Fünf Euro ab einem Einkauf von 25 €", "Ausgenommen Geschenkkarten."),
    ("お会計から500円引き", "2,500円以上のお買い上げで500円引き", "ギフトカードは対象外。"),
)

HOSTILE: tuple[tuple[str, str], ...] = (
    ("colour", "\x1b[31mRed offer\x1b[0m"),
    ("clear", "\x1b[2J\x1b[HCleared screen"),
    ("clipboard", "\x1b]52;c;T1dORUQ=\x07Copied"),
    ("clipboard c1", "\x9d52;c;T1dORUQ=\x9cCopied too"),
    ("title", "\x1b]0;owned\x1b\\Window title"),
    ("link", "\x1b]8;;https://evil.example/\x1b\\Click me\x1b]8;;\x1b\\"),
    ("c1", "\x9b31mC1 colour\x9b0m\x85next line"),
    ("device", "\x1b[6n\x1b[c\x1bP$qm\x1b\\Answer me"),
    ("alternate", "\x1b[?1049l\x1b[?1003h\x1bcReset"),
    ("markup close", "[/] closes nothing [/b] [/bold red]"),
    ("markup action", "[@click=app.bell]ring[/] [@click=app.quit]leave[/]"),
    ("markup style", "[bold red on white]LOUD[/] [link=https://evil.example]here[/link]"),
    ("markup broken", "[[[ unclosed [bold \\[ ]] [#ff"),
    ("bidi", "\u202eetar lamron\u202c \u2066isolated\u2069 \u200fend"),
    ("nul", "before\x00after"),
    ("controls", "bell\x07 backspace\x08\x08\x08 delete\x7f vertical\x0b feed\x0c return\rOVER"),
    ("lines", "first\nsecond\r\nthird\u2028fourth\u2029fifth\ttab"),
    ("invisible", "zero\u200bwidth\u200c\u200d joiners\u2060 and \ufeffmark \U000e0041\U000e0042 tags"),
    ("zalgo", "Z" + "\u0301\u0302\u0303\u0304" * 30 + "algo"),
    ("private", "\ue000\uf8ff\U000f0000 private \ufffe\uffff"),
    ("liquid", "{{ 'now' | date: '%s' }}{% abort_message('owned') %}{{${email_address}}}"),
    ("formula", "=HYPERLINK(\"https://evil.example\",\"x\")"),
    ("long", "An offer without an end " * 240),
    ("wide", "大" * 600),
    ("unbroken", "x" * 3000),
)  # fmt: skip
"""A key and a text each."""

BY_KEY = dict(HOSTILE)
