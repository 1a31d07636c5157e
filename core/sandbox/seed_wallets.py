"""The wallets of the seeded customers, one function each."""

from __future__ import annotations

from core.sandbox.seed_offers import OfferSeed, ago, ahead, plain, spoken
from core.sandbox.seed_texts import BASKET, COFFEE, HOSTILE, PASTRY


def ana() -> tuple[OfferSeed, ...]:
    """An ordinary wallet: every state, several scripts, one offer that ends in two hours and ten minutes."""
    return (
        OfferSeed(
            "coffee", COFFEE, group="bar", category="drinks", expires=ahead(hours=2, minutes=10), pos="D-42", digits=3
        ),
        OfferSeed(
            "pastry", PASTRY, "percent_discount", "bar", "food", expires=ahead(days=3, hours=4), pos="D-20", digits=7
        ),
        OfferSeed("basket", BASKET, "fixed_amount_check_discount", None, "basket", expires=ahead(days=6), pos="D-5"),
        OfferSeed(
            "matcha",
            plain("抹茶ラテ 1杯無料", "宇治抹茶を使ったラテ"),
            group="bar",
            category="drinks",
            expires=ahead(days=9),
            digits=1,
        ),
        OfferSeed(
            "upsize",
            plain("무료 사이즈 업그레이드", "모든 음료에 적용됩니다"),
            group="bar",
            category="drinks",
            expires=ahead(days=12),
            pos="D-81",
            digits=2,
        ),
        OfferSeed(
            "cinema",
            plain("Two for one at the Lantern cinema", "Mondays and Tuesdays"),
            "buy_x_get_y",
            "partners",
            "services",
            expires=ahead(days=21, hours=7),
            pos="LNT-2F1",
            digits=6,
        ),
        OfferSeed(
            "stars",
            plain("Double points weekend", "Twice the points on everything"),
            group=None,
            category="basket",
            expires=ahead(days=28),
            digits=5,
        ),
        OfferSeed(
            "chest",
            plain("Tea chest: choose three of nine", "Pick any three teas from the autumn chest"),
            "selection_offer",
            "bar",
            "drinks",
            expires=ahead(days=40),
            pos="D-333",
            digits=4,
        ),
        OfferSeed(
            "tote",
            plain("A tote bag from the reward store", "Free for Silver and above"),
            "manual_fulfillment",
            "store",
            "services",
            expires=None,
            pos=None,
            from_store=True,
        ),
        OfferSeed(
            "birthday",
            plain("Birthday cake slice", "Happy birthday, have some cake"),
            group="bar",
            category="food",
            starts=ahead(days=2),
            redeem_from=ahead(days=2),
            expires=ahead(days=16),
            pos="D-BDAY",
        ),
        OfferSeed(
            "iced",
            plain("Iced tea, last of the summer", "Any iced tea"),
            group="bar",
            category="drinks",
            starts=ago(days=60),
            acquired=ago(days=45),
            expires=ago(days=1, hours=3),
            pos="D-17",
            digits=7,
        ),
        OfferSeed(
            "bread",
            plain("A loaf on us", "Any loaf from the counter"),
            "fixed_amount_discount",
            "bar",
            "food",
            acquired=ago(days=20),
            expires=ahead(days=5),
            redeemed=ago(days=6, hours=2),
            pos="D-LOAF",
            digits=3,
        ),
        OfferSeed(
            "voucher",
            plain("Partner voucher, being prepared", "The code arrives from the partner"),
            "manual_fulfillment",
            "partners",
            "services",
            acquired=ago(minutes=4),
            expires=ahead(days=30),
            pending=True,
        ),
    )


def empty() -> tuple[OfferSeed, ...]:
    """Nothing at all."""
    return ()


def soon() -> tuple[OfferSeed, ...]:
    """Eight offers, all over within the hour, the first in ninety seconds."""
    minutes = (1.5, 4, 9, 16, 25, 36, 48, 59)
    return tuple(
        OfferSeed(f"soon {index}", plain(f"Last call {index + 1}", "Ends within the hour"), expires=ahead(minutes=left))
        for index, left in enumerate(minutes)
    )


