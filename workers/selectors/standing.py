"""Reads of watching, proposals and appeals, for the desk's lists and for the person concerned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet

from staffing.core.models import User
from workers import standing_text
from workers.models import Proposal, StandingAppeal, StandingPolicy, WatchEntry, Worker
from workers.services import standing_appeals
from workers.standing_text import Why
from workers.states import LIVE_WATCH, ProposalStatus, StandingAppealStatus

Subject = WatchEntry | Proposal
PERSON = ("worker__user", "worker__city")
# So much of the past is shown about one person.
PAST = 10


@dataclass(frozen=True, slots=True)
class Line:
    """Something about a person with its words; `appeals` the eldest first; `until`: the last moment for an appeal."""

    row: Subject
    whys: Sequence[Why]
    appeals: Sequence[StandingAppeal]
    may_appeal: bool
    until: datetime | None

    @property
    def watch(self) -> bool:
        """A watch, rather than a proposal."""
        return isinstance(self.row, WatchEntry)

    @property
    def what(self) -> str:
        """What it is, in words."""
        if isinstance(self.row, WatchEntry):
            return str(self.row.get_service_type_display())
        return standing_text.proposed(self.row)

    @property
    def waiting(self) -> bool:
        """Whether an appeal has not been decided yet."""
        return any(appeal.status == StandingAppealStatus.OPEN for appeal in self.appeals)


def watched() -> QuerySet[WatchEntry]:
    """Who is on watch in what, the longest first."""
    return _with_appeals(WatchEntry.objects.filter(status__in=LIVE_WATCH)).order_by("since", "pk")


def open_proposals() -> QuerySet[Proposal]:
    """What a manager has to decide, the most urgent first."""
    return _with_appeals(Proposal.objects.filter(status=ProposalStatus.OPEN)).order_by("due_at", "pk")


def recommended() -> QuerySet[Proposal]:
    """Recommendations for full time that were agreed to, and nobody has said what came of them."""
    rows = Proposal.objects.filter(kind=Proposal.Kind.FULL_TIME, status=ProposalStatus.APPROVED, outcome="")
    return _with_appeals(rows).order_by("decided_at", "pk")


def open_appeals() -> QuerySet[StandingAppeal]:
    """What waits for a word of the agency, the most urgent first."""
    rows = StandingAppeal.objects.filter(status=StandingAppealStatus.OPEN)
    return rows.select_related(*PERSON, "watch", "proposal__decided_by").order_by("due_at", "pk")


def _with_appeals(rows: QuerySet[Any]) -> QuerySet[Any]:
    said = Prefetch("appeals", StandingAppeal.objects.select_related("decided_by").order_by("level"))
    return rows.select_related(*PERSON).prefetch_related(said)


def line(row: Subject, now: datetime, policy: StandingPolicy) -> Line:
    """One of them with its words; its appeals and its worker are at hand."""
    appeals = list(row.appeals.all())
    last = appeals[-1] if appeals else None
    began = row.since if isinstance(row, WatchEntry) else row.decided_at
    since = last.decided_at if last else began
    until = since + timedelta(days=policy.appeal_file_days) if since else None
    return Line(row, _whys(row), appeals, standing_appeals.may_appeal(row, last, now, policy), until)


def _whys(row: Subject) -> Sequence[Why]:
    return standing_text.reasons(row.reasons) if isinstance(row, WatchEntry) else standing_text.evidence(row.evidence)


def lines(rows: Sequence[Subject], now: datetime) -> list[Line]:
    """The same of many; one query more."""
    policy = StandingPolicy.current()
    return [line(row, now, policy) for row in rows]


def of_worker(worker: Worker, now: datetime, *, own: bool) -> list[Line]:
    """Everything about one person, what runs first. Their own page shows what was decided, not what is only proposed,
    nor what was declined."""
    watches = list(_with_appeals(WatchEntry.objects.filter(worker=worker))[:PAST])
    proposals = Proposal.objects.filter(worker=worker)
    if own:
        decided = (ProposalStatus.APPROVED, ProposalStatus.APPEALED, ProposalStatus.OVERTURNED)
        proposals = proposals.filter(status__in=decided).exclude(kind=Proposal.Kind.PROMOTE)
    rows: list[Subject] = [*watches, *list(_with_appeals(proposals).order_by("-made_at", "-pk")[:PAST])]
    found = lines(rows, now)
    return sorted(found, key=lambda one: (not one.may_appeal and not one.waiting, one.row.status not in LIVE_WATCH))


@dataclass(frozen=True, slots=True)
class Asked:
    """An appeal that waits, those that came before, what it is against, and whether the reader may decide it."""

    row: StandingAppeal
    before: Sequence[StandingAppeal]
    against: Line
    may: bool


def asked(appeals: Sequence[StandingAppeal], user: User | None) -> list[Asked]:
    """Each for the page of this person. One query."""
    before = StandingAppeal.objects.filter(worker__in={row.worker_id for row in appeals}).select_related("decided_by")
    told = list(before.exclude(decided_at=None))
    return [_asked(row, [one for one in told if _same(one, row)], user) for row in appeals]


def _same(one: StandingAppeal, row: StandingAppeal) -> bool:
    return one.level < row.level and (one.watch_id, one.proposal_id) == (row.watch_id, row.proposal_id)


def _asked(row: StandingAppeal, before: Sequence[StandingAppeal], user: User | None) -> Asked:
    subject = row.watch or row.proposal
    assert subject is not None, "an appeal is against one thing"
    may = standing_appeals.eligible(row, user, {one.decided_by_id for one in before})
    return Asked(row, before, Line(subject, _whys(subject), [], False, None), may)
