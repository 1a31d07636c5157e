"""The send being prepared, as its file keeps it: to the digit, and nothing for a file that is something else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.adapters.files import Drafts, Places
from core.calls import encode_json
from core.composing import Form, typed_value
from core.senddrafts import SendDraft, SendDrafts
from core.sends import PropertyGroup, TargetKind

TYPED = st.text() | st.sampled_from(["1.10", "1e3", "-0", "007", "true", '{"a": [1.0]}', ""])


@given(
    st.sampled_from(TargetKind),
    st.text(),
    st.text(),
    st.dictionaries(st.text(min_size=1), TYPED),
    st.none() | st.text(),
)
def test_a_draft_comes_back_as_it_was_kept(
    kind: TargetKind, target_id: str, to: str, typed: dict[str, str], json_text: str | None
) -> None:
    form = Form().with_group(PropertyGroup.POINTS, {"point_account_name": "Base"}).without_group(PropertyGroup.POINTS)
    form = form.with_group(PropertyGroup.CAMPAIGN, {}).told({key: typed_value(text) for key, text in typed.items()})
    draft = SendDraft(kind, target_id, to, form, json_text)
    again = SendDraft.from_text(draft.to_text())
    assert again == draft
    assert again is not None and again.to_text() == draft.to_text()


def test_numbers_come_back_to_the_digit() -> None:
    form = Form().put(0, "a", "1.10").put(1, "b", "1e3").put(2, "c", "-0")
    again = SendDraft.from_text(SendDraft(form=form).to_text())
    assert again is not None and encode_json(again.form.properties()) == b'{"a":1.10,"b":1e3,"c":-0}'


@pytest.mark.parametrize("spoilt", ["", "[]", "{}", "null", '{"kind": "letter"}', "[" * 100_000, "\x00"])
def test_a_file_that_is_something_else_is_no_draft(spoilt: str) -> None:
    assert SendDraft.from_text(spoilt) is None


def test_a_draft_with_a_part_missing_is_no_draft() -> None:
    whole = json.loads(SendDraft(form=Form().put(0, "a", "1")).to_text())
    for name in whole:
        assert SendDraft.from_text(json.dumps({key: value for key, value in whole.items() if key != name})) is None
    assert SendDraft.from_text(json.dumps({**whole, "rows": [{}]})) is None
    assert SendDraft.from_text(json.dumps({**whole, "rows": ["a"]})) is None


async def test_two_cockpits_on_one_profile_keep_a_send_each_and_none_is_lost(tmp_path: Path) -> None:
    files = [Drafts(Places.under(tmp_path)) for _ in range(2)]
    for number, drafts in enumerate(files):
        assert await SendDrafts(drafts).kept("mine") is None
        await SendDrafts(drafts).keep("mine", SendDraft(to=f"LM-{number}"))
    for number, drafts in enumerate(files):
        assert await SendDrafts(drafts).kept("mine") == SendDraft(to=f"LM-{number}")
    for drafts in files:
        drafts.let_go()
    after = SendDrafts(Drafts(Places.under(tmp_path)))
    assert await after.kept("mine") == SendDraft(to="LM-0")
    await after.keep("mine", None)
    assert await after.kept("mine") == SendDraft(to="LM-1")
    assert await after.kept("other") is None
