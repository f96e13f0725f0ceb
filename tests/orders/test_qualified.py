"""Every gate reaches matching and its explanation: random people and orders, written through the models, against an
oracle that reads the rows and knows nothing of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders import matching_text, pool, reach_sql, snapshot
from orders.matching import SHANGHAI, Need, Weights, reasons_against
from orders.matching.demand import Demand
from orders.matching.explain import codes_of
from orders.matching.pairs import find_pairs
from orders.matching.scan import scan
from orders.matching.whatif import reach_of
from orders.models import ClientGate, DoNotSend, GateProfile, Order, Package, ProfileLanguage, ProfileSkill
from orders.selectors.desk import explaining
from orders.services.ordering import ShiftSpec
from tests.fixtures.agency import NOW, Agency
from workers.models import (
    CertificateType,
    Course,
    PapersPolicy,
    PoolPolicy,
    Skill,
    Worker,
    WorkerCertificate,
    WorkerCourse,
    WorkerLanguage,
    WorkerSkill,
)

pytestmark = pytest.mark.django_db
# the shift ends in the night after the 25th: what is valid through the 25th is over, through the 26th it is not
START = datetime(2026, 11, 25, 20, tzinfo=SHANGHAI)
ENDS = [START.replace(hour=22), datetime(2026, 11, 26, 0, tzinfo=SHANGHAI), datetime(2026, 11, 26, 4, tzinfo=SHANGHAI)]
DAYS = [None, None, date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)]
SEEN = [None, date(2026, 1, 5)]
MANDARIN = [{"zh": f"普{n}级", "en": f"P{n}"} for n in range(1, 7)]
Against = set[tuple[str, str]]
days, seen = st.sampled_from(DAYS), st.sampled_from(SEEN)


@st.composite
def levels(draw: st.DrawFn, most: int) -> dict[str, Any]:
    """A level of somebody, how it is known and until when."""
    return {"level": draw(st.integers(1, most)), "valid_until": draw(days), "verified_on": draw(seen)}


@st.composite
def persons(draw: st.DrawFn) -> dict[str, Any]:
    """What one person has; None: not at all."""

    def some(what: st.SearchStrategy[Any]) -> Any:
        return draw(st.one_of(st.none(), what, what))

    return {
        "skill": some(levels(6)),
        "mandarin": some(levels(6)),
        "language": some(levels(5)),
        "certificate": some(st.fixed_dictionaries({"expires_on": days, "verified_on": seen})),
        "course": some(st.fixed_dictionaries({"valid_until": days})),
        "worker": {
            "stars": draw(st.sampled_from([None, Decimal("3.9"), Decimal("4.5")])),
            "clearance": draw(st.integers(0, 2)),
            "clearance_until": draw(days),
            "status": draw(st.sampled_from(["active", "active", "watch", "suspended", "left"])),
            "remote_ok": draw(st.booleans()),
        },
        "login": draw(st.sampled_from([True, True, True, False])),
        "barred": draw(st.sampled_from([False, False, True])),
    }


@st.composite
def asks(draw: st.DrawFn) -> dict[str, int]:
    """Requirements as somebody sets them: kind to level; 0 asks for nothing."""
    most = {"skill": 6, "mandarin": 6, "language": 5, "certificate": 1, "course": 1, "stars": 50, "clearance": 2}
    little = {
        kind: draw(st.sampled_from([0, 0, 1, 2])) if top > 2 else draw(st.integers(0, top))
        for kind, top in most.items()
    }
    little["stars"] = draw(st.sampled_from([0, 0, 40, 45]))
    little["mandarin"] = draw(st.sampled_from([0, 0, 3, 6]))
    return {kind: level for kind, level in little.items() if level}


worlds = st.fixed_dictionaries(
    {
        "people": st.lists(persons(), min_size=1, max_size=4),
        "order": asks(),
        "client": asks(),
        "profile": st.one_of(st.none(), asks()),
        "remote": st.booleans(),
        "end": st.sampled_from(ENDS),
        "own_word": st.booleans(),
        "unseen_papers": st.booleans(),
    }
)
World = Mapping[str, Any]


class Rows:
    """A world written through the models."""

    def __init__(self, agency: Agency, world: World) -> None:
        self.agency = agency
        self.mandarin = Skill.objects.create(code="putonghua", name_zh="普通话", name_en="Putonghua", grades=MANDARIN)
        self.typing = Skill.objects.create(code="talk", name_zh="沟通", name_en="Talk", grades=MANDARIN)
        self.paper = CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health")
        self.course = Course.objects.create(code="pos", name_zh="收银", name_en="Till")
        PoolPolicy(self_declared_counts=world["own_word"]).save()
        PapersPolicy(unverified_certificates_count=world["unseen_papers"]).save()
        self.client = agency.client()
        self.people = [self.person(each) for each in world["people"]]
        self.learned(world["client"])
        self.order = self.ordered(world)

    def person(self, given: Mapping[str, Any]) -> Worker:
        worker = self.agency.worker(skills={}, consents=False, **given["worker"])
        worker.languages.all().delete()
        for name, model, column, thing in self.tables():
            if given[name] is not None:
                more = {"passed_on": date(2026, 1, 5)} if model is WorkerCourse else {}
                model.objects.create(worker=worker, **{column: thing}, **given[name], **more)
        if not given["login"]:
            type(worker.user).objects.filter(pk=worker.user_id).update(is_active=False)
        if given["barred"]:
            DoNotSend.objects.create(client=self.client, worker=worker, reason="", created_at=NOW)
        return worker

    def tables(self) -> Sequence[tuple[str, Any, str, Any]]:
        return (
            ("skill", WorkerSkill, "skill", self.typing),
            ("mandarin", WorkerSkill, "skill", self.mandarin),
            ("language", WorkerLanguage, "language", self.agency.language),
            ("certificate", WorkerCertificate, "type", self.paper),
            ("course", WorkerCourse, "course", self.course),
        )

    def learned(self, asked: Mapping[str, int]) -> None:
        refs = {name: thing.pk for name, _model, _column, thing in self.tables()}
        for kind, level in asked.items():
            row = {"kind": "skill" if kind == "mandarin" else kind, "ref": refs.get(kind, 0), "level": level}
            ClientGate.objects.create(client=self.client, created_at=NOW, **row)

    def profile(self, asked: Mapping[str, int]) -> GateProfile:
        stars = Decimal(asked["stars"]) / 10 if "stars" in asked else None
        names = {"name_zh": "双语设备", "name_en": "Bilingual"}
        made = GateProfile.objects.create(**names, min_stars=stars, clearance=asked.get("clearance", 0))
        for name, thing in (("skill", self.typing), ("mandarin", self.mandarin)):
            if name in asked:
                ProfileSkill.objects.create(profile=made, skill=thing, min_level=asked[name])
        if "language" in asked:
            ProfileLanguage.objects.create(profile=made, language=self.agency.language, min_level=asked["language"])
        made.certificates.set([self.paper] if "certificate" in asked else [])
        made.courses.set([self.course] if "course" in asked else [])
        return made

    def ordered(self, world: World) -> Order:
        asked, profile = world["order"], world["profile"]
        package: Any = {"package": Package.SPECIAL_POOL, "special_pool": self.profile(profile)} if profile else {}
        pairs = (("skill", self.typing), ("mandarin", self.mandarin))
        return self.agency.draft(
            self.client,
            shifts=[ShiftSpec(START, world["end"], 1)],
            remote=world["remote"],
            skills={thing.pk: asked[name] for name, thing in pairs if name in asked},
            languages={self.agency.language.pk: asked["language"]} if "language" in asked else {},
            certificates=[self.paper.pk] if "certificate" in asked else [],
            courses=[self.course.pk] if "course" in asked else [],
            min_stars=Decimal(asked["stars"]) / 10 if "stars" in asked else None,
            clearance=asked.get("clearance", 0),
            **package,
        )


def oracle(world: World, given: Mapping[str, Any]) -> Against:
    """Everything against one person: (code, what it is about), from what was drawn alone."""
    asked: dict[str, int] = {}
    for one in (world["order"], world["client"], world["profile"] or {}):
        for kind, level in one.items():
            asked[kind] = max(level, asked.get(kind, 0))
    # a shift until midnight is over on the day before
    last = (world["end"] - timedelta(seconds=1)).date()
    found = set(_person(world, given, asked, last))
    for name, code, kind in (
        ("skill", "talk", "skill"),
        ("mandarin", "putonghua", "skill"),
        ("language", "mandarin", "language"),
    ):
        if name in asked:
            found |= set(_graded(given[name], asked[name], kind, code, last, own_word=world["own_word"]))
    if "certificate" in asked:
        found |= set(_certified(given["certificate"], last, unseen=world["unseen_papers"]))
    if "course" in asked and given["course"] is None:
        found.add(("course_missing", "pos"))
    elif "course" in asked and _over(given["course"]["valid_until"], last):
        found.add(("course_expired", "pos"))
    return found


def _over(until: date | None, last: date) -> bool:
    return until is not None and until < last


def _graded(have: Any, least: int, kind: str, code: str, last: date, *, own_word: bool) -> Iterator[tuple[str, str]]:
    if have is None:
        yield f"{kind}_missing", code
    elif _over(have["valid_until"], last) or (have["verified_on"] is None and not own_word):
        yield f"{kind}_not_valid", code
    elif have["level"] < least:
        yield f"{kind}_level", code


def _certified(have: Any, last: date, *, unseen: bool) -> Iterator[tuple[str, str]]:
    if have is None:
        yield "certificate_missing", "health"
    elif _over(have["expires_on"], last) or (have["verified_on"] is None and not unseen):
        yield "certificate_expired", "health"


def _person(world: World, given: Mapping[str, Any], asked: Mapping[str, int], last: date) -> Iterator[tuple[str, str]]:
    own = given["worker"]
    if own["status"] not in ("active", "watch") or not given["login"]:
        yield "inactive", ""
    if given["barred"]:
        yield "do_not_send", ""
    if world["remote"] and not own["remote_ok"]:
        yield "remote_not_accepted", ""
    if "stars" in asked and own["stars"] is None:
        yield "unrated", ""
    elif "stars" in asked and own["stars"] * 10 < asked["stars"]:
        yield "stars_low", ""
    if "clearance" in asked and own["clearance"] and _over(own["clearance_until"], last):
        yield "clearance_expired", ""
    elif own["clearance"] < asked.get("clearance", 0):
        yield "clearance", ""


def told(need: Need, who: Any) -> Against:
    about = ("skill", "language", "certificate", "course")
    reasons = reasons_against(need, who, weights=Weights())
    return {(r.code, next((str(r.params[key]) for key in about if key in r.params), "")) for r in reasons}


def same_everywhere(rows: Rows, world: World) -> None:
    shifts = list(rows.order.shifts.all())
    (need,) = pool.needs_of(rows.order, shifts, weights=Weights())
    expected = {who.pk: oracle(world, given) for who, given in zip(rows.people, world["people"], strict=True)}
    free = {pk for pk, against in expected.items() if not against}
    objects = {who.id: who for who in pool.candidates_for(need.start, need.end, NOW) if who.id in expected}
    assert {pk: told(need, who) for pk, who in objects.items()} == expected
    # what a booking is checked with, under the worker's lock
    assert {pk: told(need, pool.candidate(pk, need.start, need.end)) for pk in expected} == expected
    assert {who.id for who in reach_sql.eligible(need, NOW, Weights())} == free
    snapshot.clear()
    columns = snapshot.current(NOW).pool
    demand = Demand.of([need], columns.catalogue)
    assert set(columns.ids[find_pairs(columns, demand, Weights()).who].tolist()) == free
    masks = scan(columns, demand, 0, Weights())
    codes = {pk: set(codes_of(int(masks[columns.row_of(pk)]))) for pk in expected}
    assert codes == {pk: {code for code, _ in against} for pk, against in expected.items()}
    reach = reach_of(columns, need, Weights())
    assert (reach.eligible, reach.rejected) == (len(free), len(expected) - len(free))
    told_in_both_languages(need, objects.values())


def told_in_both_languages(need: Need, people: Any) -> None:
    for language in ("zh-hans", "en"):
        with override(language):
            names = explaining.names()
            texts = [matching_text.reason_text(r, names) for who in people for r in reasons_against(need, who)]
        assert all(text and "%" not in text for text in texts)
        assert language == "zh-hans" or not any("\u4e00" <= letter <= "\u9fff" for text in texts for letter in text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds)
def test_every_form_of_matching_says_what_the_oracle_says(agency: Agency, world: World) -> None:
    with transaction.atomic():
        same_everywhere(Rows(agency, world), world)
        transaction.set_rollback(True)
    snapshot.clear()


def one(**changes: Any) -> dict[str, Any]:
    """Somebody who lacks nothing."""
    level = {"level": 6, "valid_until": None, "verified_on": SEEN[1]}
    worker = {"stars": Decimal("4.5"), "clearance": 2, "clearance_until": None, "status": "active", "remote_ok": True}
    have = {
        "skill": level,
        "mandarin": level,
        "language": level | {"level": 5},
        "worker": worker | changes.pop("worker", {}),
    }
    papers = {"certificate": {"expires_on": None, "verified_on": SEEN[1]}, "course": {"valid_until": None}}
    return {**have, **papers, "login": True, "barred": False, **changes}


EVERYTHING = {"skill": 1, "mandarin": 4, "language": 1, "certificate": 1, "course": 1, "stars": 45, "clearance": 2}
LATE = date(2026, 11, 24)
GATES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, ""),
    "low grade": ({"mandarin": {"level": 3, "valid_until": None, "verified_on": None}}, "skill_level"),
    "over": ({"mandarin": {"level": 6, "valid_until": LATE, "verified_on": SEEN[1]}}, "skill_not_valid"),
    "language over": ({"language": {"level": 5, "valid_until": LATE, "verified_on": None}}, "language_not_valid"),
    "check over": ({"worker": {"clearance_until": LATE}}, "clearance_expired"),
    "check low": ({"worker": {"clearance": 1}}, "clearance"),
    "paper over": ({"certificate": {"expires_on": LATE, "verified_on": SEEN[1]}}, "certificate_expired"),
    "course over": ({"course": {"valid_until": LATE}}, "course_expired"),
    "no course": ({"course": None}, "course_missing"),
    "few stars": ({"worker": {"stars": Decimal("4.4")}}, "stars_low"),
}


@pytest.mark.parametrize("by", ["order", "client", "profile"])
@pytest.mark.parametrize("gate", GATES)
def test_each_gate_whoever_asks_for_it(agency: Agency, gate: str, by: str) -> None:
    """The order itself, what was learned about its client, the profile of its special pool."""
    change, code = GATES[gate]
    asked: Any = {"order": {}, "client": {}, "profile": None} | {by: EVERYTHING}
    world = {
        "people": [one(**change)],
        "remote": False,
        "end": ENDS[2],
        "own_word": True,
        "unseen_papers": True,
    } | asked
    rows = Rows(agency, world)
    same_everywhere(rows, world)
    assert {each for each, _ in oracle(world, world["people"][0])} == ({code} if code else set())
    snapshot.clear()
