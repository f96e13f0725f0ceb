"""Education, Mandarin and typing: what everybody in the pool has some grade of, and how it became known."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from workers.models import Skill, Worker, WorkerSkill
from workers.models.people import Attested

Source = Attested.Source
# grade → share of the pool
EDUCATION = {1: 0.06, 2: 0.14, 3: 0.42, 4: 0.33, 5: 0.05}
MANDARIN = {2: 0.03, 3: 0.27, 4: 0.5, 5: 0.18, 6: 0.02}
TYPING = {1: 0.2, 2: 0.34, 3: 0.28, 4: 0.13, 5: 0.05}
# A typing test counts for a year; one in twenty-five has let it run out.
TEST_DAYS = 365
LAPSED = 0.04


def of(worker: Worker, skills: Mapping[str, Skill], random: Random, today: date) -> Iterator[WorkerSkill]:
    """The three grades of one worker; most were verified when they joined."""
    yield _paper(worker, skills["education"], _drawn(EDUCATION, random), random)
    yield _paper(worker, skills["putonghua"], _drawn(MANDARIN, random), random)
    tested = today - timedelta(days=random.randint(5, TEST_DAYS - 40))
    if random.random() < LAPSED:
        tested -= timedelta(days=TEST_DAYS)
    tested = max(worker.joined_on, tested)
    yield WorkerSkill(
        worker=worker,
        skill=skills["typing"],
        level=_drawn(TYPING, random),
        source=Source.TEST,
        verified_on=tested,
        valid_until=tested + timedelta(days=TEST_DAYS),
    )


def said_or_seen(worker: Worker, random: Random) -> dict[str, object]:
    """Of an ability: judged in the interview, or the worker's own word."""
    if random.random() < 0.7:
        return {"source": Source.INTERVIEW, "verified_on": worker.joined_on}
    return {}


def _drawn(shares: Mapping[int, float], random: Random) -> int:
    return random.choices(list(shares), list(shares.values()))[0]


def _paper(worker: Worker, skill: Skill, level: int, random: Random) -> WorkerSkill:
    seen = {"source": Source.PAPER, "verified_on": worker.joined_on} if random.random() < 0.85 else {}
    return WorkerSkill(worker=worker, skill=skill, level=level, **seen)
