"""What a person is answered when a turn can't be carried out: calm, with a code, 113 and the school's numbers."""

from __future__ import annotations

import logging

from bot.clock import CODE_LENGTH, Dice
from bot.library import Library
from flows.language import Language
from flows.port import WHOLE_FORM, Incoming, Reply, Submitted
from flows.screens import answers

log = logging.getLogger("rusplan.failure")


class Failures:
    """Cards that need no database: it may be what has failed."""

    def __init__(self, library: Library, dice: Dice) -> None:
        self._library, self._dice = library, dice

    def reply(self, incoming: Incoming, error: Exception | None) -> Reply:
        """Return the answer to an act that failed (no error: others were faster); a form stays open with its text."""
        code = self._dice.spoken(CODE_LENGTH)
        log.error("turn_failed", exc_info=error, extra={"code": code, "platform": incoming.sender.platform})
        language, numbers, phones = self._known()
        card = answers.failure(language, numbers, phones, code)
        if isinstance(incoming.act, Submitted):
            sentence = answers.failure_line(language, numbers, phones, code)
            return Reply(faults={WHOLE_FORM: sentence})
        return Reply(card=card)

    def stranger(self) -> Reply:
        """Return the answer to somebody who is in no school file."""
        language, numbers, phones = self._known()
        return Reply(card=answers.stranger(language, numbers, phones))

    def _known(self) -> tuple[Language, dict[str, str], tuple[tuple[str, str], ...]]:
        """Return what can be said without knowing who asks: one school's numbers, or every school's."""
        schools = self._library.schools
        phones = tuple((school.name, school.phone) for school in schools[:3])
        numbers = dict(self._library.current_plan(schools[0].id).numbers)
        return schools[0].language, numbers, phones
