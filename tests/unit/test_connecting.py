"""A live render driven to its end: what is asked of whom, what is kept, what is refused, what it leaves behind."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import admission
from core.adapters.render_child import Renderer
from core.admission import Admitted, CallRequest
from core.answercache import CACHE_BYTES, AnswerCache
from core.callrecords import recordings
from core.connecting import MOST_WANTS, Live
from core.errors import CredentialsRefused, Guarded, KeyringFailed, OfferdeckError
from core.liquid.engine import Dataset, Engine
from core.outcomes import Exchange, Failure
from core.profiles import Profile
from core.render import Connected, RenderData, Rendered, Want
from tests.pipe import over_the_pipe

CONNECT = "https://connect.example"
WALLET = f"{CONNECT}/offers/api/2.0/offers/get_user_offers"
PROFILE = Profile.make(
    name="shop",
    environment="staging",
    core_url="https://core.example",
    connect_url=CONNECT,
    braze_url="https://braze.example",
    retailer_id="11111111-2222-3333-4444-555555555555",
    connected_content_hosts=("api.example",),
)


class StillClock:
    """Moves when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic_s(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class InProcess:
    """The engine without a child; `moments` are the clocks it was given."""

    def __init__(self) -> None:
        self.moments: list[datetime | None] = []

    async def render(
        self,
        template: str,
        data: RenderData,
        *,
        connected: Connected = "off",
        name: str = "message",
        answers: Sequence[Mapping[str, Any]] = (),
        now: datetime | None = None,
    ) -> Rendered:
        self.moments.append(now)
        assert now is not None
        made = Engine().render(template, Dataset(data), connected=connected, now=now, answers=answers)
        return over_the_pipe(made)


class Net:
    """Answers by URL; `calls` is all that left."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.calls: list[Admitted] = []

    async def fetch(self, admitted: Admitted) -> Exchange:
        self.calls.append(admitted)
        made = self.answers.get(admitted.target.rpartition("/")[2], {})
        if isinstance(made, BaseException):
            raise made
        if isinstance(made, Exchange):
            return made
        return Exchange(200, {"x": "y"}, json.dumps(made).encode(), None, 0.031)


class Shelf:
    """Blocks and items; an error is how the reading ends."""

    def __init__(self, **texts: Any) -> None:
        self.texts = texts
        self.asked: list[str] = []

    async def answer(self, want: Want) -> dict[str, Any]:
        self.asked.append("/".join(want.request.values()))
        value = self.texts.get([*want.request.values()][-1])
        head = {"kind": want.kind, "request": want.request}
        if isinstance(value, OfferdeckError):
            return head | {"outcome": "failed", "message": value.message, "hint": value.hint}
        if value is None:
            return head | {"outcome": "not_found", "message": f"Braze has no {self.asked[-1]}.", "hint": "Look again."}
        return head | {"outcome": "found", "value": value}


class Stage:
    """A Live and all that it asks."""

    def __init__(self, net: Net | None = None, shelf: Shelf | None = None, confirm: Any = None) -> None:
        self.net, self.shelf, self.clock = net or Net(), shelf or Shelf(), StillClock()
        self.renders, self.cache, self.confirm = InProcess(), AnswerCache(self.clock), confirm
        self.live = self.again()

    def again(self) -> Live:
        """A fresh look with the same cache."""
        self.live = Live(self.renders, PROFILE, self.net, self.shelf, self.cache, self.clock, confirm=self.confirm)
        return self.live

    async def render(self, template: str, **data: Any) -> Rendered:
        return await self.live.render(template, RenderData.from_json(data), connected="live")


def get(path: str, *options: str) -> str:
    return "{% connected_content https://api.example/" + " ".join((path, *options)) + " :save v %}"


def post(url: str, *options: str) -> str:
    return "{% connected_content " + " ".join((url, ":method post", *options)) + " :save v %}"


def rules(made: Rendered) -> list[str]:
    return [one.rule for one in made.problems if one.severity == "error"]


async def test_a_message_is_driven_to_its_end_with_one_moment_for_all_of_it() -> None:
    stage = Stage(Net(a={"n": 1}, b={"n": 2}), Shelf(B="block", m1={"t": "Tea"}))
    made = await stage.render(
        get("a")
        + "{{ v.n }}"
        + get("b")
        + "{{ v.n }}{{content_blocks.${B}}}{% catalog_items menu m1 %}{{ items[0].t }}"
    )
    assert (made.status, made.output, made.wants) == ("rendered", "12blockTea", None)
    assert [call.target for call in stage.net.calls] == ["/a", "/b"]
    assert stage.shelf.asked == ["B", "menu/m1"]
    assert set(stage.renders.moments) == {stage.clock.now()} and len(stage.renders.moments) == 5
    assert [(call.status, call.milliseconds) for call in made.calls] == [(200, 31), (200, 31)]


async def test_a_template_that_needs_nobody_asks_nobody() -> None:
    stage = Stage()
    assert (await stage.render("x")).output == "x"
    assert (stage.net.calls, stage.shelf.asked, stage.live.records) == ([], [], ())


@pytest.mark.parametrize("mode", ["off", "stub"])
async def test_other_modes_pass_through_and_call_nobody(mode: Connected) -> None:
    stage = Stage()
    made = await stage.live.render(get("a") + "{{content_blocks.${B}}}x", RenderData(), connected=mode)
    assert (made.output, stage.net.calls, stage.shelf.asked) == ("x", [], [])


AS_JSON = {"Content-Type": "application/json", "Accept": "*/*"}


async def test_records_tell_each_call_and_become_recordings_that_render_the_same() -> None:
    opening = Exchange(200, {"x": "y", "set-cookie": "session=1"}, b'{"n": 1}', None, 0.031)
    stage = Stage(Net(a=opening, b=Exchange(503, {}, b"busy", None, 0.2)))
    template = "\n" + get("a", ':headers {"Authorization":"Basic abc","X":"1"}') + "{{ v.n }}" + get("b")
    made = await stage.render(template)
    first, second = stage.live.records
    assert (first.line, first.column, first.status, first.milliseconds, first.body) == (2, 1, 200, 31, '{"n": 1}')
    assert dict(first.request.headers)["Authorization"] == "•••" and dict(first.request.headers)["X"] == "1"
    assert (second.status, second.refused, second.failure, second.from_cache) == (503, "", "", False)
    kept = recordings(stage.live.records)
    assert kept[0] == {
        "method": "GET",
        "url": "https://api.example/a",
        "status": 200,
        "headers": {"x": "y"},
        "body": '{"n": 1}',
        "asked": {"exact": True, "headers": {**AS_JSON, "Authorization": "•••", "X": "1"}},
    }
    data = RenderData.from_json({"connected_content": json.loads(json.dumps(kept))})
    again = Engine().render(template, Dataset(data), connected="stub", now=stage.clock.now())
    assert (again.output, again.status) == (made.output, "rendered")
    assert [(one.url, one.status) for one in again.calls] == [(one.url, one.status) for one in made.calls]


@pytest.mark.parametrize(
    ("asked_then", "asks_now", "is_answered"),
    [
        (':headers {"Authorization":"Basic wrong"}', ':headers {"Authorization":"Basic <it>"}', False),
        ("", ':headers {"Authorization":"Basic <it>"}', False),
        (':headers {"X":"1"}', ':headers {"X":"2"}', False),
        (":method post :body a=1", ":method post :body a=2", False),
        (':headers {"x":"1"}', ':headers {"X":"1"}', True),
        (':headers {"Authorization":"Basic x"}', ':headers {"Authorization":"Basic x"}', True),
    ],
)
async def test_what_was_answered_live_answers_that_request_and_no_other(
    asked_then: str, asks_now: str, is_answered: bool
) -> None:
    stage = Stage(Net(a=Exchange(200, {}, b'{"n": 1}', None, 0.031)))
    await stage.render(get("a", asked_then.replace("<it>", "{{content_blocks.${connect_authorization}}}")))
    kept = recordings(stage.live.records)
    data = {"connected_content": kept, "content_blocks": {"connect_authorization": "<connect_authorization>"}}
    template = get("a", asks_now.replace("<it>", "{{content_blocks.${connect_authorization}}}"))
    again = Engine().render(template, Dataset(RenderData.from_json(data)), connected="stub", now=stage.clock.now())
    assert [one.status for one in again.calls] == [200 if is_answered else None]


async def test_a_placeholder_is_shown_in_a_record_and_what_stands_beside_it_is_not() -> None:
    stage = Stage()
    header = ':headers {"Authorization":"Basic @{{content_blocks.${connect_authorization}}}"}'
    await stage.render(post(WALLET, header.replace("@", "")) + post(WALLET, header.replace("@", "hidden")))
    shown = [dict(record.request.headers)["Authorization"] for record in stage.live.records]
    assert shown == ["Basic <connect_authorization>", "•••"]


async def test_blocks_that_name_credentials_are_placeholders_and_never_asked_of_braze() -> None:
    stage = Stage(shelf=Shelf(connect_authorization="REAL", core_authorization="REAL", appkey_core="REAL"))
    names = ("connect_authorization", "core_authorization", "appkey_core")
    made = await stage.render("".join("{{content_blocks.${" + name + "}}}" for name in names))
    assert made.output == "<connect_authorization><core_authorization><appkey_core>"
    assert stage.shelf.asked == []


async def test_the_same_data_stays_the_same_value_for_the_pipe() -> None:
    seen: list[int] = []

    class Watched(InProcess):
        async def render(self, template: str, data: RenderData, **more: Any) -> Rendered:
            seen.append(id(data))
            return await super().render(template, data, **more)

    stage = Stage(Net(a={}, b={}))
    stage.renders = Watched()
    live, data = stage.again(), RenderData()
    for _ in range(2):
        await live.render(get("a") + get("b"), data, connected="live")
    assert len(seen) == 6 and len(set(seen)) == 1


# -- guards


async def test_a_refused_call_is_recorded_and_nothing_leaves() -> None:
    stage = Stage()
    made = await stage.render("{% connected_content https://evil.example/x :save v %}a")
    assert (made.output, rules(made), stage.net.calls) == ("a", ["connected-refused"], [])
    (record,) = stage.live.records
    assert "evil.example" in record.refused and record.status is None
    assert recordings(stage.live.records) == []


async def test_without_the_host_guard_the_same_call_would_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    monkeypatch.setattr(admission, "_check_host", lambda *_: None)
    await stage.render("{% connected_content https://evil.example/x :save v %}a")
    assert [call.host for call in stage.net.calls] == ["evil.example"]


async def test_a_post_is_made_only_when_somebody_says_yes() -> None:
    asked: list[CallRequest] = []

    def saying(answer: Any) -> Any:
        async def confirm(request: CallRequest) -> Any:
            asked.append(request)
            return answer

        return confirm

    template = post("https://api.example/order", ":body a=1") + "x"
    for confirm, leaves in ((None, 0), (saying(False), 0), (saying("yes"), 0), (saying(True), 1), (lambda _: True, 1)):
        stage = Stage(confirm=confirm)
        made = await stage.render(template)
        assert (made.output, len(stage.net.calls)) == ("x", leaves)
        assert rules(made) == ([] if leaves else ["connected-refused"])
    assert [(one.method, one.url, one.body) for one in asked] == [("POST", "https://api.example/order", "a=1")] * 3


async def test_the_wallet_is_read_without_asking_and_elsewhere_the_same_path_is_not() -> None:
    stage = Stage(confirm=lambda _: False)
    await stage.render(post(WALLET) + post("https://api.example/offers/api/2.0/offers/get_user_offers"))
    assert [call.host for call in stage.net.calls] == ["connect.example"]


async def test_the_wires_own_guard_and_a_locked_keyring_are_problems_too() -> None:
    stage = Stage(Net(a=Guarded("leads inside", "no"), b=KeyringFailed("locked", "unlock it")))
    made = await stage.render(get("a") + get("b") + "x")
    assert made.output == "x"
    found = {one.rule: (one.message, one.hint) for one in made.problems}
    assert found["connected-refused"] == ("leads inside", "no")
    assert "locked" in found["connected-failed"][0] and found["connected-failed"][1] == "unlock it"
    assert [bool(one.refused) for one in stage.live.records] == [True, False]


async def test_a_failure_of_the_network_is_told_in_words() -> None:
    late = Exchange(None, {}, b"", Failure.TIMEOUT, 2.0)
    large = Exchange(200, {}, b"x" * 10, Failure.TOO_LARGE, 0.1)
    stage = Stage(Net(a=late, b=large, c=Exchange(None, {}, b"", Failure.TLS, 0.1, "certificate has expired")))
    made = await stage.render(get("a") + get("b") + get("c") + "x")
    said = [one.message for one in made.problems if one.rule == "connected-failed"]
    assert made.output == "x" and "no answer within 2 seconds" in said[0] and "larger than 1 MB" in said[1]
    assert "certificate has expired" in said[2]
    assert [one.status for one in made.calls] == [None, None, None]
    assert all(one.failure for one in stage.live.records)


async def test_a_workspace_that_cannot_be_read_is_a_problem_with_its_fix() -> None:
    stage = Stage(shelf=Shelf(B=CredentialsRefused("Braze refused the key.", "Fix it.")))
    made = await stage.render("a{{content_blocks.${B}}}z")
    (problem,) = made.problems
    assert (made.output, problem.rule, problem.hint) == ("az", "content-block-unread", "Fix it.")


async def test_a_loop_that_calls_without_end_is_stopped_after_fifty() -> None:
    stage = Stage()
    loop = "{% for i in (1..500) %}" + get("{{ i }}") + "{% endfor %}"
    made = await stage.render("\n" + loop)
    assert (made.status, made.wants, len(stage.net.calls)) == ("failed", None, MOST_WANTS)
    assert [(one.rule, one.line) for one in made.problems if one.rule == "limit-wants"] == [("limit-wants", 2)]
    assert (await stage.again().render(loop.replace("500", "50"), RenderData(), connected="live")).status == "rendered"


# -- the cache


async def test_a_get_is_kept_for_five_minutes_across_looks() -> None:
    stage = Stage(Net(a={"n": 1}))
    await stage.render(get("a") + get("a"))
    assert [one.from_cache for one in stage.live.records] == [False, True]
    stage.clock.seconds = 299
    made = await stage.again().render(get("a") + "{{ v.n }}", RenderData(), connected="live")
    assert (made.output, made.calls[0].milliseconds, len(stage.net.calls)) == ("1", 0, 1)
    stage.clock.seconds = 301
    await stage.render(get("a"))
    assert len(stage.net.calls) == 2


@pytest.mark.parametrize(
    ("call", "calls_at_once", "calls_after_10_minutes"),
    [
        (get("a"), 1, 2),
        (get("a", ":no_cache"), 2, 3),
        (get("a", ":cache_max_age 900"), 1, 1),
        (get("a", ":cache_max_age 900", ":no_cache"), 2, 3),
        (get("a", ":cache_max_age 1"), 1, 2),
        (post(WALLET), 2, 3),
        (post(WALLET, ":cache_max_age 900"), 1, 1),
    ],
)
async def test_what_is_kept_and_how_long(call: str, calls_at_once: int, calls_after_10_minutes: int) -> None:
    stage = Stage()
    await stage.render(call + call)
    assert len(stage.net.calls) == calls_at_once
    stage.clock.seconds = 600
    await stage.render(call)
    assert len(stage.net.calls) == calls_after_10_minutes


async def test_two_customers_never_share_a_kept_wallet() -> None:
    stage = Stage()
    for user in ("u1", "u2", "u1"):
        await stage.render(
            post(WALLET, ":cache_max_age 900", ":body user={{${user_id}}}"), attributes={"user_id": user}
        )
    assert [call.request.body for call in stage.net.calls] == ["user=u1", "user=u2"]


async def test_a_get_whose_header_names_the_customer_is_kept_for_that_customer_alone() -> None:
    stage = Stage()
    for user in ("u1", "u2", "u1"):
        await stage.render(get("me", ':headers {"X-User":"{{${user_id}}}"}'), attributes={"user_id": user})
    assert [dict(call.request.headers)["X-User"] for call in stage.net.calls] == ["u1", "u2"]


async def test_failures_and_refusals_are_not_kept() -> None:
    stage = Stage(Net(a=Exchange(500, {}, b"", None, 0.1), b=Exchange(200, {}, b"x", Failure.TIMEOUT, 2.0)))
    await stage.render(get("a") + get("a") + get("b") + get("b"))
    assert len(stage.net.calls) == 4


async def test_a_kept_answer_is_not_given_past_a_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(Net(a={"n": 1}))
    await stage.render(get("a"))
    secret = get("a", ':headers {"X":"{{content_blocks.${connect_authorization}}}"}')
    made = await stage.render(secret + "{{ v.n }}")
    assert (made.output, rules(made)) == ("", ["connected-refused"])


def test_the_cache_forgets_the_oldest_beyond_its_size() -> None:
    cache = AnswerCache(StillClock())
    big = Exchange(200, {}, b"x" * (CACHE_BYTES // 4), None, 0.1)
    asked = [CallRequest("GET", f"https://api.example/{number}") for number in range(6)]
    for request in asked:
        cache.keep(request, big)
        cache.keep(request, big)
    assert [cache.find(request) is not None for request in asked] == [False, False, True, True, True, True]


async def test_two_children_make_the_same_of_the_same_answers() -> None:
    template = "{% random 100000 %} {{ 'now' | date: '%s' }} " + get("a") + "{{ v.n }} {% random 100000 %}"
    made = []
    for _ in range(2):
        stage, renderer = Stage(Net(a={"n": 1})), Renderer()
        try:
            live = Live(renderer, PROFILE, stage.net, stage.shelf, stage.cache, stage.clock)
            made.append(await live.render(template, RenderData(), connected="live"))
        finally:
            await renderer.aclose()
    assert made[0] == made[1] and made[0].status == "rendered"
