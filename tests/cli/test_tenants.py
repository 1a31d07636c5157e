"""profile, auth, doctor, locate, and the words around them: settings in, health out, usage errors."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from core.sandbox.seed import Seed, limited_braze_key
from tests.cli.driver import ROOT, Program, Vendors, at
from tests.cli.vendor import APP, SECRETS, WALLET, Answer, Vendor, vendor_server
from tui.cli.help import TEXT
from tui.cli.main import COMMANDS

NIL = "00000000-0000-0000-0000-000000000000"


def test_a_profile_is_added_listed_shown_and_removed(bare: Program, vendors: Vendors) -> None:
    words = vendors.profile_words("acme-stg", "staging")
    words[words.index(vendors.braze_url)] = "us-05"
    more = ("--culture", "de-DE", "--allow-whole-segment", "--connected-content-host", "A.example")
    assert bare(*words, *more, "--connected-content-host", "b.example:8443").code == 0
    shown = bare("profile", "show", "acme-stg", "--json").json
    assert shown == {
        "name": "acme-stg",
        "environment": "staging",
        "core_url": vendors.core_url,
        "connect_url": vendors.connect_url,
        "braze_url": "https://rest.iad-05.braze.com",
        "retailer_id": vendors.retailer_id,
        "culture": "de-DE",
        "secrets": "environment",
        "allow_whole_segment": True,
        "connected_content_hosts": ["a.example", "b.example:8443"],
    }
    assert bare("profile", "list", "--json").json == {"profiles": [shown], "default": "acme-stg"}
    assert "acme-stg" in bare("profile").out
    assert bare("profile", "remove", "acme-stg").code == 0
    assert bare("profile", "show", "acme-stg").code == 2


def test_the_profile_file_is_private(bare: Program, vendors: Vendors) -> None:
    assert bare(*vendors.profile_words("one")).code == 0
    path = bare.home / "od" / "config" / "profiles.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--core-url": "http://core.example"}, "not encrypted"),
        ({"--connect-url": "https://user:pass@host"}, "plain address"),
        ({"--braze-url": "US-99"}, "not an address"),
        ({"--retailer-id": "12"}, "GUID"),
        ({"--environment": "live"}, "production"),
        ({"--secrets": "file"}, "keyring"),
        ({"--culture": "x"}, "culture"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_nothing_is_saved(
    bare: Program, vendors: Vendors, change: dict[str, str], said: str
) -> None:
    words = vendors.profile_words("acme")
    for flag, value in change.items():
        if flag in words:
            words[words.index(flag) + 1] = value
        else:
            words += [flag, value]
    done = bare(*words)
    assert done.code == 2
    assert said in done.err
    assert bare("profile", "list", "--json").json["profiles"] == []


def test_a_name_that_is_taken_is_not_written_over(program: Program, vendors: Vendors) -> None:
    assert program(*vendors.profile_words("sb", "production")).code == 2
    assert program("profile", "show", "sb", "--json").json["environment"] == "sandbox"


def test_the_profile_comes_from_the_flag_then_the_variable_then_the_only_one(
    program: Program, vendors: Vendors
) -> None:
    ana = vendors.customers[0]
    assert program("tags", ana, "--json").json["profile"] == "sb"
    assert program(*vendors.profile_words("second")).code == 0
    assert program("tags", ana).code == 2
    assert program("tags", ana, "--json", env={"OFFERDECK_PROFILE": "second"}).json["profile"] == "second"
    both = program("tags", ana, "--json", "--profile", "sb", env={"OFFERDECK_PROFILE": "second"})
    assert both.json["profile"] == "sb"
    assert program("tags", ana, "--profile", "third").code == 2


# -- auth


@pytest.fixture
def vendor(bare: Program) -> Iterator[Vendor]:
    """A server on which every credential of the profile `sb` is good."""
    with vendor_server() as running:
        running.answers["GET", f"{APP}/users/{NIL}"] = Answer(
            {"status": "error", "errors": {"code": "USER_NOT_FOUND", "message": "no"}}, 404
        )
        running.answers["POST", WALLET] = Answer({"status": "error", "errors": {"error": "no such user"}})
        running.answers["GET", "/campaigns/list"] = Answer({"message": "success", "campaigns": []})
        running.answers["GET", "/canvas/list"] = Answer({"message": "success", "canvases": []})
        running.answers["POST", "/users/export/ids"] = Answer({"message": "success", "users": []})
        at(bare, running.vendors)
        yield running


def checks_of(program: Program, *words: str) -> tuple[int, dict[str, tuple[bool, str]]]:
    """The exit code of `auth check`, and for each service whether it is fine and all that is said of it."""
    done = program("auth", "check", "sb", *words, "--json")
    rows = done.json["checks"]
    return done.code, {row["service"]: (row["ok"], f"{row['says']} {row['hint']}") for row in rows}


def test_good_credentials_are_proved_by_reads_alone(bare: Program, vendor: Vendor) -> None:
    code, found = checks_of(bare)
    assert code == 0
    assert {name: ok for name, (ok, _) in found.items()} == {
        "SessionM Core": True,
        "SessionM Connect": True,
        "Braze": True,
    }
    assert vendor.writes() == []


def test_a_nobody_told_by_404_proves_the_authorization_of_connect_too(bare: Program, vendor: Vendor) -> None:
    vendor.answers["POST", WALLET] = Answer({"status": "error", "errors": {"code": "USER_NOT_FOUND"}}, 404)
    assert checks_of(bare)[1]["SessionM Connect"][0]


def test_one_field_is_checked_alone(bare: Program, vendor: Vendor) -> None:
    code, found = checks_of(bare, "braze_key")
    assert (code, set(found)) == (0, {"Braze"})
    assert bare("auth", "check", "sb", "nonsense").code == 2


@pytest.mark.parametrize(
    ("where", "answer", "service", "said", "code"),
    [
        (
            ("GET", f"{APP}/users/{NIL}"),
            Answer({"status": "error", "errors": {"code": "INVALID_API_KEY"}}, 401),
            "SessionM Core",
            "auth set sb core_key",
            4,
        ),
        (
            ("GET", f"{APP}/users/{NIL}"),
            Answer({"status": "error", "errors": {"code": "access_denied"}}, 401),
            "SessionM Core",
            "auth set sb core_secret",
            4,
        ),
        (("GET", f"{APP}/users/{NIL}"), Answer("<html>Not here</html>", 404), "SessionM Core", "profile show", 1),
        (("GET", f"{APP}/users/{NIL}"), Answer({"status": "error"}, 403), "SessionM Core", "account team", 4),
        (("POST", WALLET), Answer({}, 401), "SessionM Connect", "connect_authorization", 4),
        (("POST", WALLET), Answer("<html></html>", 404), "SessionM Connect", "profile show", 1),
        (
            ("POST", WALLET),
            Answer({"status": "error", "errors": {"error": "The retailer is not known."}}),
            "SessionM Connect",
            "retailer id",
            1,
        ),
        (("GET", "/campaigns/list"), Answer({"message": "Unauthorized"}, 401), "Braze", "another instance", 4),
        (("GET", "/canvas/list"), Answer({"message": "Access Denied"}, 403), "Braze", "canvas.list", 4),
        (("POST", "/users/export/ids"), Answer({"message": "Access Denied"}, 403), "Braze", "users.export.ids", 4),
        (("GET", "/campaigns/list"), Answer("<html></html>", 503), "Braze", "503", 3),
    ],
)
def test_what_is_wrong_with_a_credential_is_said_in_words(
    bare: Program, vendor: Vendor, where: tuple[str, str], answer: Answer, service: str, said: str, code: int
) -> None:
    vendor.answers[where] = answer
    ended, found = checks_of(bare)
    assert ended == code
    ok, words = found.pop(service)
    assert not ok
    assert said in words
    assert all(fine for fine, _ in found.values())


def test_a_missing_secret_is_one_failed_check_among_good_ones(bare: Program, vendor: Vendor) -> None:
    del bare.environ["OFFERDECK_SECRET_BRAZE_KEY"]
    code, found = checks_of(bare)
    assert code == 4
    assert "OFFERDECK_SECRET_BRAZE_KEY" in found["Braze"][1]
    assert found["SessionM Core"][0]


def test_a_key_that_may_read_but_not_send_passes_the_check_and_says_what_it_cannot_show(
    program: Program, vendors: Vendors
) -> None:
    program.environ["OFFERDECK_SECRET_BRAZE_KEY"] = limited_braze_key(Seed(7))
    code, found = checks_of(program)
    assert code == 0
    assert "only by sending" in found["Braze"][1]
    done = program("send", "campaign", "c1", "--to", vendors.customers[0], "--confirm", "--json")
    assert (done.code, done.json["status"]) == (1, 403)


def test_secrets_of_the_environment_cannot_be_set_or_forgotten(program: Program) -> None:
    assert program("auth", "set", "sb", "core_key", "--stdin", stdin="x\n").code == 5
    assert program("auth", "forget", "sb", "core_key").code == 5


def test_without_a_keyring_it_says_what_to_do_and_writes_no_file(bare: Program, vendors: Vendors) -> None:
    words = vendors.profile_words("kr")
    words[words.index("environment", words.index("--secrets"))] = "keyring"
    assert bare(*words).code == 0
    before = {path for path in bare.home.rglob("*") if path.is_file()}
    done = bare(
        "auth", "set", "kr", "core_key", "--stdin", stdin="CANARY-typed\n", env={"DBUS_SESSION_BUS_ADDRESS": ""}
    )
    assert done.code == 4
    assert "--secrets environment" in done.err
    assert {path for path in bare.home.rglob("*") if path.is_file()} == before
    assert bare("auth", "check", "kr", env={"DBUS_SESSION_BUS_ADDRESS": ""}).code == 4


def test_secrets_that_cannot_be_forgotten_keep_their_profile_unless_told_to_leave_them(
    bare: Program, vendors: Vendors
) -> None:
    words = vendors.profile_words("kr")
    words[words.index("environment", words.index("--secrets"))] = "keyring"
    other = ["https://core.elsewhere.example" if word == vendors.core_url else word for word in words]
    assert bare(*words).code == 0
    for change in ([*other, "--replace"], ["profile", "remove", "kr"]):
        done = bare(*change, env={"DBUS_SESSION_BUS_ADDRESS": ""})
        assert done.code == 4
        assert "so kr stays as it is" in done.err and "--leave-secrets" in done.err
        assert bare("profile", "show", "kr", "--json").json["core_url"] == vendors.core_url
    assert bare(*words, "--culture", "de-DE", "--replace").code == 0  # no other host: the keyring is not asked
    assert bare(*other, "--replace", "--leave-secrets").code == 0
    assert bare("profile", "remove", "kr", "--leave-secrets").code == 0
    assert bare("profile", "remove", "kr").code == 2


def test_a_secret_without_a_terminal_wants_stdin_and_is_never_a_flag(bare: Program, vendors: Vendors) -> None:
    words = vendors.profile_words("kr")
    words[words.index("environment", words.index("--secrets"))] = "keyring"
    bare(*words)
    assert "--stdin" in bare("auth", "set", "kr", "core_key").err
    assert bare("auth", "set", "kr", "core_key", "the-secret").code == 2
    assert bare("auth", "set", "kr", "core_key", "--stdin", stdin="\n").code == 2
    assert bare("auth", "set", "kr", "braze_key", "--stdin", stdin="Bearer abc\n").code == 2


# -- doctor, locate, and the words


def test_doctor_shows_versions_places_profiles_and_no_secret(bare: Program, vendor: Vendor) -> None:
    done = bare("doctor")
    assert done.code == 0, done.err
    report = bare("doctor", "--json").json
    assert report["versions"]["textual"] in done.out
    assert report["variables"]["OFFERDECK_SECRET_CORE_KEY"] == "set"
    assert [check["state"] for check in report["profiles"][0]["checks"]] == ["ok", "ok", "ok"]
    assert report["profiles"][0]["secrets"] == "environment"
    assert not [value for value in SECRETS.values() if value in done.out + done.err + json.dumps(report)]


def test_doctor_tells_a_broken_profile_and_goes_on(bare: Program, vendor: Vendor) -> None:
    path = bare.home / "od" / "config" / "profiles.toml"
    path.write_text(path.read_text(encoding="utf-8") + '\n[profiles.bad]\nenvironment = "nowhere"\n', encoding="utf-8")
    report = bare("doctor", "--json")
    assert report.code == 2
    assert [profile["name"] for profile in report.json["profiles"]] == ["sb", "bad"]
    assert "nowhere" in report.json["profiles"][1]["error"] or "missing" in report.json["profiles"][1]["error"]


def test_doctor_without_a_profile_is_fine(bare: Program) -> None:
    done = bare("doctor", env={"DBUS_SESSION_BUS_ADDRESS": ""})
    assert done.code == 0
    assert "offerdeck profile add" in done.out


def test_locate_tells_places_under_the_home(bare: Program) -> None:
    assert bare("locate", "ledger").out == f"{bare.home}/od/data/ledger.sqlite\n"
    assert set(bare("locate", "--json").json) == {"config", "ledger", "log", "cache"}
    assert bare("locate", "elsewhere").code == 2
    assert not (bare.home / "od").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("batch", "plan"),
        ("segment", "map", "-"),
        ("wallet",),
        ("--nonsense",),
        ("profile", "bogus"),
        ("auth",),
    ],
)
def test_what_does_not_exist_is_a_usage_error_in_words(bare: Program, words: tuple[str, ...]) -> None:
    done = bare(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_the_cockpit_wants_a_terminal(bare: Program) -> None:
    for words in ((), ("demo",)):
        done = bare(*words)
        assert done.code == 2
        assert "terminal" in done.err


def test_help_names_every_command_and_each_has_its_own(bare: Program) -> None:
    assert bare("--help").out == TEXT
    assert all(f"offerdeck {command}" in TEXT for command in COMMANDS)
    for words in (["wallet"], ["send"], ["profile", "add"], ["auth", "set"], ["ledger", "show"], ["auth"]):
        done = bare(*words, "--help")
        assert done.code == 0
        assert f"offerdeck {' '.join(words)}" in done.out


def test_a_reader_that_leaves_is_no_error(program: Program) -> None:
    command = " ".join(program.command("wallet", "CRM-000203", "--json"))
    done = subprocess.run(
        ["/bin/bash", "-c", f"{command} | head -c 10; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        cwd=ROOT,
        env=program.env,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert b"Broken" not in done.stderr


def test_a_full_disk_is_said_and_not_taken_for_success(program: Program) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            program.command("profile", "show", "sb"),
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=program.env,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == b"The output could not be written: No space left on device.\n"


@pytest.mark.parametrize("words", ["--version", "--help", "--json --version", "--profile x --help"])
def test_version_and_help_say_when_they_could_not_be_written(bare: Program, words: str) -> None:
    command = f"{' '.join(bare.command(*words.split()))}"
    assert bare(*words.split()).code == 0
    for where, code in ((">/dev/full", 1), (">&-", 0), ("| true; exit ${PIPESTATUS[0]}", 0)):
        run = ["/bin/bash", "-c", f"{command} {where}"]
        done = subprocess.run(run, capture_output=True, cwd=ROOT, env=bare.env, check=False)
        assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr


def test_narration_that_is_lost_changes_no_exit_code(program: Program) -> None:
    command = " ".join(program.command("profile", "list")) + " 2>/dev/full"
    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, cwd=ROOT, env=program.env, check=False)
    assert done.returncode == 0


def test_an_endless_input_is_cut_off_and_refused(bare: Program) -> None:
    command = " ".join(bare.command("render", "-"))
    run = ["/bin/bash", "-c", f"ulimit -v 1000000; {command} </dev/zero"]
    done = subprocess.run(run, capture_output=True, cwd=ROOT, env=bare.env, timeout=60, check=False)
    assert done.returncode == 2
    assert b"larger than 8 MB" in done.stderr


def test_a_profile_that_forgets_its_secrets_at_once_cannot_be_made(bare: Program, vendors: Vendors) -> None:
    words = vendors.profile_words("short")
    words[words.index("--secrets") + 1] = "memory"
    assert bare(*words).code == 2
    assert bare("profile", "list", "--json").json["profiles"] == []


def test_closed_streams_are_no_fault(program: Program) -> None:
    command = " ".join(program.command("profile", "show", "sb"))
    done = subprocess.run(
        ["/bin/bash", "-c", f"{command} >&- 2>&- <&-"], capture_output=True, cwd=ROOT, env=program.env, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_version_and_help_load_nothing_heavy(bare: Program) -> None:
    code = "import sys; from tui.cli.main import main; main(['--version']); main(['--help']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=bare.env, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {
        "argparse",
        "asyncio",
        "dataclasses",
        "json",
        "httpx",
        "textual",
        "keyring",
        "sqlite3",
        "liquid",
    }


@pytest.mark.parametrize("words", [("wallet", "ana@example.com"), ("tags", "CRM-000123"), ("render", "-"), ("ledger",)])
def test_no_command_loads_the_screen(program: Program, words: tuple[str, ...]) -> None:
    code = f"import sys; from tui.cli.main import main; main({list(words)!r}); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        input="hello",
        text=True,
        cwd=ROOT,
        env=program.env,
        check=True,
        timeout=60,
    )
    loaded = {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert not loaded & {"textual", "rich"}


def test_a_fault_of_the_sandbox_that_does_not_exist_is_a_usage_error(bare: Program) -> None:
    assert bare("sandbox", "--fault", "nonsense").code == 2
    assert bare("sandbox", "--port", "70000").code == 2


def test_the_same_seed_gives_the_same_customers(
    bare: Program, vendors: Vendors, faulty: Callable[..., Vendors]
) -> None:
    assert faulty().customers == vendors.customers
