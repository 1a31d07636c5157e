"""Files: private, whole or not at all, never through a link; profiles, drafts and the lock."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.adapters.files import Drafts, Places, ProfileFiles, ProfileLock
from core.adapters.private import write_private
from core.errors import Guarded, InvalidInput

ROOT = Path(__file__).parents[2]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path / "offerdeck")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def spent(code: str, *words: str, environ: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Another program with these arguments, in this checkout."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=ROOT, stdin=pipe, stdout=pipe, text=True, env=environ
    )


# Places


def test_one_variable_puts_everything_under_one_folder(tmp_path: Path) -> None:
    found = Places.find({"OFFERDECK_HOME": str(tmp_path)})
    assert found == Places(tmp_path / "config", tmp_path / "data", tmp_path / "cache", tmp_path / "log")
    assert not list(tmp_path.iterdir())
    assert Places.find({"OFFERDECK_HOME": "x"}).data == Path.cwd() / "x" / "data"


def test_without_it_the_systems_own_folders_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    found = Places.find({})
    assert (found.config, found.data) == (tmp_path / "CONFIG" / "offerdeck", tmp_path / "DATA" / "offerdeck")
    assert len({found.config, found.data, found.cache, found.log}) == 4


# Private writes


def test_what_is_written_is_private_even_where_it_was_not(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    path = folder / "file"
    write_private(path, b"1")
    folder.chmod(0o755)
    path.chmod(0o644)
    write_private(path, b"2")
    assert (mode(folder), mode(path), path.read_bytes()) == (0o700, 0o600, b"2")
    assert [one.name for one in folder.iterdir()] == ["file"]


def test_every_folder_that_is_made_on_the_way_is_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "control").mkdir()
        write_private(tmp_path / "home" / "data" / "drafts" / "one.txt", b"1")
    finally:
        os.umask(before)
    assert mode(tmp_path / "control") == 0o777
    made = [tmp_path / "home", tmp_path / "home" / "data", tmp_path / "home" / "data" / "drafts"]
    assert [mode(folder) for folder in made] == [0o700] * 3


def test_a_symbolic_link_is_refused_as_file_and_as_folder(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "link").symlink_to(victim)
    (tmp_path / "linked").symlink_to(tmp_path)
    for path in (tmp_path / "link", tmp_path / "linked" / "file"):
        with pytest.raises(OSError, match="symbolic link"):
            write_private(path, b"x")
    assert victim.read_text() == "mine"


def test_a_failed_write_leaves_the_old_file_and_no_crumbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d" / "file"
    write_private(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old" and [one.name for one in path.parent.iterdir()] == ["file"]


@pytest.mark.slow
def test_three_hundred_kills_while_saving_leave_the_old_file_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "d" / "file"
    chance = random.Random(7)
    saver = spent(SAVER, str(path))
    assert saver.stdin and saver.stdout
    last = 0
    for _ in range(300):
        saver.stdin.write(f"{last}\n")
        saver.stdin.flush()
        pid = int(saver.stdout.readline())
        saver.stdout.readline()
        time.sleep(chance.uniform(0, 0.004))
        os.kill(pid, signal.SIGKILL)
        while (said := saver.stdout.readline()) != "-9\n":
            assert said.strip().isdigit()
        found = path.read_bytes()
        assert found == found[:8] * 20_000 and int(found[:8]) > last
        last = int(found[:8])
    saver.communicate()
    assert saver.returncode == 0


# A line on stdin starts a process that counts on from there, a file for each number; it ends by being killed. What it
# says goes out in one piece: a kill between a number and its line break would garble what the next one says.
SAVER = """
import os, sys
from pathlib import Path
from core.adapters.private import write_private

def count_on(number):
    print(os.getpid(), flush=True)
    while True:
        number += 1
        write_private(Path(sys.argv[1]), (b"%08d" % number) * 20_000)
        if number % 5 == 0:
            os.write(1, b"%d\\n" % number)

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        count_on(int(line))
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


# Profiles


def test_profiles_come_back_as_they_were_saved_and_in_their_order(places: Places, lab: Any) -> None:
    store = ProfileFiles(places)
    assert store.names() == []
    made = [
        lab.profile_at("https://a.example/x", name="zeta.1", environment="production", secrets="environment"),
        lab.profile_at("http://127.0.0.1:80", name="Alpha", allow_whole_segment=True, culture="de-DE"),
        lab.profile_at("https://b.example", name="m-_", connected_content_hosts=("x.example", "y.example:8443")),
    ]
    for profile in made:
        store.save(profile)
    assert store.names() == ["zeta.1", "Alpha", "m-_"]
    assert [store.load(name) for name in store.names()] == made
    assert mode(places.profiles) == 0o600


