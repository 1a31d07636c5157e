"""tag, send and ledger: what leaves, what never does, and the exit code of each outcome."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote

import pexpect
import pytest

from core.clean import safe, safe_lines
from tests.cli.driver import ROOT, Program, Vendors, at
from tests.cli.vendor import APP, USER, WALLET, Answer, Vendor, vendor_server

TAGS = f"{APP}/users/{USER}/tags"
SEND = "/campaigns/trigger/send"
ACCEPTED = Answer({"dispatch_id": "d-1", "message": "success"}, 201)


@pytest.fixture
def vendor(bare: Program) -> Iterator[Vendor]:
    """A server that takes tags and sends, and the profile `sb` on it."""
    with vendor_server() as running:
        running.answers["POST", TAGS] = Answer({"status": "OK", "tags": {"a": 1}})
        running.answers["POST", SEND] = running.answers["POST", "/canvas/trigger/send"] = ACCEPTED
        at(bare, running.vendors)
        yield running


def test_a_confirmed_tag_posts_exactly_what_was_asked(bare: Program, vendor: Vendor) -> None:
    done = bare("tag", USER, "winback q3", "東京", "--ttl", "30d", "--confirm", "--json")
    assert done.code == 0, done.err
    assert (done.json["outcome"], done.json["ttl"], done.json["user_id"]) == ("sent", 2592000, USER)
    ((target, body),) = vendor.writes()
    assert target == TAGS
    assert body == '{"tags":["winback q3","東京"],"ttl":2592000}'.encode()


def test_options_may_stand_between_the_tags(bare: Program, vendor: Vendor) -> None:
    assert bare("tag", USER, "a", "--ttl", "60", "b", "--confirm").code == 0
    assert json.loads(vendor.writes()[0][1]) == {"tags": ["a", "b"], "ttl": 60}


def test_a_tag_that_begins_with_a_dash_goes_after_two_dashes(bare: Program, vendor: Vendor) -> None:
    assert bare("tag", "--confirm", "--", USER, "-x").code == 0
    assert json.loads(vendor.writes()[0][1]) == {"tags": ["-x"]}


def test_a_write_without_a_terminal_and_without_confirm_sends_nothing(bare: Program, vendor: Vendor) -> None:
    for words in (("tag", USER, "a"), ("send", "campaign", "c1", "--to", "u1")):
        done = bare(*words, stdin="yes\nyes\n")
        assert (done.code, done.out) == (5, "")
        assert "--confirm" in done.err
    assert vendor.received == []


def test_a_dry_run_shows_the_exact_request_and_sends_nothing(bare: Program, vendor: Vendor) -> None:
    text = bare("send", "campaign", "c1", "--to", "u1", "--set", "offer_id=42", "--dry-run")
    body = '{"campaign_id":"c1","broadcast":false,"trigger_properties":{"offer_id":42},'
    body += '"recipients":[{"external_user_id":"u1"}]}'
    assert text.code == 0
    assert f"POST {SEND} HTTP/1.1" in text.out
    assert body in text.out
    assert text.out.splitlines()[-1].startswith("curl -X POST ")
    shown = bare("send", "campaign", "c1", "--to", "u1", "--set", "offer_id=42", "--dry-run", "--json").json
    assert shown["body"] == json.loads(body)
    assert shown["headers"]["Authorization"] == "Bearer {braze_key}"
    assert vendor.received == []
    assert bare("send", "campaign", "c1", "--to", "u1", "--set", "offer_id=42", "--confirm").code == 0
    assert vendor.writes() == [(SEND, body.encode())]


def test_numbers_leave_as_they_were_typed_and_as_every_view_shows_them(bare: Program, vendor: Vendor) -> None:
    path = bare.home / "p.json"
    path.write_text('{"price": 1.10, "deep": [1e3, {"n": -0}], "big": 12345678901234567890123}', encoding="utf-8")
    words = ("--properties", str(path), "--set", "x=1.0", "--set", "y=5.500", "--set", "z=007")
    wire = '{"price":1.10,"deep":[1e3,{"n":-0}],"big":12345678901234567890123,"x":1.0,"y":5.500,"z":"007"}'
    shown = bare("send", "campaign", "c1", "--to", "u1", *words, "--dry-run", "--json")
    assert wire in shown.json["http"]
    assert all(text in shown.out for text in ('"price": 1.10,', "1e3,", '"n": -0', '"y": 5.500'))
    done = bare("send", "campaign", "c1", "--to", "u1", *words, "--confirm", "--json")
    assert done.code == 0, done.err
    ((_, body),) = vendor.writes()
    assert wire.encode() in body
    kept = bare("ledger", "show", done.json["entry_id"], "--json")
    assert wire in kept.json["request"]["body"]
    again = bare("ledger", "replay", done.json["entry_id"], "--confirm", "--json")
    assert again.code == 0, again.err
    assert vendor.writes()[1][1] == body


def test_ids_go_out_byte_for_byte_and_each_once(bare: Program, vendor: Vendor) -> None:
    ids = ["LM-000123", " spaced ", "Ünï-日本", "a/b?c#d", "{{${user_id}}}"]
    words = ["--to", *ids[:2], "--to", ids[2], "--to", *ids[3:]]
    done = bare("send", "canvas", "cv", *words, "--confirm", "--json")
    assert done.code == 0, done.err
    sent = json.loads(vendor.writes()[0][1])
    assert [one["external_user_id"] for one in sent["recipients"]] == done.json["recipients"] == ids
    assert (sent["canvas_id"], sent["broadcast"]) == ("cv", False)
    assert done.json["dispatch_id"] == "d-1"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["--to", ""], 2),
        (["--to", "a", "a"], 2),
        (["--to", "a\x1bb"], 2),
        (["--to", *map(str, range(51))], 2),
        (["--broadcast"], 5),
        (["--broadcast", "--confirm-broadcast", "Spring"], 5),
        (["--to", "u1", "--broadcast", "--confirm-broadcast", "Spring"], 5),
        (["--to", "u1", "--set", "novalue"], 2),
        (["--to", "u1", "--set", "x=" + "y" * 50_001], 2),
        (["--to", "u1", "--confirm", "--dry-run"], 2),
        (["--to", "u1", "--properties", "missing.json"], 2),
    ],
)
def test_what_braze_would_refuse_or_read_as_everybody_never_leaves(
    bare: Program, vendor: Vendor, words: list[str], code: int
) -> None:
    done = bare("send", "campaign", "c1", *words, "--confirm")
    assert (done.code, done.out) == (code, ""), done.err
    assert vendor.received == []


def test_properties_come_from_a_file_or_the_input_with_set_over_them(bare: Program, vendor: Vendor) -> None:
    path = bare.home / "p.json"
    path.write_text('{"a": "file", "b": [1, null]}', encoding="utf-8")
    assert (
        bare("send", "campaign", "c1", "--to", "u1", "--properties", str(path), "--set", "a=set", "--confirm").code == 0
    )
    given = bare("send", "campaign", "c1", "--to", "u1", "--properties", "-", "--confirm", stdin='{"c": "日本"}')
    assert given.code == 0
    sent = [json.loads(body)["trigger_properties"] for _, body in vendor.writes()]
    assert sent == [{"a": "set", "b": [1, None]}, {"c": "日本"}]
    broken = bare("send", "campaign", "c1", "--to", "u1", "--properties", "-", "--confirm", stdin='{"c": }')
    assert broken.code == 2
    assert "line 1, column 7" in broken.err


def test_a_notice_is_shown_beside_the_word_accepted(bare: Program, vendor: Vendor) -> None:
    vendor.answers["POST", "/canvas/trigger/send"] = Answer(
        {"message": "success", "dispatch_id": "d-2", "notice": "The Canvas is paused."}, 201
    )
    done = bare("send", "canvas", "cv", "--to", "u1", "--confirm")
    assert done.code == 0
    assert "accepted" in done.out
    assert "sent" not in done.out.split()
    assert "The Canvas is paused." in done.err


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [
        (Answer({"message": "Invalid Campaign ID"}, 400), "rejected", 1),
        (Answer({"message": "Unauthorized"}, 401), "rejected", 4),
        (Answer({"message": "Internal Server Error"}, 500), "rejected", 1),
        (Answer("<html>Bad Gateway</html>", 502, {"Content-Type": "text/html"}), "unknown", 6),
        (Answer('{"message": "succ', 201), "unknown", 6),
        (Answer("", 302, {"Location": "http://127.0.0.1:1/x"}), "rejected", 1),
    ],
)
def test_every_answer_to_a_send_has_its_outcome_exit_code_and_ledger_entry(
    bare: Program, vendor: Vendor, answer: Answer, outcome: str, code: int
) -> None:
    vendor.answers["POST", SEND] = answer
    done = bare("send", "campaign", "c1", "--to", "u1", "--confirm", "--json")
    assert (done.code, done.json["outcome"]) == (code, outcome), done.err
    assert len(vendor.writes()) == 1
    (entry,) = bare("ledger", "--json").json["entries"]
    assert (entry["id"], entry["state"]) == (done.json["entry_id"], outcome)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        ("reset-before-read", "unknown", 6),
        ("reset-after-apply", "unknown", 6),
        ("gzip-bomb", "unknown", 6),
        ("status-error", "rejected", 1),
        ("401", "rejected", 4),
        ("404", "rejected", 1),
    ],
)
def test_faults_of_sessionm_give_a_tag_its_outcome(
    bare: Program, faulty: Callable[..., Vendors], fault: str, outcome: str, code: int
) -> None:
    running = faulty(f"{fault}@core")
    done = bare("tag", running.customers[0], "a", "--confirm", "--json")
    assert (done.code, done.json["outcome"], done.json["attempts"]) == (code, outcome, 1), done.err


def test_a_service_that_is_not_there_leaves_nothing_sent(bare: Program, vendors: Vendors) -> None:
    bare.environ |= vendors.variables
    words = vendors.profile_words("gone")
    words[words.index(vendors.core_url)] = "http://127.0.0.1:1"
    assert bare(*words).code == 0
    done = bare("tag", vendors.customers[0], "a", "--confirm", "--json")
    assert (done.code, done.json["outcome"], done.json["attempts"]) == (3, "not_sent", 3)


def test_production_refuses_every_write_without_both_flags(bare: Program, vendor: Vendor) -> None:
    assert bare(*vendor.vendors.profile_words("acme", "production")).code == 0
    writes = (("tag", USER, "a"), ("send", "campaign", "c1", "--to", "u1"))
    for words in writes:
        for flags in ([], ["--confirm"], ["--unlock-production"]):
            assert bare("--profile", "acme", *words, *flags).code == 5, flags
    assert vendor.received == []
    for words in writes:
        assert bare("--profile", "acme", "--unlock-production", *words, "--confirm").code == 0
    assert len(vendor.writes()) == 2


def test_a_second_program_writes_nothing_while_one_holds_the_profile(bare: Program, vendor: Vendor) -> None:
    from core.adapters.files import Places
    from core.adapters.locks import ProfileLock
    from core.profiles import Profile

    places = Places.under(bare.home / "od")
    made = vendor.vendors
    profile = Profile.make(
        name="sb",
        environment="sandbox",
        core_url=made.core_url,
        connect_url=made.connect_url,
        braze_url=made.braze_url,
        retailer_id=made.retailer_id,
    )
    lock = ProfileLock(places, profile.name)
    assert lock.acquire()
    held = bare("tag", USER, "a", "--confirm")
    lock.release()
    assert held.code == 5
    assert "Another offerdeck" in held.err
    assert vendor.writes() == []
    assert bare("tag", USER, "a", "--confirm").code == 0


def test_a_ledger_that_cannot_be_written_stops_the_send(bare: Program, vendor: Vendor) -> None:
    (bare.home / "od" / "data").mkdir(parents=True, exist_ok=True)
    (bare.home / "od" / "data" / "ledger.sqlite").mkdir()
    done = bare("tag", USER, "a", "--confirm")
    assert done.code == 5
    assert "ledger" in done.err
    assert vendor.writes() == []


def test_what_left_is_found_shown_and_sent_again_through_the_same_guards(bare: Program, vendor: Vendor) -> None:
    first = bare("send", "campaign", "c1", "--to", "u1", "u2", "--set", "k=v", "--confirm", "--json").json["entry_id"]
    bare("tag", USER, "a", "--confirm")
    assert [row["kind"] for row in bare("ledger", "list", "--json").json["entries"]] == ["tag", "campaign"]
    assert [row["id"] for row in bare("ledger", "--search", "u2", "--json").json["entries"]] == [first]
    shown = bare("ledger", "show", first[:8])
    assert shown.code == 0
    assert '"trigger_properties":{"k":"v"}' in shown.out
    assert "Bearer {braze_key}" in shown.out
    assert "Accept-Encoding: identity" in shown.out
    assert bare("ledger", "replay", first[:8]).code == 5
    again = bare("ledger", "replay", first[:8], "--confirm", "--json")
    assert again.code == 0, again.err
    assert again.json["entry_id"] != first
    sends = [body for target, body in vendor.writes() if target == SEND]
    assert len(sends) == 2
    assert sends[0] == sends[1]
    assert bare("ledger", "show", "zzz").code == 2
    assert bare("ledger", "replay", first, "--profile", "other", "--confirm").code == 5


@pytest.mark.parametrize("words", ["--confirm --json >/dev/full", "--confirm 2>/dev/full", "--confirm >&- 2>&-"])
def test_an_accepted_send_is_never_taken_for_a_refused_one_because_its_receipt_was_lost(
    bare: Program, vendor: Vendor, words: str
) -> None:
    command = f"{' '.join(bare.command('send', 'campaign', 'c1', '--to', 'u1'))} {words}"
    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, cwd=ROOT, env=bare.env, check=False)
    assert done.returncode == 0
    assert len(vendor.writes()) == 1


@pytest.mark.parametrize(
    "words", [("show", "\udcff"), ("list", "--search", "\udcff"), ("list", "--limit", "9" * 20), ("show", "")]
)
def test_what_no_ledger_can_hold_is_a_usage_error_or_finds_nothing(bare: Program, words: tuple[str, ...]) -> None:
    done = bare("ledger", *words)
    assert done.code == (2 if words[0] == "show" else 0), done.err


def test_what_a_killed_program_left_is_unknown_to_whoever_looks_next(
    bare: Program, faulty: Callable[..., Vendors]
) -> None:
    running = faulty("hang-after-apply@core")
    process = subprocess.Popen(
        bare.command("tag", running.customers[0], "a", "--confirm"), stderr=subprocess.DEVNULL, cwd=ROOT, env=bare.env
    )
    deadline = time.monotonic() + 20
    while not [row for row in bare("ledger", "--json").json["entries"] if row["state"] == "sending"]:
        assert time.monotonic() < deadline, "the tag never left"
    assert bare("ledger", "--json").json["entries"][0]["state"] == "sending"
    process.kill()
    process.wait()
    (entry,) = bare("ledger", "--json").json["entries"]
    assert entry["state"] == "unknown"
    dry = bare("ledger", "replay", entry["id"], "--dry-run", "--json")
    assert dry.code == 0
    assert "reach people twice" in dry.err


def test_a_replay_to_another_host_is_refused(bare: Program, vendor: Vendor, vendors: Vendors) -> None:
    entry = bare("tag", USER, "a", "--confirm", "--json").json["entry_id"]
    assert bare(*vendors.profile_words("sb"), "--replace").code == 0
    done = bare("ledger", "replay", entry, "--confirm")
    assert done.code == 5
    assert len(vendor.writes()) == 1


def asked(program: Program, answer: str, *words: str) -> tuple[int, str]:
    """Run on a terminal, answer the question, give the exit code and all that was on the screen."""
    command = program.command(*words)
    child = pexpect.spawn(command[0], command[1:], cwd=str(ROOT), env=program.env, encoding="utf-8", timeout=30)
    child.expect(r"\[no\] |\n> ")
    before = str(child.before)
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return child.exitstatus, before + str(child.before)


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["", "no", "n", "ye", "confirm"])
def test_on_a_terminal_anything_but_yes_sends_nothing(bare: Program, vendor: Vendor, answer: str) -> None:
    vendor.answers["GET", f"{APP}/users/{USER}"] = Answer({"status": "ok", "user": {"id": USER, "first_name": "Ana"}})
    vendor.answers["GET", TAGS] = Answer({"status": "ok", "tags": {"a": 4}})
    code, screen = asked(bare, answer, "tag", USER, "a")
    assert code == 5
    assert "Nothing was sent." in screen
    assert vendor.writes() == []


@pytest.mark.slow
def test_on_a_terminal_the_review_says_who_and_what_and_yes_sends_it(bare: Program, vendor: Vendor) -> None:
    vendor.answers["GET", f"{APP}/users/{USER}"] = Answer({"status": "ok", "user": {"id": USER, "first_name": "Ana"}})
    vendor.answers["GET", TAGS] = Answer({"status": "ok", "tags": {"a": 4}})
    code, screen = asked(bare, "yes", "tag", USER, "a")
    assert code == 0
    assert "Ana" in screen
    assert "adds 1 (4 → 5)" in screen
    assert "accepted" in screen
    assert len(vendor.writes()) == 1


@pytest.mark.slow
def test_on_production_the_name_of_the_campaign_must_be_typed(bare: Program, vendor: Vendor) -> None:
    assert bare(*vendor.vendors.profile_words("acme", "production")).code == 0
    vendor.answers["GET", "/campaigns/details"] = Answer(
        {"message": "success", "name": "Points expiring", "draft": False}
    )
    words = ("--profile", "acme", "--unlock-production", "send", "campaign", "c1", "--to", "u1")
    assert asked(bare, "yes", *words)[0] == 5
    assert vendor.writes() == []
    code, screen = asked(bare, "Points expiring", *words)
    assert code == 0, screen
    assert len(vendor.writes()) == 1


@pytest.mark.slow
def test_ctrl_c_at_the_question_sends_nothing(bare: Program, vendor: Vendor) -> None:
    vendor.answers["GET", "/campaigns/details"] = Answer({"message": "success", "name": "Points expiring"})
    command = bare.command("send", "campaign", "c1", "--to", "u1")
    child = pexpect.spawn(command[0], command[1:], cwd=str(ROOT), env=bare.env, encoding="utf-8", timeout=30)
    child.expect(r"\[no\] ")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert "Interrupted" in str(child.before)
    assert vendor.writes() == []


@pytest.mark.slow
def test_an_interrupted_send_is_told_to_be_unknown(bare: Program, faulty: Callable[..., Vendors]) -> None:
    running = faulty("hang-after-apply@core")
    process = subprocess.Popen(
        bare.command("tag", running.customers[0], "a", "--confirm"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=bare.env,
        text=True,
        # Whoever runs the tests in the background hands down an interrupt that is ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 20
    while not [row for row in bare("ledger", "--json").json["entries"] if row["state"] == "sending"]:
        assert time.monotonic() < deadline, "the tag never left"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "ledger show" in err
    assert [row["state"] for row in bare("ledger", "--json").json["entries"]] == ["unknown"]


@pytest.mark.parametrize("who", ["CRM 42", "member 42", "x;ana@example.com", f"not {USER}", f"{{{USER}}}"])
def test_a_tag_never_goes_to_somebody_whose_id_only_stands_in_what_was_typed(
    bare: Program, vendor: Vendor, who: str
) -> None:
    done = bare("tag", who, "a", "--confirm")
    assert done.code == 1, done.err
    assert vendor.writes() == []
    assert vendor.received[0][1].startswith(f"{APP}/external/users/{quote(who, safe='')}?")


def test_an_email_is_looked_up_before_it_is_tagged(program: Program, vendors: Vendors) -> None:
    done = program("tag", "ana@example.com", "by_mail", "--ttl", "1h", "--confirm", "--json")
    assert done.code == 0, done.err
    assert done.json["user_id"] == vendors.customers[0]
    tags = {tag["name"]: tag for tag in program("tags", "CRM-000123", "--json").json["tags"]}
    assert 3500 < tags["by_mail"]["remaining_s"] <= 3600


@pytest.mark.parametrize("words", [("",), ("a\x07",), *(("a", f"--ttl={ttl}") for ttl in ("0", "soon", "", " ", "-5"))])
def test_a_tag_or_ttl_that_cannot_be_is_a_usage_error(bare: Program, vendor: Vendor, words: tuple[str, ...]) -> None:
    assert bare("tag", USER, *words, "--confirm").code == 2
    assert vendor.received == []


def test_what_cannot_be_seen_goes_out_as_it_came_and_is_printed_as_escapes(bare: Program, vendor: Vendor) -> None:
    title = "\u200fقهوة\u200f \u202eeerf\x1b]52;c;aGk=\x07"
    row = {"id": "u1", "offer_id": "o1", "name": title, "offer_type": "manual_fulfillment"}
    vendor.answers["POST", WALLET] = Answer({"status": "ok", "payload": {"user_id": USER, "user_offers": [row]}})
    listed, data = bare("wallet", USER), bare("wallet", USER, "--json")
    assert safe(title) in listed.out
    (offer,) = data.json["user_offers"]
    assert offer["name"] == title
    words = ("send", "campaign", "c1", "--to", "u1", "--properties", "-")
    properties = json.dumps({"offer_title": offer["name"]})
    dry = [bare(*words, "--dry-run", *extra, stdin=properties) for extra in ((), ("--json",))]
    assert dry[1].json["body"]["trigger_properties"] == {"offer_title": title}
    sent = bare(*words, "--confirm", "--json", stdin=properties)
    ((_, body),) = vendor.writes()
    assert json.dumps({"offer_title": title}, ensure_ascii=False, separators=(",", ":")).encode() in body
    entry = sent.json["entry_id"]
    kept = [bare("ledger", *extra) for extra in ((), ("show", entry), ("--json",), ("show", entry, "--json"))]
    assert json.loads(kept[3].json["request"]["body"]) == json.loads(body)
    for done in (listed, data, *dry, sent, *kept):
        assert done.code == 0
        assert safe_lines(done.out) == done.out
        assert safe_lines(done.err) == done.err
