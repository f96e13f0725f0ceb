"""What the story stands on: logged-in people, the clock, and what it has told so far."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from orders.models import Assignment, Order
from staffing.core import clock
from staffing.core.models import OutboxMessage, User
from staffing.core.tasks import sweep_queue
from staffing.demo import life, logins
from staffing.demo.life.run import waiting
from staffing.demo.story.browser import Browser, wait_for
from staffing.demo.story.cast import Cast, gather

Say = Callable[[str], None]


class Stage:
    """One run of the story."""

    def __init__(self, address: str, say: Say) -> None:
        self._address, self._say = address, say
        self._began = time.monotonic()
        self._browsers: list[Browser] = []
        self.cast: Cast = gather(clock.now())
        self.order_id = 0
        self.client = self.enter(self.cast.client)
        self.desk = self.enter(self.cast.dispatcher)
        self.manager = self.enter(self.cast.manager)
        self.team = {user.pk: self.enter(user) for user in self.cast.workers}

    def enter(self, user: User) -> Browser:
        """A browser in which this person has logged in."""
        browser = self._open(user.name)
        browser.login(user.phone, logins.PASSWORD)
        return browser

    def _open(self, name: str) -> Browser:
        self._browsers.append(Browser(self._address, name))
        return self._browsers[-1]

    def close(self) -> None:
        """Close every browser."""
        for browser in self._browsers:
            browser.close()

    def stranger(self) -> Browser:
        """A browser in which nobody has logged in."""
        return self._open("somebody with the link")

    def tell(self, text: str) -> None:
        """Say a step with its simulated and its real time."""
        now = timezone.localtime(clock.now())
        self._say(f"{now:%m-%d %H:%M:%S}  {time.monotonic() - self._began:6.1f} s  {text}")

    def until(self, moment: datetime) -> None:
        """Move the clock to a moment; the jobs do what becomes due on the way."""
        left = moment - clock.now()
        if left > timedelta():
            life.advance(left, settle=wait_for_jobs)

    @property
    def order(self) -> Order:
        """The order as it is now."""
        return Order.objects.get(pk=self.order_id)

    def works(self) -> list[Assignment]:
        """Everybody who was booked, in order."""
        found = Assignment.objects.filter(position__shift__order=self.order_id)
        return list(found.select_related("worker", "position").order_by("position__shift__start_at", "pk"))

    def browser_of(self, work: Assignment) -> Browser:
        """The browser of the booked worker."""
        return self.team[work.worker.user_id]


def wait_for_jobs(now: datetime) -> None:
    """Wake the sweeps and wait until the jobs have done all that is due. Raises `BrokenPromise` if they do not."""
    for queue in life.QUEUES:
        sweep_queue.apply_async(args=(queue,), queue=queue, expires=60)
    wait_for("the jobs to do what is due", lambda: not OutboxMessage.objects.filter(waiting(now)).exists())