def test_a_taken_name_is_kept_unless_told_otherwise(places: Places, lab: Any) -> None:
    store = ProfileFiles(places)
    for name in ("one", "two"):
        store.save(lab.profile_at("https://a.example", name=name))
    changed = lab.profile_at("https://c.example", name="one")
    with pytest.raises(InvalidInput, match="a profile one already"):
        store.save(changed)
    store.save(changed, replace=True)
    assert store.load("one") == changed and store.names() == ["one", "two"]


def test_a_removed_profile_is_gone_and_an_unknown_one_is_named(places: Places, lab: Any) -> None:
    store = ProfileFiles(places)
    with pytest.raises(InvalidInput, match="Add one: offerdeck profile add"):
        store.load("acme")
    for name in ("one", "two"):
        store.save(lab.profile_at("https://a.example", name=name))
    store.remove("one")
    assert store.names() == ["two"]
    for act in (store.load, store.remove):
        with pytest.raises(InvalidInput, match=r"no profile 'one'\. There are: two"):
            act("one")


def test_keys_it_does_not_know_survive(places: Places, lab: Any) -> None:
    store = ProfileFiles(places)
    store.save(lab.profile_at("https://a.example", name="one"))
    text = places.profiles.read_text()
    places.profiles.write_text('future = "x"\n' + text + 'note = "mine"\n[profiles.one.deep]\nx = 1\n')
    store.save(lab.profile_at("https://c.example", name="one"), replace=True)
    store.save(lab.profile_at("https://d.example", name="two"))
    kept = places.profiles.read_text()
    assert 'future = "x"' in kept and 'note = "mine"' in kept and "[profiles.one.deep]" in kept
    assert store.load("one").core_url == "https://c.example"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = 1\nb = = 2\n", "line 2"),
        ("a = 1\nb = \udcff\n", "not UTF-8 in line 2"),
        ("profiles = 3\n", "profiles"),
        ("[profiles]\none = 3\n", "profiles"),
        ("[profiles.one]\nculture = 'de-DE'\n", "profile one: environment is missing"),
        ("[profiles.one]\nenvironment = 3\n", "environment is not a text"),
        ("[profiles.one]\nenvironment = 'x'\ncore_url='a'\nconnect_url='a'\nbraze_url='a'\nretailer_id='a'\n", "'x'"),
    ],
)
def test_a_bad_file_is_told_with_its_place(places: Places, text: str, words: str) -> None:
    places.config.mkdir(parents=True)
    places.profiles.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidInput) as caught:
        ProfileFiles(places).load("one")
    assert words in str(caught.value) and "profiles.toml" in caught.value.message


@pytest.mark.parametrize("line", ["allow_whole_segment = 'true'", "allow_whole_segment = 1", "culture = 3",
                                  "connected_content_hosts = 'x'", "connected_content_hosts = [3]"])  # fmt: skip
def test_a_switch_of_the_wrong_kind_is_not_guessed(places: Places, lab: Any, line: str) -> None:
    store = ProfileFiles(places)
    store.save(lab.profile_at("https://a.example", name="one"))
    name = line.split(" ", maxsplit=1)[0]
    kept = [old for old in places.profiles.read_text().splitlines() if not old.startswith(name)]
    places.profiles.write_text("\n".join([*kept, line]))
    with pytest.raises(InvalidInput, match=name):
        store.load("one")


def test_a_bad_file_is_never_written_over(places: Places, lab: Any) -> None:
    places.config.mkdir(parents=True)
    places.profiles.write_text("a = = 1")
    with pytest.raises(InvalidInput):
        ProfileFiles(places).save(lab.profile_at("https://a.example"))
    assert places.profiles.read_text() == "a = = 1"


def test_a_linked_file_or_an_unusable_folder_is_told(places: Places, lab: Any, tmp_path: Path) -> None:
    places.config.mkdir(parents=True)
    places.profiles.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidInput, match="symbolic link"):
        ProfileFiles(places).save(lab.profile_at("https://a.example"))
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="Could not"):
        ProfileFiles(Places.under(tmp_path / "file")).save(lab.profile_at("https://a.example"))


