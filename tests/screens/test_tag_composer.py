"""Tagging by keys alone: composed, reviewed, received, seen in the tags pane."""

from __future__ import annotations

from tests.screens.writing_stage import cockpit


async def test_tags_with_a_ttl_are_reviewed_accepted_and_seen_in_the_tags_pane():
    async with cockpit() as it:
        await it.press("T")
        await it.comes_to("TagComposer")
        await it.type("winback_q3, spring26")
        await it.press("enter")
        await it.type("30d")
        await it.sees("2592000 s = 30 d 00 h, until", "winback_q3 is there as counter", '"ttl":2592000')
        await it.press("enter")
        assert it.focused == "tag-review"
        assert it.writes == []
        await it.press("enter")
        await it.comes_to("ReviewDialog")
        assert it.focused == "review-cancel"
        await it.sees(
            "Review this tagging", "1 person", "Ana Prado", "Set 2 tags", "There is no undo.", "expires in 9:5"
        )
        assert it.writes == []
        await it.press("right", "enter")
        await it.comes_to("ReceiptDialog")
        await it.sees("✓ accepted", "SessionM Core accepted it.", "+ spring26", "~ winback_q3", "HTTP 200")
        assert len(it.writes) == 1
        await it.press("escape")
        await it.comes_to("CustomerScreen")
        assert "spring26" in {tag.name for tag in it.app.subject.tags.value or ()}
        await it.sees("spring26")
        (entry,) = await it.ledger()
        assert entry.state == "sent"
        assert entry.body == '{"tags":["winback_q3","spring26"],"ttl":2592000}'
