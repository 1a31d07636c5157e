"""A session bus and a gnome-keyring-daemon of one's own, in a home of one's own, for each test."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.profiles import Profile

PASSWORD = "correct horse"
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={home}/bus</listen>{services}
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy>
</busconfig>"""
# A prompter that takes every question and leaves it unanswered, as a person does who looks elsewhere.
DEAF_PROMPTER = """
from jeepney import MatchRule, message_bus
from jeepney.io.blocking import open_dbus_connection
bus = open_dbus_connection()
bus.send_and_get_reply(message_bus.RequestName("org.gnome.keyring.SystemPrompter"))
print("ready", flush=True)
while True:
    bus.receive()
"""


class Desktop:
    """A bus in `home`, and what runs on it."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.processes: list[subprocess.Popen[str]] = []
        self._monkeypatch = monkeypatch
        (home / "run").mkdir(mode=0o700, parents=True)
        path = os.environ["PATH"]
        self.environ = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "PATH": path, "PYTHONPATH": ""}

    def start_bus(self, *, services: bool = True) -> subprocess.Popen[str]:
        """A session bus that this process speaks to from now on; without `services` it can start nobody."""
        config = self.home / "bus.conf"
        standard = "<standard_session_servicedirs/>" if services else ""
        config.write_text(BUS.format(home=self.home, services=standard))
        bus = self._start(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"])
        assert bus.stdout is not None
        self.environ["DBUS_SESSION_BUS_ADDRESS"] = address = bus.stdout.readline().strip()
        self._monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        return bus

    def start_daemon(self, password: str | None = PASSWORD) -> subprocess.Popen[str]:
        """gnome-keyring-daemon, unlocked with `password`, or started without anybody logging in."""
        how = "--start" if password is None else "--unlock"
        daemon = self._start(["gnome-keyring-daemon", how, "--components=secrets", "--foreground"])
        assert daemon.stdin is not None
        daemon.stdin.write(password or "")
        daemon.stdin.close()
        self.wait_for_name("org.freedesktop.secrets")
        return daemon

    def start_deaf_prompter(self) -> None:
        """Every prompt stays unanswered from now on."""
        prompter = self._start([sys.executable, "-c", DEAF_PROMPTER])
        assert prompter.stdout is not None and prompter.stdout.readline() == "ready\n"

    def probe(self) -> None:
        """Stores and reads back a secret by another program: `--unlock` says 0 even for a wrong password."""
        self.run("secret-tool", "store", "--label=probe", "probe", "yes", given="works")
        assert self.run("secret-tool", "lookup", "probe", "yes") == "works"

    def run(self, *words: str, given: str = "") -> str:
        """What `words` print."""
        done = subprocess.run(words, env=self.environ, input=given, capture_output=True, text=True, timeout=10)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def lock(self) -> None:
        """Lock the login keyring, as a screen that goes blank does."""
        words = (
            "dbus-send",
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets",
        )
        self.run(
            *words, "org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/collection/login"
        )

    def wait_for_name(self, name: str) -> None:
        """Until somebody owns `name` on the bus."""
        for _ in range(100):
            words = ("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/")
            answer = self.run(*words, "org.freedesktop.DBus.NameHasOwner", f"string:{name}")
            if "boolean true" in answer:
                return
        raise AssertionError(f"nobody took the name {name}")

    def stop(self) -> None:
        """End what was started here, the frozen too."""
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None and not stream.closed:
                    stream.close()

    def _start(self, words: list[str]) -> subprocess.Popen[str]:
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=quiet, env=self.environ, text=True)
        self.processes.append(process)
        return process


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A desktop on which nothing runs yet; this process sees no other."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"):
        monkeypatch.delenv(name, raising=False)
    found = Desktop(tmp_path, monkeypatch)
    for name in ("HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, found.environ[name])
    yield found
    found.stop()
    gc.collect()  # a connection that keyring forgot to close is closed with the test that made it


@pytest.fixture
def profile() -> Profile:
    return Profile.make(
        name="acme-prod",
        environment="production",
        core_url="https://core.example",
        connect_url="https://connect.example",
        braze_url="US-05",
        retailer_id="11111111-2222-3333-4444-555555555555",
    )
