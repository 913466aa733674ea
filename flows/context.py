"""What a decision may look at besides the case itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.handouts import Address, nowhere
from flows.plan import Plan
from flows.roster import Roster


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is an aware instant in UTC; `plan` is the edition that the case is under; `address` makes links."""

    now: datetime
    roster: Roster
    plan: Plan
    address: Address = nowhere
