"""The demo's partners: keys, news, fees, and files with rows to mend; the report has something to tell."""

from datetime import timedelta

from orders.selectors import sources as report
from staffing.demo.seed import sources
from tests.fixtures.agency import NOW, Agency
from workers.models import Application, ImportFile, Partner, PartnerDelivery, PartnerKey, Worker


def test_partners_have_everything_that_their_pages_show(agency: Agency) -> None:
    agency.dispatcher()
    for days in range(75, 135, 5):
        agency.worker(joined_on=NOW.date() - timedelta(days=days))
    sources.build(NOW, 1)
    assert Partner.objects.count() == len(sources.PARTNERS)
    assert PartnerKey.objects.filter(sandbox=False, last_used_at__lt=NOW).count() == 2
    assert PartnerDelivery.objects.filter(delivered_at__isnull=False).exists()
    assert Worker.objects.exclude(partner=None).count() == 12
    done, waiting = ImportFile.objects.order_by("created_at")
    assert (done.added, done.bad) == (5, 4)
    assert waiting.started_at is None
    lines = report.report(report.last_days(180, NOW), NOW)
    assert sum(line.active for line in lines) == 12
    assert max(line.due for line in lines) > 0
    assert all(one.created_at <= NOW for one in Application.objects.all())
