"""lint: the problems of one message and of many, as lines and as JSON, with exit codes; and the catalogue of rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.driver import Program

KEYS = {"rule", "severity", "message", "hint", "line", "column", "end_line", "end_column"}


def test_lint_reports_problems_of_the_template_and_not_of_missing_data(bare: Program) -> None:
    clean = bare("lint", "-", stdin="{{content_blocks.${Footer}}} {% if custom_attribute.${vip} %}x{% endif %}")
    assert (clean.code, clean.out, clean.err) == (0, "", "")
    broken = bare("lint", "-", stdin="a\n{% for x in (1..2) %}")
    assert broken.code == 1
    assert broken.out.startswith("-:2:1: error: ")
    told = bare("lint", "-", "--json", stdin="{% for x in (1..2) %}")
    assert (told.code, set(told.json), [set(one) for one in told.json["problems"]]) == (1, {"problems"}, [KEYS])
    assert told.json["problems"][0]["severity"] == "error"
    assert not (bare.home / "od").exists()


def test_warnings_and_hints_are_told_and_are_no_failure(bare: Program) -> None:
    done = bare("lint", "-", stdin="{{ 1 | bogus }}")
    assert (done.code, "[unknown-filter]" in done.out) == (0, True)


def test_lint_reads_a_document_field_by_field_and_leaves_lengths_alone(bare: Program) -> None:
    done = bare("lint", "-", stdin="--- sms ---\n{% if 1 %}\n--- bodi ---\nx")
    assert done.code == 1
    assert "-:2:1: error" in done.out
    assert "-:3:1: warning" in done.out
    text = "--- email ---\n--- subject ---\nHi {{ 1 | bogus }}\n--- html ---\n<p>\n  {{ 1 }"
    told = bare("lint", "-", "--json", stdin=text)
    places = [(one["rule"], one["line"], one["column"], one["end_line"]) for one in told.json["problems"]]
    assert (told.code, places) == (1, [("unknown-filter", 3, 11, 3), ("unbalanced-braces", 6, 3, 6)])
    clean = bare(
        "lint", "-", stdin="--- email ---\n--- subject ---\n{{${first_name} | default: 'you'}}\n--- html ---\n<p>x</p>"
    )
    assert (clean.code, clean.out) == (0, "")


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str, str]:
    texts = {"good.liquid": "Hi", "warned.liquid": "\n{{ 1 | bogus }}", "broken.liquid": "{% if 1 %}"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    good, warned, broken = (str(tmp_path / name) for name in texts)
    return good, warned, broken


def test_several_files_are_judged_at_once_and_each_line_names_its_file(
    bare: Program, files: tuple[str, str, str]
) -> None:
    good, warned, broken = files
    done = bare("lint", good, warned, broken)
    assert done.code == 1
    first, second = done.out.splitlines()
    assert first.startswith(f"{warned}:2:8: warning: ")
    assert second.startswith(f"{broken}:1:1: error: ")
    assert bare("lint", good, warned).code == 0
    told = bare("lint", warned, "-", "--json", stdin="{{ 1").json["problems"]
    assert [(one["file"], one["rule"]) for one in told] == [(warned, "unknown-filter"), ("-", "unbalanced-braces")]
    assert [set(one) for one in told] == [{"file", *KEYS}] * 2


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_judged(
    bare: Program, files: tuple[str, str, str]
) -> None:
    done = bare("lint", files[2], "/nowhere/none.liquid", files[1])
    assert done.code == 2
    assert [line.rpartition("[")[2].partition("]")[0] for line in done.out.splitlines()] == [
        "missing-end",
        "unknown-filter",
    ]
    assert "none.liquid" in done.err
    alone = bare("lint", "/nowhere/none.liquid")
    assert (alone.code, alone.out) == (2, "")
    assert bare("lint", "-", "-").code == 2


def test_a_channel_may_be_named_for_texts_that_name_none(bare: Program, files: tuple[str, str, str]) -> None:
    done = bare("lint", "-", "--channel", "ios_push", stdin="<b>Free</b> coffee")
    assert (done.code, "[channel-plain-text]" in done.out, done.err) == (0, True, "")
    own = bare("lint", "-", "--channel", "ios_push", stdin="--- sms ---\n<b>Free</b> coffee")
    assert (own.code, own.out) == (0, "")
    assert "sms itself" in own.err
    unknown = bare("lint", files[0], "--channel", "fax")
    assert (unknown.code, unknown.out, "content_card" in unknown.err) == (2, "", True)


def test_nothing_that_a_template_holds_commands_the_terminal(bare: Program) -> None:
    done = bare("lint", "-", stdin="{{ 1 | default: “\x1b]52;c;aGk=\x07” }}{% \x1b[2J %}{% a\x9b\u202e %}")
    assert done.code == 1
    assert not set("\x1b\x07\x9b\u202e") & set(done.out)


def test_the_catalogue_of_rules_is_told_whole_and_rule_by_rule(bare: Program) -> None:
    told = {rule["id"]: rule for rule in bare("lint", "--rules", "--json").json["rules"]}
    assert len(told) > 120
    assert {"unknown-tag", "missing-default", "channel-blank-field", "limit-sms-segments", "missing-field"} <= {*told}
    assert all(set(rule) == {"id", "severity", "what", "why", "source", "example"} for rule in told.values())
    assert all(all(rule.values()) for rule in told.values())
    listed = bare("lint", "--rules").out
    assert listed.splitlines()[0].split() == ["RULE", "SEVERITY", "WHAT", "WHY", "SOURCE"]
    assert len(listed.splitlines()) == len(told) + 1
    one = bare("lint", "--rules", "channel-from-pair", "ignored-tail")
    assert (one.code, "--- from ---\n" in one.out, "{% assign a = 1 == 1 %}" in one.out) == (0, True, True)
    unknown = bare("lint", "--rules", "ignored-tial")
    assert (unknown.code, "Did you mean ignored-tail?" in unknown.err) == (2, True)


def test_lint_without_a_file_says_what_is_missing(bare: Program) -> None:
    nothing = bare("lint")
    assert (nothing.code, "FILE" in nothing.err) == (2, True)


def test_a_channel_or_a_file_named_by_nothing_is_a_usage_error(bare: Program, files: tuple[str, str, str]) -> None:
    assert bare("lint", files[0], "--channel", "").code == 2
    alone = bare("lint", "")
    assert (alone.code, "named by nothing" in alone.err) == (2, True)
    assert bare("lint", files[0], "").code == 2


def test_the_help_says_what_each_exit_code_means_and_what_the_json_holds(bare: Program) -> None:
    shown = bare("lint", "--help").out
    assert not [key for key in (*KEYS, "problems", "file") if f'"{key}"' not in shown]
    assert "Exit code 0: nothing, or hints and warnings only; 1: an error" in shown


def test_places_are_counted_in_characters_of_the_authors_own_lines(bare: Program, tmp_path: Path) -> None:
    path = tmp_path / "places.liquid"
    path.write_bytes("\ufeff😀é {{ 1 | nope }}\r\n\u2028\x0c{{ 1 | nope }}\r\n".encode())
    told = bare("lint", str(path), "--json").json["problems"]
    assert [(one["line"], one["column"], one["end_column"]) for one in told] == [(1, 11, 15), (2, 10, 14)]
