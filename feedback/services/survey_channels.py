"""How a client wants to be asked: its machines' address with a secret for signatures, and its logo."""

import secrets
from datetime import datetime

from django.db import transaction

from feedback.models import SurveyChannel
from orders.models import Client
from staffing.core import audit, private_files
from staffing.core.actors import Actor
from staffing.core.photos import Safe


@transaction.atomic
def save(
    client: Client,
    *,
    url: str,
    logo: Safe | None,
    without_logo: bool = False,
    new_secret: bool = False,
    by: Actor,
    now: datetime,
) -> SurveyChannel:
    """Keep them. The secret is made at first and when a new one is wanted; files that nobody needs any more go."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    channel = SurveyChannel.objects.filter(client=client).first() or SurveyChannel(client=client)
    was = [name for name in (channel.logo, channel.logo_small) if name]
    channel.url = url
    if new_secret or not channel.secret:
        channel.secret = secrets.token_urlsafe(32)
    if logo is not None:
        channel.logo, channel.logo_small = private_files.write(logo)
    elif without_logo:
        channel.logo = channel.logo_small = ""
    channel.save()
    audit.record(client, "survey_channel", by=by, now=now, data={"url": url, "logo": bool(channel.logo)})
    gone = [name for name in was if name not in (channel.logo, channel.logo_small)]
    transaction.on_commit(lambda: private_files.remove(gone))
    return channel
