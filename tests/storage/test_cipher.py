"""The key ring and the seals, without a database."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.cipher import BrokenSeal, KeyRing, WrappedKey, new_data_key, seal, unseal
from storage.encoding import encode
from storage.errors import BadKeyRing, KeyFault, WrongKey

KEY = new_data_key()


def test_what_is_sealed_opens_at_its_place() -> None:
    assert unseal(KEY, seal(KEY, b"content", ("journal", 1)), ("journal", 1)) == b"content"


@pytest.mark.parametrize("place", [("journal", 2), ("journal", "1"), ("journal",), ("journal1",), ("journal", 1, None)])
def test_what_is_sealed_opens_nowhere_else(place: tuple[str | int | None, ...]) -> None:
    with pytest.raises(BrokenSeal):
        unseal(KEY, seal(KEY, b"content", ("journal", 1)), place)


def test_another_key_does_not_open() -> None:
    with pytest.raises(BrokenSeal):
        unseal(new_data_key(), seal(KEY, b"content", ()), ())


def test_every_changed_bit_and_every_cut_is_noticed() -> None:
    sealed = seal(KEY, b"content", ())
    flipped = [
        sealed[:i] + bytes([sealed[i] ^ 1 << bit]) + sealed[i + 1 :] for i in range(len(sealed)) for bit in range(8)
    ]
    for broken in [*flipped, *(sealed[:end] for end in range(len(sealed))), sealed + b"\0"]:
        with pytest.raises(BrokenSeal):
            unseal(KEY, broken, ())


def test_the_same_content_never_looks_the_same_twice() -> None:
    assert len({seal(KEY, b"content", ()) for _ in range(100)}) == 100


def test_the_first_key_seals_and_all_open() -> None:
    a, b = KeyRing.new_key(), KeyRing.new_key()
    wrapped = KeyRing.parse(a).wrap(KEY, "case")
    rotated = KeyRing.parse(f"{b}, {a}")
    assert rotated.unwrap(wrapped, "case") == KEY
    assert rotated.wrap(KEY, "case").kek == KeyRing.parse(b).current != wrapped.kek
    assert KeyRing.parse(b).unwrap(rotated.wrap(KEY, "case"), "case") == KEY


def test_a_ring_without_the_key_says_which_one_is_missing() -> None:
    wrapped = KeyRing.parse(KeyRing.new_key()).wrap(KEY, "case")
    with pytest.raises(WrongKey) as raised:
        KeyRing.parse(KeyRing.new_key()).unwrap(wrapped, "case")
    assert raised.value.missing == {wrapped.kek}


def test_a_data_key_opens_for_its_owner_only() -> None:
    ring = KeyRing.parse(KeyRing.new_key())
    with pytest.raises(BrokenSeal):
        ring.unwrap(ring.wrap(KEY, "case"), "another")


def test_a_data_key_is_bound_to_the_key_it_is_said_to_be_under() -> None:
    ring = KeyRing.parse(f"{KeyRing.new_key()},{KeyRing.new_key()}")
    wrapped = ring.wrap(KEY, "case")
    (other,) = set(ring._keys) - {wrapped.kek}
    with pytest.raises(BrokenSeal):
        ring.unwrap(WrappedKey(other, wrapped.wrapped), "case")


GOOD = base64.b64encode(bytes(range(32))).decode()
MADE_UP = base64.b64encode(b"k" * 32).decode()


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("", 1, KeyFault.EMPTY),
        (f"{GOOD},", 2, KeyFault.EMPTY),
        (f"{GOOD}, ikke base64!", 2, KeyFault.NOT_BASE64),
        ("æ" * 44, 1, KeyFault.NOT_BASE64),
        (base64.b64encode(b"k" * 31).decode(), 1, KeyFault.WRONG_LENGTH),
        (f"{GOOD},{GOOD}", 2, KeyFault.REPEATED),
        (f"{GOOD},{MADE_UP}", 2, KeyFault.NOT_RANDOM),
    ],
)
def test_a_bad_ring_names_the_entry_by_its_place(text: str, place: int, why: KeyFault) -> None:
    with pytest.raises(BadKeyRing) as raised:
        KeyRing.parse(text)
    assert (raised.value.place, raised.value.why) == (place, why)


def test_keys_are_in_no_message() -> None:
    secret = KeyRing.new_key()
    with pytest.raises(BadKeyRing) as raised:
        KeyRing.parse(f"{secret},{secret[:-4]}")
    assert secret[:20] not in repr(raised.value) + str(raised.value) + repr(KeyRing.parse(secret))
    assert raised.value.__cause__ is None


FIELDS = st.lists(st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.binary(max_size=5), max_size=5)


def _kinds(fields: list[object]) -> list[tuple[type, object]]:
    return [(type(field), field) for field in fields]


@given(FIELDS, FIELDS)
def test_different_rows_are_different_bytes(one: list[object], other: list[object]) -> None:
    assert (encode(*one) == encode(*other)) == (_kinds(one) == _kinds(other))  # type: ignore[arg-type]
