"""A tenant's whole life with its secrets in a real Secret Service: made, set, proved, used, forgotten, removed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.driver import ROOT, Vendors

# Unlocking answers 0 even for a wrong password, so a probe is stored and read back before anything is believed.
SESSION = """
set -e
printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
printf probe | secret-tool store --label=probe offerdeck-probe 1
test "$(secret-tool lookup offerdeck-probe 1)" = probe
exec "$@"
"""

INSIDE = """
import json, sys
from pathlib import Path
from tests.cli.driver import Program
told = json.load(sys.stdin)
program = Program(Path(told["home"]), told["environ"])
steps = []
for words, typed in told["steps"]:
    done = program(*words, stdin=typed)
    steps.append([done.code, done.out, done.err])
print(json.dumps(steps))
"""


def in_a_session(home: Path, steps: list[tuple[list[str], str]]) -> list[tuple[int, str, str]]:
    """Run offerdeck's `steps` on a session bus of their own with an unlocked keyring; code, out and err of each."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    environ = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "PATH": os.environ["PATH"],
        "KEYRING_PASSWORD": "made up",
    }
    # The bus's address is only known inside, so the inner program passes on what it finds there.
    inside = INSIDE.replace(
        'told["environ"]',
        '{**told["environ"], **{k: v for k, v in __import__("os").environ.items()'
        ' if k.startswith(("DBUS_", "XDG_", "GNOME_"))}}',
    )
    told: dict[str, Any] = {
        "home": str(home),
        "environ": {"PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"},
        "steps": steps,
    }
    done = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", SESSION, "_", sys.executable, "-c", inside],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environ,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [tuple(step) for step in json.loads(done.stdout.splitlines()[-1])]


def keyring_words(vendors: Vendors, name: str) -> list[str]:
    words = vendors.profile_words(name)
    words[words.index("environment", words.index("--secrets"))] = "keyring"
    return words


@pytest.mark.slow
@pytest.mark.keyring
def test_a_replaced_or_removed_tenant_leaves_nothing_of_its_hosts_in_a_real_keyring(
    tmp_path: Path, vendors: Vendors
) -> None:
    here, elsewhere = keyring_words(vendors, "kr"), keyring_words(vendors, "kr")
    elsewhere[elsewhere.index(vendors.core_url)] = "https://core.elsewhere.example"
    done = in_a_session(
        tmp_path,
        [
            (here, ""),
            *[(["auth", "set", "kr", field, "--stdin"], "CANARY\n") for field in ("core_key", "braze_key")],
            ([*here, "--culture", "de-DE", "--replace"], ""),  # the same hosts: their secrets stay
            ([*elsewhere, "--replace"], ""),
            ([*here, "--replace"], ""),  # back again, and the secret of before is gone
            (["auth", "forget", "kr", "core_key"], ""),
            (["profile", "remove", "kr"], ""),
            (here, ""),
            (["auth", "forget", "kr"], ""),
        ],
    )
    assert [code for code, _, _ in done] == [0] * 10, done
    said = [err for _, _, err in done]
    assert "Forgot" not in said[3]
    assert "Forgot core_key." in said[4] and "braze_key." not in said[4]
    assert "There was no core_key." in said[6]
    assert "Forgot braze_key." in said[7]
    assert "Forgot" not in said[9]


@pytest.mark.slow
@pytest.mark.keyring
def test_a_tenant_lives_with_its_secrets_in_a_real_keyring(tmp_path: Path, vendors: Vendors) -> None:
    words = keyring_words(vendors, "kr")
    fields = ["core_key", "core_secret", "connect_authorization", "braze_key"]
    steps: list[tuple[list[str], str]] = [(words, ""), (["auth", "check", "kr"], "")]
    steps += [(["auth", "set", "kr", field, "--stdin"], vendors.secrets[field] + "\n") for field in fields]
    steps += [
        (["auth", "check", "kr", "--json"], ""),
        (["wallet", vendors.customers[0], "--json"], ""),
        (["doctor", "--json"], ""),
        (["auth", "forget", "kr", "braze_key"], ""),
        (["auth", "check", "kr", "--json"], ""),
        (["profile", "remove", "kr"], ""),
        (words, ""),
        (["auth", "check", "kr"], ""),
    ]
    done = in_a_session(tmp_path, steps)
    assert [code for code, _, _ in done] == [0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4], done
    assert "auth set kr core_key" in done[1][2]
    assert "Secret Service" in done[2][2]
    assert all(check["ok"] for check in json.loads(done[6][1])["checks"])
    assert len(json.loads(done[7][1])["user_offers"]) == 12
    assert json.loads(done[8][1])["keyring"]["ok"] is True
    checks = {check["service"]: check["ok"] for check in json.loads(done[10][1])["checks"]}
    assert checks == {"SessionM Core": True, "SessionM Connect": True, "Braze": False}
    said = "".join(out + err for _, out, err in done).encode()
    files = [path for path in (tmp_path / "od").rglob("*") if path.is_file()]
    for field in fields:
        secret = vendors.secrets[field].encode()
        assert secret not in said
        assert not [path for path in files if secret in path.read_bytes()]
