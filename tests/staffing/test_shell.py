"""Which place of the navigation a page belongs to."""

import pytest

from staffing.core.models import Role
from staffing.shell import NAV, whereabouts

PLACES = [
    (Role.CLIENT, "/client/", "orders:client-home"),
    (Role.CLIENT, "/client/orders/12/amend/", "orders:client-orders"),
    (Role.CLIENT, "/client/orders/new/", "orders:client-new"),
    (Role.CLIENT, "/client/recurring/", "orders:client-orders"),
    (Role.CLIENT, "/client/members/3/", "orders:client-company"),
    (Role.DISPATCHER, "/desk/orders/12/", "orders:desk"),
    (Role.DISPATCHER, "/desk/week/copy/", "orders:desk-week"),
    (Role.DISPATCHER, "/desk/people/3/shifts/", "workers:list"),
    (Role.DISPATCHER, "/desk/appeals/", "orders:desk-swaps"),
    (Role.WORKER, "/my/open/", "orders:my-offers"),
    (Role.MANAGER, "/desk/bench/", "orders:desk-today"),
    (Role.WORKER, "/my/offers/4/", "orders:my-offers"),
]


@pytest.mark.parametrize(("role", "path", "view"), PLACES)
def test_a_page_belongs_to_the_nearest_place(role: Role, path: str, view: str) -> None:
    here = whereabouts(path, NAV[role])
    assert here is not None
    assert here.view == view


@pytest.mark.parametrize(
    ("role", "path"), [(Role.CLIENT, "/inbox/"), (Role.CLIENT, "/client/elsewhere/"), (Role.WORKER, "/my/shifts/3/")]
)
def test_a_page_may_belong_nowhere(role: Role, path: str) -> None:
    assert whereabouts(path, NAV[role]) is None
