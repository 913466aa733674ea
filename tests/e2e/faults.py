"""What a fake has seen go wrong, which a test must expect by name: anything else fails it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager


class Faults:
    faults: list[str]

    def fault(self, what: str) -> None:
        self.faults.append(what)

    @contextmanager
    def expects(self, *patterns: str) -> Iterator[None]:
        """Take out the faults that match; each pattern must match at least one that came up inside.

        Raises AssertionError for a pattern that nothing matched.
        """
        before = len(self.faults)
        yield
        new = self.faults[before:]
        for pattern in patterns:
            assert any(re.search(pattern, fault) for fault in new), f"expected a fault like {pattern!r}, got {new}"
        self.faults[before:] = [fault for fault in new if not any(re.search(each, fault) for each in patterns)]
