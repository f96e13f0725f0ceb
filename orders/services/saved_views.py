"""A list's filters under a name, for one person.

The view with which a page opens is a row of its own (page `<page>:default`) that repeats name and filters.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import SavedView
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import User

MOST: Final = 12
LONGEST_QUERY: Final = 500
LONGEST_NAME: Final = 40


def default_page(page: str) -> str:
    """Under which name the default view of a page is kept."""
    return f"{page}:default"


@transaction.atomic
def save(user: User, page: str, name: str, query: str, now: datetime) -> SavedView:
    """Keep the filters; the same name again replaces them. Raises `Invalid` without or with too long a name or too
    many filters, `Conflict` where there are enough views.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("no_name", _("请填写名称，最多 %(most)s 个字。"), most=LONGEST_NAME)
    if len(query) > LONGEST_QUERY:
        raise Invalid("too_much", _("筛选条件太长，无法保存。"))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    own = SavedView.objects.filter(user=user, page=page)
    if own.exclude(name=name).count() >= MOST:
        raise Conflict("too_many", _("最多保存 %(most)s 个常用筛选，请先删除一个。"), most=MOST)
    view, _created = own.update_or_create(
        user=user, page=page, name=name, defaults={"query": query}, create_defaults={"query": query, "created_at": now}
    )
    SavedView.objects.filter(user=user, page=default_page(page), name=name).update(query=query)
    return view


@transaction.atomic
def delete(view: SavedView) -> None:
    """Forget a view; if the page opened with it, it does so no longer."""
    SavedView.objects.filter(user=view.user_id, page=default_page(view.page), name=view.name).delete()
    SavedView.objects.filter(pk=view.pk).delete()


@transaction.atomic
def make_default(view: SavedView, *, on: bool, now: datetime) -> None:
    """Let the page open with this view, or with none."""
    User.objects.select_for_update(no_key=True).get(pk=view.user_id)
    SavedView.objects.filter(user=view.user_id, page=default_page(view.page)).delete()
    if on:
        SavedView.objects.create(
            user_id=view.user_id, page=default_page(view.page), name=view.name, query=view.query, created_at=now
        )


def default_query(user: User, page: str) -> str:
    """The filters with which the page opens for this person; empty if none were chosen."""
    found = SavedView.objects.filter(user=user, page=default_page(page)).values_list("query", flat=True).first()
    return found or ""