def test_programs_that_save_at_the_same_time_lose_nothing(places: Places) -> None:
    script = """
import sys
import time
from core.adapters.files import Places, ProfileFiles
from core.profiles import Profile
from pathlib import Path
home, mark = input().split("|")
for number in range(10):
    ProfileFiles(Places.under(Path(home))).save(Profile.make(name=f"{mark}{number}", environment="sandbox",
        core_url="https://x.example", connect_url="https://x.example", braze_url="https://x.example",
        retailer_id="11111111-2222-3333-4444-555555555555"))
"""
    children = [spent(script) for _ in range(3)]
    for mark, child in zip("abc", children, strict=True):
        assert child.stdin
        child.stdin.write(f"{places.config.parent}|{mark}\n")
        child.stdin.flush()
    for child in children:
        child.communicate(timeout=60)
        assert child.returncode == 0
    assert sorted(ProfileFiles(places).names()) == sorted(f"{mark}{n}" for mark in "abc" for n in range(10))


# Drafts


def test_drafts_are_kept_until_removed(places: Places) -> None:
    drafts = Drafts(places)
    assert drafts.load("message") is None
    drafts.save("message", "Hi {{ ${first_name} }}\r\n日本 \x1b")
    assert Drafts(places).load("message") == "Hi {{ ${first_name} }}\r\n日本 \x1b"
    drafts.save("message", "")
    assert drafts.load("message") == ""
    drafts.remove("message")
    drafts.remove("message")
    assert drafts.load("message") is None


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=20))
@settings(max_examples=50, deadline=None)
def test_any_name_is_a_draft_of_its_own_and_stays_in_its_folder(one: str, two: str, text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as home:
        places = Places.under(Path(home))
        drafts = Drafts(places)
        drafts.save(one, text)
        assert drafts.load(one) == text
        assert (drafts.load(two) is None) is (one != two)
        assert [path.parent for path in Path(home).rglob("*") if path.is_file()] == [places.data / "drafts"]


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", ".", "..", "", "a" * 5000, "\x00", "\udcff", "CON", "a/b"])
def test_hostile_names_stay_in_the_folder(places: Places, name: str) -> None:
    Drafts(places).save(name, "x")
    (found,) = [path for path in places.data.parent.rglob("*") if path.is_file()]
    assert found.parent == places.data / "drafts" and Drafts(places).load(name) == "x"


# The lock

HOLDER = """
from pathlib import Path
from types import SimpleNamespace
from core.adapters.files import Places, ProfileLock
lock = ProfileLock(Places.under(Path(input())), "demo")
print(lock.acquire(), flush=True)
input()
"""


def holder(places: Places) -> tuple[subprocess.Popen[str], str]:
    child = spent(HOLDER)
    assert child.stdin and child.stdout
    child.stdin.write(f"{places.data.parent}\n")
    child.stdin.flush()
    return child, child.stdout.readline().strip()


def test_one_program_writes_and_the_other_learns_which(places: Places, lab: Any) -> None:
    lock = ProfileLock(places, "demo")
    assert lock.holder_pid is None and not lock.held
    child, said = holder(places)
    assert said == "True"
    assert lock.acquire() is False and lock.holder_pid == child.pid and not lock.held
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert lock.acquire() is True and lock.acquire() is True
    assert lock.held and lock.holder_pid == os.getpid()
    second, said = holder(places)
    assert said == "False"
    second.communicate("\n")
    lock.release()
    lock.release()
    assert lock.holder_pid is None
    third, said = holder(places)
    assert said == "True"
    third.communicate("\n")


def test_two_locks_in_one_program_are_two_and_profiles_are_apart(places: Places, lab: Any) -> None:
    one, two = (ProfileLock(places, "demo") for _ in range(2))
    other = ProfileLock(places, "other")
    assert (one.acquire(), two.acquire(), other.acquire()) == (True, False, True)
    for lock in (one, two, other):
        lock.release()


def test_a_child_program_does_not_inherit_the_lock(places: Places, lab: Any) -> None:
    lock = ProfileLock(places, "demo")
    lock.acquire()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    lock.release()
    assert ProfileLock(places, "demo").acquire() is True
    child.communicate(b"\n")


def test_an_unusable_folder_is_told(tmp_path: Path, lab: Any) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Guarded, match="Could not lock"):
        ProfileLock(Places.under(tmp_path / "file"), "demo").acquire()
