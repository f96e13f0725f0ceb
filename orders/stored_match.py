"""How an answer of the engine is kept in a `MatchShift`."""

from typing import Any

from orders.matching import Ranked, ShiftProposal, Verdict
from orders.matching.explain import part_to_dict, reason_to_dict

Json = dict[str, Any]


def columns_of(answer: ShiftProposal | Verdict) -> Json:
    """The fields of the row, but for its run: who suits with points, who does not and why, counts by gate."""
    verdict = answer.verdict if isinstance(answer, ShiftProposal) else answer
    shortage = answer.shortage if isinstance(answer, ShiftProposal) else 0
    found = {
        "shift_id": answer.need.shift_id,
        "ranked": [ranked_to_dict(entry) for entry in answer.ranked],
        "shortage": shortage,
        "novice_places": answer.need.novice_places,
        "rejected": {},
    }
    return found | (_everybody(verdict) if verdict else {})


def _everybody(verdict: Verdict) -> Json:
    rejected = {str(worker): [reason_to_dict(r) for r in against] for worker, against in verdict.rejected.items()}
    return {
        "rejected": rejected,
        "masks": verdict.masks,
        "gates": [{"gate": one.gate, "removed": one.removed, "only": one.only} for one in verdict.gates],
        "ranked_total": verdict.ranked_total,
        "rejected_total": verdict.rejected_total,
    }


def ranked_to_dict(entry: Ranked) -> Json:
    """JSON-able form of one who suits."""
    parts = [part_to_dict(part) for part in entry.parts]
    return {"worker": entry.worker_id, "score": entry.score, "parts": parts, "taken_by": entry.taken_by}
