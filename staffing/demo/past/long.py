"""One order of many weeks, so that there is something that is asked about every week."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from orders.services.ordering import ShiftSpec
from staffing.demo.seed.clients import Company
from staffing.demo.seed.demand import KINDS, NOTES, Ask
from workers.pay.minutes import SHANGHAI

DAYS, HOUR, LENGTH = 18, 10, 6
# The shortest history in which it has room.
ROOM = 14


def order(companies: Sequence[Company], served_by: datetime, random: Random, days: int) -> tuple[Ask, datetime]:
    """Its ask, and when it was posted: one person from home every day, over some days ago; `days` of history."""
    length, back = min(DAYS, days - 3), min(DAYS + 8, days - 1)
    company = companies[0]
    first = (served_by - timedelta(days=back)).astimezone(SHANGHAI).date()
    begins = [datetime.combine(first + timedelta(days=n), time(HOUR), SHANGHAI) for n in range(length)]
    kind = next(kind for kind in KINDS[company.client.industry] if kind.remote)
    ask = Ask(
        company,
        company.members[-1],
        kind,
        f"{kind.title} · 长期",
        company.sites[0].city,
        None,
        tuple(ShiftSpec(start, start + timedelta(hours=LENGTH), 1) for start in begins),
        NOTES[0],
        uuid.UUID(int=random.getrandbits(128), version=4),
    )
    return ask, begins[0] - timedelta(days=1)
