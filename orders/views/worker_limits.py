"""What the worker's own limits cost them in offers."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from orders.selectors import limits as reads
from orders.views.worker_common import me, page
from staffing.core import clock
from staffing.core.access import access
from staffing.core.models import Role


@access(Role.WORKER)
def limits(request: HttpRequest) -> HttpResponse:
    """How many shifts of the last weeks and of the coming ones each limit alone keeps away."""
    found = reads.losses(me(request), clock.now())
    words = {
        "time": _("可用时间"),
        "distance": _("最远距离"),
        "remote": _("不接受远程"),
        "cap": _("每周上限"),
        "rest": _("班次之间的休息"),
    }
    most = max(found.lost.values(), default=1)
    rows = [(words[limit], n, round(100 * n / most)) for limit, n in sorted(found.lost.items(), key=lambda i: -i[1])]
    return page(request, "limits", {"found": found, "rows": rows, "weeks": reads.WEEKS, "looked": reads.LOOKED})
