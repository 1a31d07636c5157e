"""Wallets in other scripts: kana, hangul, right-to-left and emoji."""

from __future__ import annotations

from core.sandbox.seed_offers import OfferSeed, ahead, plain
from core.sandbox.seed_texts import COFFEE


def _titled(prefix: str, titles: tuple[tuple[str, str], ...], *, kind: str = "manual_fulfillment") -> list[OfferSeed]:
    return [
        OfferSeed(
            f"{prefix} {index}",
            plain(title, description),
            kind,
            "bar",
            "drinks",
            expires=ahead(days=1 + 3 * index, hours=5 * index),
            pos=f"D-{prefix[:2].upper()}{index}",
            digits=index % 8,
        )
        for index, (title, description) in enumerate(titles)
    ]


def japanese() -> tuple[OfferSeed, ...]:
    """Japanese titles, half-width kana and long vowels among them."""
    titles = (
        ("コーヒー1杯無料", "お好きなスモールコーヒー1杯"),
        ("ペストリー20%オフ", "クロワッサン、ロールパン、ケーキ"),
        ("抹茶ラテ お試しクーポン", "宇治抹茶使用"),
        ("ﾊﾝｶｸｶﾅのｸｰﾎﾟﾝ", "半角カナ"),
        ("お誕生日おめでとうございます🎂", "ケーキ1切れプレゼント"),
        ("春の桜フェア限定・全ドリンク対象ポイント2倍キャンペーン", "期間限定"),
    )
    return (*_titled("japanese", titles), OfferSeed("ja spoken", COFFEE, expires=ahead(days=30)))


def korean() -> tuple[OfferSeed, ...]:
    """Korean titles, composed and decomposed."""
    titles = (
        ("아메리카노 한 잔 무료", "모든 매장에서"),
        ("무료 사이즈 업그레이드", "모든 음료에 적용됩니다"),
        ("케이크 20% 할인", "오늘만"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af 자모", "풀어쓴 한글"),
    )
    return tuple(_titled("korean", titles, kind="percent_discount"))


def arabic() -> tuple[OfferSeed, ...]:
    """Right-to-left titles, mixed with numbers and Latin."""
    titles = (
        ("قهوة مجانية", "كوب صغير من القهوة"),
        ("خصم 20% على المعجنات", "حتى نفاد الكمية"),
        ("نقاط مضاعفة مع Brightleaf هذا الأسبوع", "على كل المشتريات"),
        ("שובר מתנה ₪50", "תוקף לשבוע"),
    )
    return tuple(_titled("arabic", titles))


def emoji() -> tuple[OfferSeed, ...]:
    """Emoji of every width: families, flags, keycaps, skin tones and variation selectors."""
    titles = (
        ("☕️🥐 Breakfast for two 👩‍❤️‍👨", "family emoji"),
        ("👨‍👩‍👧‍👦 Family day 🇩🇪🇯🇵🇰🇷", "flags"),
        ("1️⃣➕1️⃣ = 2️⃣", "keycaps"),
        ("👍🏽👍🏿 High five 🫱🏻‍🫲🏿", "skin tones"),
        ("❤︎ text heart ❤️ emoji heart ⚠︎⚠️", "variation selectors"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿 Scotland 🏳️‍🌈 pride 🧑🏾‍🚀", "tag sequences"),
        ("ｆｕｌｌ　ｗｉｄｔｈ ½ ㎏ ﷽", "widths"),
    )
    return tuple(_titled("emoji", titles))