def spent() -> tuple[OfferSeed, ...]:
    """Nothing left to use: expired and redeemed rows only, one of them redeemed after its end."""
    expired = [
        OfferSeed(
            f"expired {index}",
            plain(f"Over since {days} days"),
            starts=ago(days=90),
            acquired=ago(days=60),
            expires=ago(days=days, minutes=5),
            digits=index,
        )
        for index, days in enumerate((0, 1, 7, 30))
    ]
    redeemed = [
        OfferSeed(
            f"redeemed {index}",
            plain(f"Used {days} days ago"),
            "fixed_amount_check_discount",
            acquired=ago(days=days + 4),
            starts=ago(days=90),
            expires=ago(days=days + 1) if index == 2 else ahead(days=9),
            redeemed=ago(days=days, hours=1),
            pos=f"D-R{index}",
        )
        for index, days in enumerate((2, 8, 33))
    ]
    return (*expired, *redeemed)


_THINGS = ("coffee", "tea", "croissant", "cinema seat", "refill", "tote bag", "soup", "sandwich", "cake", "juice")
_WAYS = ("Free", "20 % off", "Half price", "Two for one", "Double points for a")
_KINDS = (
    "manual_fulfillment",
    "percent_discount",
    "fixed_amount_check_discount",
    "fixed_amount_discount",
    "buy_x_get_y",
)
_GROUPS = (None, "bar", "partners", "store")
_CATEGORIES = (None, "drinks", "food", "basket", "services")


def many() -> tuple[OfferSeed, ...]:
    """1,312 offers: more than one page holds, in every state, type, group and category."""
    return tuple(_numbered(index) for index in range(1312))


def _numbered(index: int) -> OfferSeed:
    days = (index * 37) % 120 - 12
    past = days < 0
    return OfferSeed(
        f"many {index}",
        plain(f"{_WAYS[index % 5]} {_THINGS[index % 10]} #{index + 1:04d}", "One of very many"),
        _KINDS[index % 5],
        _GROUPS[index % 4],
        _CATEGORIES[index % 5],
        acquired=ago(days=30, minutes=index),
        starts=ahead(days=1 + index % 20) if index % 23 == 5 and not past else ago(days=60),
        expires=None if index % 31 == 7 else ahead(days=days, minutes=index % 1440 + 1),
        redeemed=ago(days=1 + index % 9) if index % 13 == 3 else None,
        pos=f"D-{index:04d}" if index % 3 else None,
        digits=index % 8,
    )


def hostile() -> tuple[OfferSeed, ...]:
    """Texts that attack, in names, descriptions, terms, types and till ids."""
    return tuple(
        OfferSeed(
            f"hostile {key}",
            plain(text, f"description: {text}", f"terms: {text}"),
            text[:60] if index % 4 == 0 else "manual_fulfillment",
            _GROUPS[index % 4],
            expires=ahead(days=1 + index),
            pos=text[:30] if index % 3 == 0 else None,
        )
        for index, (key, text) in enumerate(HOSTILE)
    )


def german() -> tuple[OfferSeed, ...]:
    """Offers whose texts exist in English, German and Japanese; the German ones are long compounds."""
    breakfast = spoken(
        ("Breakfast for two", "Rolls, jam and two hot drinks", "Weekends only."),
        (
            "Wochenendfrühstücksgutscheinüberraschung für zwei",
            "Brötchen, Marmelade und zwei Heißgetränke",
            "Nur am Wochenende.",
        ),
        ("2名様朝食セット", "パン、ジャム、ホットドリンク2杯", "週末限定。"),
    )
    rows = (("coffee", COFFEE), ("pastry", PASTRY), ("basket", BASKET), ("breakfast", breakfast))
    return tuple(
        OfferSeed(
            f"german {key}",
            texts,
            "percent_discount",
            "bar",
            "food",
            expires=ahead(days=2 + index * 5),
            pos=f"D-DE{index}",
        )
        for index, (key, texts) in enumerate(rows)
    )


def few() -> tuple[OfferSeed, ...]:
    """Three plain offers for customers whose point lies elsewhere."""
    rows = (("coffee", COFFEE), ("pastry", PASTRY), ("basket", BASKET))
    return tuple(
        OfferSeed(f"few {key}", texts, "manual_fulfillment", "bar", "drinks", expires=ahead(days=3 + index), pos="D-1")
        for index, (key, texts) in enumerate(rows)
    )
