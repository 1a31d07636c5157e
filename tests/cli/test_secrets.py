"""No secret leaves the program: canaries in every field, everything it writes searched in nine spellings."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pexpect
import pytest

from tests.cli.driver import ROOT, Program, at
from tests.cli.vendor import APP, SECRETS, USER, WALLET, Answer, Vendor, vendor_server


def spellings(secret: str) -> set[bytes]:
    """The ways in which a secret may stand in a file."""
    raw = secret.encode()
    pair = f"{SECRETS['core_key']}:{SECRETS['core_secret']}".encode()
    return {
        raw,
        quote(secret, safe="").encode(),
        json.dumps(secret)[1:-1].encode(),
        base64.b64encode(raw),
        base64.urlsafe_b64encode(raw).rstrip(b"="),
        base64.b64encode(pair),
        raw.hex().encode(),
        secret.encode("utf-16-le"),
        raw[::-1],
    }


def found_in(places: dict[str, bytes]) -> list[str]:
    """Where a secret stands in any spelling."""
    wanted = {spelling for secret in SECRETS.values() for spelling in spellings(secret)}
    return [name for name, content in places.items() if any(spelling in content for spelling in wanted)]


def files_under(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def vendor(bare: Program) -> Iterator[Vendor]:
    """Services that repeat the credentials they were sent, as a debugging proxy might."""
    core, connect, braze = (
        echo(*names) for names in (("core_key", "core_secret"), ("connect_authorization",), ("braze_key",))
    )
    with vendor_server() as running:
        refusal = {"status": "error", "errors": {"code": "VALIDATION", "message": f"you said {core}"}}
        running.answers["POST", f"{APP}/users/{USER}/tags"] = Answer(refusal)
        running.answers["GET", f"{APP}/users/{USER}/tags"] = Answer(refusal)
        running.answers["POST", WALLET] = Answer(f"<html>{connect}</html>", 400)
        running.answers["POST", "/campaigns/trigger/send"] = Answer({"message": f"bad key {braze}"}, 401)
        running.answers["GET", "/campaigns/list"] = Answer({"message": braze}, 403)
        at(bare, running.vendors)
        yield running


def echo(*names: str) -> str:
    """The secrets as they come and as a path or header carries them."""
    return " ".join(f"{SECRETS[name]} {quote(SECRETS[name], safe='')}" for name in names)


COMMANDS = (
    ("wallet", USER),
    ("tags", USER),
    ("tag", USER, "a", "--confirm"),
    ("tag", USER, "a", "--dry-run"),
    ("send", "campaign", "c1", "--to", "u1", "--confirm"),
    ("send", "campaign", "c1", "--to", "u1", "--dry-run", "--json"),
    ("ledger",),
    ("ledger", "--json"),
    ("profile", "show", "sb"),
    ("auth", "check", "sb"),
    ("auth", "set", "sb", "core_key", "--stdin"),
    ("doctor",),
    ("doctor", "--json"),
    ("locate",),
)


def test_no_secret_stands_in_any_output_or_file(bare: Program, vendor: Vendor) -> None:
    seen: dict[str, bytes] = {}
    for words in COMMANDS:
        # Every command may fail here: what it says is what matters.
        done = subprocess.run(
            bare.command(*words), capture_output=True, cwd=ROOT, env=bare.env, timeout=60, check=False, input=b""
        )
        seen[" ".join(words)] = done.stdout + done.stderr
    entries = [row["id"] for row in bare("ledger", "--json").json["entries"]]
    assert len(entries) == 2
    for entry in entries:
        seen[f"show {entry}"] = bare("ledger", "show", entry).out.encode()
    assert any("you said" in content.decode() for content in seen.values()), "the server's echo was never shown"
    assert found_in(seen | files_under(bare.home)) == []


def test_the_search_finds_a_leak_that_was_planted(bare: Program, vendor: Vendor) -> None:
    bare("tag", USER, "a", "--confirm")
    for number, spelling in enumerate(sorted(spellings(SECRETS["core_secret"]))):
        path = bare.home / "od" / "data" / f"planted-{number}"
        path.write_bytes(b"log: " + spelling + b"\n")
        assert found_in(files_under(bare.home)) == [str(path)]
        path.unlink()


def test_the_secret_of_one_profile_never_goes_to_another_host(bare: Program, vendor: Vendor) -> None:
    with vendor_server() as other:
        other.answers["GET", f"{APP}/users/{USER}/tags"] = Answer({"status": "ok", "tags": {}})
        words = other.vendors.profile_words("other")
        words[words.index("environment", words.index("--secrets"))] = "keyring"
        assert bare(*words).code == 0
        assert bare("tags", USER, "--profile", "other", env={"DBUS_SESSION_BUS_ADDRESS": ""}).code == 4
        assert other.received == []


@pytest.mark.slow
def test_a_secret_typed_at_a_terminal_is_not_shown(bare: Program, vendor: Vendor) -> None:
    words = vendor.vendors.profile_words("kr")
    words[words.index("environment", words.index("--secrets"))] = "keyring"
    assert bare(*words).code == 0
    command = bare.command("auth", "set", "kr", "braze_key")
    environ = bare.env | {"DBUS_SESSION_BUS_ADDRESS": ""}
    child = pexpect.spawn(command[0], command[1:], cwd=str(ROOT), env=environ, encoding="utf-8", timeout=30)
    child.expect("nothing is shown")
    child.waitnoecho(10)
    child.sendline(SECRETS["braze_key"])
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 4
    assert "keyring" in str(child.before)
    assert SECRETS["braze_key"] not in str(child.before)
    assert found_in(files_under(bare.home)) == []
