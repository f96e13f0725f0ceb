"""How the explained matching looks in the schema, and which stored answers are asked for."""

from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from rest_framework import serializers

from orders.models import MatchRun, MatchShift
from staffing.core.api.fields import Body
from staffing.core.api.problems import ProblemReasonSerializer


class MatchQuery(Body):
    """How many people to show of each list."""

    most = serializers.IntegerField(min_value=1, max_value=1000, default=50)


class NamedWorkerSerializer(serializers.Serializer[Any]):
    """A worker by id and name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class PartSerializer(serializers.Serializer[Any]):
    """A part of the score: points of at most `max`, the figures behind it, and words."""

    code = serializers.CharField()
    name = serializers.CharField()
    points = serializers.IntegerField()
    max = serializers.IntegerField()
    params = serializers.DictField()
    text = serializers.CharField()


class DifferenceSerializer(serializers.Serializer[Any]):
    """A part of the score in which two people differ: points more, or less."""

    code = serializers.CharField()
    name = serializers.CharField()
    points = serializers.IntegerField()


class LeadSerializer(serializers.Serializer[Any]):
    """Before whom somebody stands and why. `points` may be below 0 where the client's fixed team goes first;
    `continuity`: only another shift of the same order puts them first."""

    next = serializers.IntegerField()
    points = serializers.IntegerField()
    differences = DifferenceSerializer(many=True)
    team_first = serializers.BooleanField()
    continuity = serializers.BooleanField()
    text = serializers.CharField()


class RankedSerializer(serializers.Serializer[Any]):
    """Somebody who can come. `taken_by_shift` is the shift of this order that they were chosen for instead;
    `lead` compares them with the next who is free, null where there is none or the list does not say."""

    worker = NamedWorkerSerializer()
    score = serializers.IntegerField()
    taken_by_shift = serializers.IntegerField(allow_null=True)
    parts = PartSerializer(many=True)
    lead = LeadSerializer(allow_null=True)


class RejectedSerializer(serializers.Serializer[Any]):
    """Somebody who cannot come, with every reason."""

    worker = NamedWorkerSerializer()
    reasons = ProblemReasonSerializer(many=True)


class GateSerializer(serializers.Serializer[Any]):
    """How many people a kind of requirement removes, and how many of them nothing else would stop."""

    code = serializers.CharField()
    text = serializers.CharField()
    removed = serializers.IntegerField()
    only = serializers.IntegerField()


class ShiftMatchSerializer(serializers.Serializer[Any]):
    """The newest matching of a shift: best first; the rejected with the fewest reasons first.

    `ranked_count`, `rejected_count` and `gates` count everybody; the lists hold the best and those nearest to suiting.
    `method` says how far the search went, `gap` how much better a plan could be at most (a share; null: not asked),
    `stopped` that the time limit cut it short, `fallback` that the people were read by plain SQL.
    """

    run = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    cause = serializers.CharField()
    weights_version = serializers.CharField()
    pool_size = serializers.IntegerField()
    method = serializers.CharField(allow_blank=True)
    gap = serializers.FloatField(allow_null=True)
    stopped = serializers.BooleanField()
    fallback = serializers.BooleanField()
    shift = serializers.IntegerField()
    shortage = serializers.IntegerField()
    novice_places = serializers.IntegerField()
    ranked_count = serializers.IntegerField()
    rejected_count = serializers.IntegerField()
    gates = GateSerializer(many=True)
    ranked = RankedSerializer(many=True)
    rejected = RejectedSerializer(many=True)


class GainSerializer(serializers.Serializer[Any]):
    """One change of a shift: people it would bring who cannot come now, and people it would lose."""

    code = serializers.CharField()
    params = serializers.DictField()
    text = serializers.CharField()
    more = serializers.IntegerField()
    fewer = serializers.IntegerField()


class ShiftWhatIfSerializer(serializers.Serializer[Any]):
    """Who a shift reaches now (`placed` people who have a place of it already are not counted), whom each gate keeps
    away, and every single change with its effect, the greatest first."""

    shift = serializers.IntegerField()
    pool_size = serializers.IntegerField()
    placed = serializers.IntegerField()
    eligible = serializers.IntegerField()
    rejected = serializers.IntegerField()
    gates = GateSerializer(many=True)
    changes = GainSerializer(many=True)


def newest_of(order_id: int) -> QuerySet[MatchShift]:
    """The newest stored answer of each shift of the order."""
    newest = MatchShift.objects.filter(run__order=order_id).order_by("shift_id", "-run_id").distinct("shift_id")
    found = MatchShift.objects.filter(pk__in=newest.values("pk"))
    return found.select_related("run").order_by("shift__start_at", "shift_id")


def planned_by(order_id: int) -> MatchRun | None:
    """The newest run that planned the order, alone or with others, with the order's own `missing` places; one query."""
    answers = MatchShift.objects.filter(run=OuterRef("pk"), shift__order=order_id).order_by()
    missing = Subquery(answers.values("run").annotate(n=Sum("shortage")).values("n"), output_field=IntegerField())
    mine = Q(order=order_id, cause="order") | Q(order=None) & Exists(answers)
    return MatchRun.objects.filter(mine).annotate(missing=Coalesce(missing, 0)).order_by("-id").first()
