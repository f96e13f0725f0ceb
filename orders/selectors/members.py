"""The logins of a client company."""

from django.db.models import QuerySet

from orders.models import Client, ClientMember


def members_of(client: Client) -> QuerySet[ClientMember]:
    """All of them: those who may come in first, then by name."""
    return client.members.select_related("user").order_by("-user__is_active", "user__name", "pk")
