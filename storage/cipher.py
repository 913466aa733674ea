"""The key ring, and how payloads are sealed; which case owns which key is a row, kept in `keys.py`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.encoding import Field, encode
from storage.errors import BadKeyRing, KeyFault, WrongKey

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"


class BrokenSeal(Exception):
    """Sealed bytes were changed, or belong somewhere else."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key, sealed under one of the ring's keys."""

    kek: str
    wrapped: bytes


class KeyRing:
    """The installation's keys: the first seals, all open."""

    __slots__ = ("_keys", "current")

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {_kek_id(key): key for key in keys}
        self.current = _kek_id(keys[0])

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._keys)})"

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read base64 of 32 bytes each, comma-separated; raise `BadKeyRing` for the first entry that isn't."""
        keys: list[bytes] = []
        for place, entry in enumerate(text.split(","), start=1):
            keys.append(_parse_key(entry.strip(), place))
            if keys[-1] in keys[:-1]:
                raise BadKeyRing(place, KeyFault.REPEATED)
        return cls(keys)

    @staticmethod
    def new_key() -> str:
        """Return a new key as the ring's text has it."""
        return base64.b64encode(new_data_key()).decode("ascii")

    def wrap(self, data_key: bytes, owner_id: str) -> WrappedKey:
        """Seal a data key under the ring's first key, bound to its owner."""
        kek = self.current
        return WrappedKey(kek, seal(self._keys[kek], data_key, ("key", owner_id, kek)))

    def unwrap(self, key: WrappedKey, owner_id: str) -> bytes:
        """Open a data key; raise `WrongKey` without the key it is under, `BrokenSeal` when it was tampered with."""
        if key.kek not in self._keys:
            raise WrongKey(frozenset({key.kek}))
        return unseal(self._keys[key.kek], key.wrapped, ("key", owner_id, key.kek))

    def digests(self, text: str) -> tuple[str, ...]:
        """Return what stands for a text to those who have the key, as hex digits: under the first key, then the others.

        Without the key nobody can try out which text it was.
        """
        said = text.encode("utf-8", "replace")
        return tuple(hmac.new(key, b"digest" + said, hashlib.sha256).hexdigest()[:32] for key in self._keys.values())

    def sign(self, text: str) -> str:
        """Return what proves that a text is ours, as hex digits."""
        return self._signatures(text)[0]

    def has_signed(self, text: str, signature: str) -> bool:
        """Say whether a text was signed with one of the keys."""
        found = [
            hmac.compare_digest(each.encode(), signature.encode("utf-8", "replace")) for each in self._signatures(text)
        ]
        return any(found)

    def _signatures(self, text: str) -> tuple[str, ...]:
        said = text.encode("utf-8", "replace")
        return tuple(hmac.new(key, b"handout" + said, hashlib.sha256).hexdigest()[:32] for key in self._keys.values())

    def missing(self, keks: frozenset[str]) -> frozenset[str]:
        return keks - self._keys.keys()


def new_data_key() -> bytes:
    return os.urandom(KEY_BYTES)


def seal(key: bytes, content: bytes, identity: Sequence[Field]) -> bytes:
    """Seal content bound to a row's identity, so that it opens in that row only.

    Random nonces are safe here: a case's key seals fewer than ten thousand payloads, the limit is 2**32.
    """
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, content, encode(FORMAT, *identity))


def unseal(key: bytes, sealed: bytes, identity: Sequence[Field]) -> bytes:
    """Open what `seal` made; raise `BrokenSeal` for anything else."""
    if sealed[:1] != FORMAT:
        raise BrokenSeal
    nonce, content = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, content, encode(FORMAT, *identity))
    except (InvalidTag, ValueError) as broken:  # ValueError: too short to hold a nonce and a tag
        raise BrokenSeal from broken


def _kek_id(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]


def _parse_key(entry: str, place: int) -> bytes:
    if not entry:
        raise BadKeyRing(place, KeyFault.EMPTY)
    try:
        key = base64.b64decode(entry, validate=True)
    except (binascii.Error, ValueError):
        raise BadKeyRing(place, KeyFault.NOT_BASE64) from None  # the cause could quote the entry
    if len(key) != KEY_BYTES:
        raise BadKeyRing(place, KeyFault.WRONG_LENGTH)
    if len(set(key)) < KEY_BYTES // 2:  # as good as never among random ones: somebody has made it up
        raise BadKeyRing(place, KeyFault.NOT_RANDOM)
    return key
