"""The wallets of the seeded customers, one function each."""

from __future__ import annotations

from core.sandbox.seed_offers import OfferSeed, ago, ahead, plain, spoken

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
