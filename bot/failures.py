"""What a person is answered when a turn can't be carried out: calm, with a code, 113 and the school's numbers."""

from __future__ import annotations

import logging

from bot.clock import CODE_LENGTH, Dice
from bot.library import Library
from flows.language import Language
from flows.port import WHOLE_FORM, Incoming, Reply, Submitted
from flows.screens import answers

MOST_PHONES = 3  # a county's long list of schools helps nobody

log = logging.getLogger("rusplan.failure")


class Failures:
    """Cards that need no database: it may be what has failed."""

    def __init__(self, library: Library, dice: Dice) -> None:
        self._library, self._dice = library, dice

    def reply(self, incoming: Incoming, school_id: str | None, error: Exception | None) -> Reply:
        """Return the answer to an act that failed (no error: others were faster); a form stays open with its text."""
        code = self._dice.spoken(CODE_LENGTH)
        log.error("turn_failed", exc_info=error, extra={"code": code, "platform": incoming.sender.platform})
        language, numbers, phones = self._known(school_id)
        if isinstance(incoming.act, Submitted):
            return Reply(faults={WHOLE_FORM: answers.failure_line(language, numbers, phones, code)})
        return Reply(card=answers.failure(language, numbers, phones, code))

    def stranger(self) -> Reply:
        """Return the answer to somebody who is in no school file."""
        return Reply(card=answers.stranger(*self._known(None)))

    def _known(self, school_id: str | None) -> tuple[Language, dict[str, str], tuple[tuple[str, str], ...]]:
        """Return language, numbers and phones of the asker's school; of all schools where it isn't known."""
        own = [school for school in self._library.schools if school.id == school_id]
        schools = own or list(self._library.schools)
        numbers = dict(self._library.current_plan(schools[0].id).numbers)
        if len(schools) > MOST_PHONES:
            return schools[0].language, numbers, ()
        return schools[0].language, numbers, tuple((school.name, school.phone) for school in schools)
