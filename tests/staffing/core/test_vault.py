"""What is sealed is read by its key and for its row alone, and found again under every key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.core import vault
from staffing.core.vault import Sealed, Unreadable

OLD, NEW = "o" * 43, "n" * 43


@pytest.fixture(autouse=True)
def one_key(settings):
    settings.VAULT_KEYS = [OLD]


@given(st.text(max_size=40))
def test_what_goes_in_comes_out(value):
    assert vault.unseal(vault.seal(value, row="a", kind="x"), row="a") == value


def test_nothing_of_it_can_be_seen_and_twice_the_same_is_not_the_same():
    first, second = (vault.seal("11010519491231002X", row="a", kind="x") for _ in range(2))
    assert b"1949" not in first.content and first.content != second.content
    assert first.digest == second.digest != vault.seal("11010519491231002X", row="a", kind="y").digest


def test_another_row_cannot_read_it():
    with pytest.raises(Unreadable):
        vault.unseal(vault.seal("x", row="a", kind="x"), row="b")


@pytest.mark.parametrize("at", [0, 12, -1])
def test_a_changed_bit_is_noticed(at):
    sealed = vault.seal("number", row="a", kind="x")
    content = bytearray(sealed.content)
    content[at] ^= 1
    with pytest.raises(Unreadable):
        vault.unseal(Sealed(sealed.key, bytes(content), sealed.digest), row="a")


def test_the_first_key_encrypts_and_all_decrypt(settings):
    old = vault.seal("number", row="a", kind="x")
    settings.VAULT_KEYS = [NEW, OLD]
    new = vault.seal("number", row="a", kind="x")
    assert new.key != old.key and vault.unseal(old, row="a") == vault.unseal(new, row="a") == "number"
    assert vault.digests("number", "x") == [new.digest, old.digest]
    settings.VAULT_KEYS = [NEW]
    with pytest.raises(Unreadable, match=old.key):
        vault.unseal(old, row="a")


def test_no_key_shows_itself():
    assert OLD not in repr(vault.keys()) and "index" not in repr(vault.keys())
