"""The matrix: one template for several people; and the customers looked at, who are among them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime

from core.adapters.render_child import Renderer
from core.borrowed import Borrowed
from core.channels.document import Message
from core.channels.rendering import RenderedMessage, render_message
from core.liquid.engine import Dataset, Engine
from core.livemessages import Kept
from core.matrix import MatrixRow, Person, customers, matrix, of_the_message, persona_as_person, with_kept
from core.personas import Persona
from core.profiles import Profile
from core.reads import Ticket
from core.render import Connected, Problem, RenderData, Rendered
from core.sessionm.answers import customer_from_json, wallet_from_json
from core.subjects import Part, Subject
from core.verdicts import Outcome, Render
from core.visited import Visited
from tests.starting import wallet_html

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PROFILE = Profile.make(
    name="acme",
    environment="staging",
    core_url="https://core.test",
    connect_url="https://connect.test/",
    braze_url="US-05",
    retailer_id="0b0f2f6c-7a0d-4f0e-9f3c-2a6d8a1c4e55",
)


def subject(name: str, points: int = 100, *, profile: str = "acme") -> Subject:
    """A customer of that name, fully read, with one offer."""
    user_id = f"6f1c0a52-0000-4000-8000-{sum(map(ord, name)):012d}"
    offer = {"id": f"u-{name}", "offer_id": "o", "name": f"{name}'s offer", "expiration_date": "2026-12-24T18:00:00Z"}
    payload = {"user_id": user_id, "available_points": points, "total_records": 1, "user_offers": [offer]}
    wallet = wallet_from_json({"status": "ok", "payload": payload}, culture="en-US", read_at=NOW)
    user = {"id": user_id, "first_name": name, "email": f"{name}@x.test", "locale": "en_US"}
    return Subject(
        name,
        ticket=Ticket(profile, name, 1),
        customer=Part(customer_from_json({"status": "ok", "user": user}), read_at=NOW),
        wallet=Part(wallet, read_at=NOW),
    )


def person(name: str, **raw: object) -> Person:
    return Person(name, "customer", RenderData.from_json({"attributes": {"first_name": name}, **raw}))


async def greet(data: RenderData) -> Rendered:
    """`Hi NAME`, with a limit that a long name breaks."""
    name = data.attributes["first_name"]
    limit = Problem("limit-sms", "warning", "The text is too long.", "", 1, 1, 1, 2)
    if name == "nobody":
        return Rendered("aborted", abort_reason="no name")
    return Rendered("rendered", f"Hello\nHi {name}\nBye", problems=(limit,) if len(name) > 10 else ())


async def run(render: Render, people: list[Person], **extra: object) -> list[MatrixRow]:
    async with aclosing(matrix(render, people, NOW, **extra)) as rows:  # type: ignore[arg-type]
        return [row async for row in rows]


async def test_everybody_is_held_against_the_first() -> None:
    first, same, other = await run(greet, [person("Ana"), person("Ana"), person("Bo")])
    assert [row.number for row in (first, same, other)] == [0, 1, 2]
    assert first.difference.count == same.difference.count == 0
    found = other.difference
    assert (found.count, found.first) == (1, (2, "Hi Ana", "Hi Bo"))


async def test_too_long_aborted_and_blank_are_told() -> None:
    async def blank(data: RenderData) -> Rendered:
        return Rendered("rendered", " \n") if data.attributes["first_name"] == "blank" else await greet(data)

    rows = await run(blank, [person("Ana"), person("Maximiliana"), person("nobody"), person("blank")])
    assert [row.outcome for row in rows] == [Outcome.RENDERED, Outcome.RENDERED, Outcome.ABORTED, Outcome.BLANK]
    assert [[one.rule for one in row.too_long] for row in rows] == [[], ["limit-sms"], [], []]
    assert rows[2].verdict.reason == "no name"
    assert rows[2].difference.count == 0


async def test_sizes_are_characters_and_only_an_sms_has_segments() -> None:
    (row,) = await run(greet, [person("日本")])
    assert (row.size, row.segments) == (15, "")


async def test_everybody_has_one_clock_but_those_with_their_own() -> None:
    seen = []

    async def note(data: RenderData) -> Rendered:
        seen.append(data.now)
        return await greet(data)

    await run(note, [person("Ana"), person("Bo", now="2025-01-01T00:00:00Z")])
    assert seen == [NOW, datetime(2025, 1, 1, tzinfo=UTC)]


async def test_a_closed_matrix_renders_no_more() -> None:
    seen = []

    async def note(data: RenderData) -> Rendered:
        seen.append(data)
        return await greet(data)

    rows: AsyncGenerator[MatrixRow, None] = matrix(note, [person("Ana"), person("Bo")], NOW)
    async with aclosing(rows):
        await anext(rows)
    assert len(seen) == 1


async def test_who_lacks_what_is_printed_has_holes_whoever_stands_first() -> None:
    push = "--- ios_push ---\n--- body ---\nHi {{${first_name}}}, use it until {{context.${expiration_date}}}."
    ana = person("Ana", context={"expiration_date": "2026-12-24T18:00:00Z"})
    for people in ([ana, person("Ben")], [person("Ben"), ana]):
        rows = {row.person.name: row for row in await run(rendering(push), people)}
        assert (rows["Ana"].holes, rows["Ana"].is_flawed) == (0, False)
        assert (rows["Ben"].holes, rows["Ben"].is_flawed, rows["Ben"].outcome) == (1, True, Outcome.RENDERED)
        assert rows["Ben"].reason == "1 hole: 3:38 context.${expiration_date} prints nothing"


async def test_who_is_shown_an_offer_that_has_ended_by_their_own_clock_is_told() -> None:
    push = "--- ios_push ---\n--- body ---\n{{context.${offer_title}}} is yours until {{context.${expiration_date}}}."
    tea = {"offer_title": "Tea", "expiration_date": "2026-11-23T00:00:00Z"}
    people = [person("Ana", context=tea), person("Bo", context=tea, now="2026-11-24T00:00:00Z")]
    ana, bo = await run(rendering(push), people)
    assert (ana.warning, ana.is_flawed) == ("", False)
    assert bo.warning == "shows expired offers: expiration_date is read, and they stay"


# -- who there is


def test_the_customer_on_the_screen_stands_first_and_once() -> None:
    ana, bo = subject("Ana"), subject("Bo")
    people = customers(ana, [bo, ana], PROFILE, NOW)
    assert [(one.name, one.kind) for one in people] == [("Ana", "shown"), ("Bo", "customer")]
    assert people[1].data.variables["wallet"]["payload"]["user_offers"][0]["name"] == "Bo's offer"


def test_each_customer_has_an_offer_of_their_own_and_the_properties_that_were_typed() -> None:
    override = {"attributes": {"first_name": "X"}, "api_trigger_properties": {"code": "7", "offer_title": "typed"}}
    shown, other = customers(subject("Ana"), [subject("Bo")], PROFILE, NOW, override=override)
    assert shown.data.attributes["first_name"] == "X"
    assert other.data.attributes["first_name"] == "Bo"
    properties = other.data.namespaces["api_trigger_properties"]
    assert (properties["code"], properties["offer_title"], properties["user_offer_id"]) == ("7", "typed", "u-Bo")


def test_without_a_customer_there_is_still_the_message_as_it_is_shown() -> None:
    (only,) = customers(Subject(), [], None, NOW, override={"attributes": {"first_name": "X"}})
    assert (only.name, only.data.attributes) == ("no customer", {"first_name": "X"})


def test_what_was_typed_about_a_person_is_not_the_messages() -> None:
    typed = {"attributes": {}, "variables": {}, "custom_attribute": {}, "context": {"a": 1}, "catalogs": {}, "now": "x"}
    assert of_the_message(typed) == {"context": {"a": 1}, "catalogs": {}, "now": "x"}
    assert of_the_message(None) == {}


def test_a_persona_is_alone_but_for_what_goes_with_the_message() -> None:
    bo = Persona("Bo", {"attributes": {"first_name": "Bo"}, "context": {"a": 2}})
    override = {"attributes": {"last_name": "Prado"}, "context": {"a": 1, "b": 1}, "promotions": {"p": ["1"]}}
    made = persona_as_person(bo, PROFILE, override=override)
    assert (made.name, made.kind) == ("Bo", "persona")
    assert made.data.attributes == {"first_name": "Bo"}
    assert made.data.namespaces["context"] == {"a": 2, "b": 1}
    assert made.data.promotions == {"p": ["1"]}
    assert bo.data["context"] == {"a": 2}


def test_a_personas_wallet_stands_in_for_a_call_like_anybodys() -> None:
    bo = Persona("Bo", {"variables": {"wallet": {"payload": {}}, "mine": 1}})
    assert persona_as_person(bo, PROFILE).data.stand_ins == ("wallet",)


async def test_a_personas_wallet_answers_the_call_that_a_whole_message_makes() -> None:
    wallet = {"payload": {"available_points": 5, "total_records": 1, "user_offers": [{"name": "Tea"}]}}
    bo = Persona("Bo", {"attributes": {"first_name": "Bo"}, "variables": {"wallet": wallet}})
    template = wallet_html(PROFILE)
    renderer = Renderer()
    try:
        people = [*customers(subject("Ana"), [], PROFILE, NOW), persona_as_person(bo, PROFILE)]
        ana, made = await run(lambda data: renderer.render(template, data, connected="stub"), people)
    finally:
        await renderer.aclose()
    assert (ana.outcome, made.outcome) == (Outcome.RENDERED, Outcome.RENDERED)
    assert "connected-not-recorded" not in {one.rule for one in made.verdict.rendered.problems}
    assert made.difference.first[1:] == ("Hi Ana", "Hi Bo")


# -- the customers looked at


def test_the_last_customers_are_kept_newest_first_and_each_once() -> None:
    visited = Visited(most=3)
    for name in ("a", "b", "c", "a", "d"):
        visited.keep(subject(name))
    assert [one.name for one in visited.subjects] == ["d", "a", "c"]


def test_a_fresh_reading_takes_the_place_of_the_one_before() -> None:
    visited = Visited()
    visited.keep(subject("a", 1))
    visited.keep(subject("a", 2))
    (kept,) = visited.subjects
    assert kept.wallet.value is not None
    assert kept.wallet.value.available_points == 2


def test_who_is_still_loading_or_unknown_is_not_kept() -> None:
    visited = Visited()
    known = subject("a")
    visited.keep(Subject())
    visited.keep(replace(known, ticket=None))
    visited.keep(replace(known, tags=Part(loading=True)))
    visited.keep(replace(known, customer=Part()))
    visited.keep(replace(known, wallet=Part()))
    assert visited.subjects == ()


def test_another_profile_forgets_everybody() -> None:
    visited = Visited()
    visited.keep(subject("a"))
    visited.keep(subject("b", profile="other"))
    assert [one.name for one in visited.subjects] == ["b"]
    visited.forget()
    assert visited.subjects == ()


# -- messages with a channel


def rendering(document: str) -> Render:
    """Renders a whole document, field by field."""

    async def text(
        template: str, data: RenderData, *, connected: Connected, name: str, now: datetime | None
    ) -> Rendered:
        return Engine().render(template, Dataset(data), connected=connected, now=NOW)

    async def render(data: RenderData) -> RenderedMessage:
        return await render_message(text, Message.parse(document), data, connected="stub")

    return render


async def test_an_sms_is_counted_in_segments_and_too_many_are_too_long() -> None:
    document = "--- sms ---\n--- body ---\nHi {{${first_name}}}, {{custom_attribute.${words}}}"
    many = person("Bo", custom_attribute={"words": "x" * 2_000})
    ana, bo = await run(rendering(document), [person("Ana", custom_attribute={"words": "bye"}), many])
    assert (ana.segments, ana.size, ana.too_long) == ("1 segment", len("Hi Ana, bye"), ())
    assert bo.segments == "14 segments"
    assert [one.rule for one in bo.too_long] == ["limit-sms-segments"]
    assert bo.outcome is Outcome.RENDERED


async def test_advice_about_length_is_no_limit() -> None:
    document = "--- ios_push ---\n--- body ---\n{{custom_attribute.${words}}}"
    (row,) = await run(rendering(document), [person("Ana", custom_attribute={"words": "x" * 300})])
    assert "limit-ios-lock-screen" in [one.rule for one in row.verdict.rendered.problems]
    assert row.too_long == ()


async def test_every_field_is_compared_and_none_of_the_marks_between_them() -> None:
    document = (
        "--- email ---\n--- subject ---\nFor {{${first_name}}}\n--- html ---\n<p>Same</p><p>{{${first_name}}}</p>\n"
    )
    ana, bo = await run(rendering(document), [person("Ana"), person("Bo")])
    assert [pair[1:] for pair in bo.difference.pairs] == [("For Ana", "For Bo"), ("Ana", "Bo")]
    assert ana.size == len("For Ana" + "<p>Same</p><p>Ana</p>")
    assert any("Subject" in span.text for line in ana.verdict.lines for span in line)


async def test_a_field_that_must_not_be_blank_makes_the_message_blank_and_an_abort_ends_it() -> None:
    document = (
        "--- email ---\n--- subject ---\n{{${first_name}}}\n--- html ---\n"
        "<p>Hi</p>{% if ${first_name} == 'nobody' %}{% abort_message('no name') %}{% endif %}\n"
    )
    ana, blank, nobody = await run(rendering(document), [person("Ana"), person(" "), person("nobody")])
    assert [row.outcome for row in (ana, blank, nobody)] == [Outcome.RENDERED, Outcome.BLANK, Outcome.ABORTED]
    assert "comes out blank" in blank.verdict.reason
    assert nobody.verdict.reason == "no name"


def test_what_a_live_render_met_is_the_shown_customers_and_blocks_are_everybodys() -> None:
    answer = {"url": "https://x.example/me", "body": "Ana's"}
    kept = Kept((), (answer,), Borrowed({"footer": "12 Alder Street"}, {"teas": {"m1": {"t": "Tea"}}}))
    people = [Person(kind, kind, RenderData()) for kind in ("shown", "customer", "persona")]
    shown, *others = with_kept(people, kept)
    assert shown.data.connected_content == (answer,)
    for one in (shown, *others):
        assert one.data.content_blocks == {"footer": "12 Alder Street"}
        assert one.data.catalogs == {"teas": {"m1": {"t": "Tea"}}}
    assert [one.data.connected_content for one in others] == [(), ()]
