"""Partners' secrets in the vault: sealed anew under a new key, and what happens without the old one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.fixtures.agency import Agency
from tests.fixtures.partners import machine
from workers.models import PartnerSecret
from workers.services import partner_secrets


def test_a_rotation_seals_them_anew_and_nothing_changes_for_the_partner(agency: Agency, settings) -> None:
    sender = machine()
    before = bytes(PartnerSecret.objects.get().content)
    assert sender.secret.encode() not in before
    settings.VAULT_KEYS = ["a new one", *settings.VAULT_KEYS]
    call_command("rotate_vault", stdout=StringIO())
    settings.VAULT_KEYS = ["a new one"]
    kept = PartnerSecret.objects.get()
    assert bytes(kept.content) != before
    assert partner_secrets.plain(kept) == sender.secret
    assert partner_secrets.reseal_all() == (0, [])


def test_without_its_key_nobody_is_let_in_and_the_rotation_says_so(agency: Agency, settings) -> None:
    sender = machine()
    settings.VAULT_KEYS = ["another"]
    assert sender.get().json()["code"] == "bad_signature"
    with pytest.raises(CommandError, match="partner secret"):
        call_command("rotate_vault", stdout=StringIO())
