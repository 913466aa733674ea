"""What a person is answered when a turn can't be carried out: calm, with a code, 113 and the school's numbers."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.clock import CODE_LENGTH, Dice
from bot.library import Library
from flows.cards import Card, dialog
from flows.language import Language
from flows.port import WHOLE_FORM, Incoming, Pressed, Reply, Submitted
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
        known = self._known(school_id)
        return _answer(incoming, answers.failure(*known, code), answers.failure_line(*known, code))

    def late(self, incoming: Incoming, school_id: str | None) -> Reply:
        """Return the answer to an act that takes too long; it may still be stored."""
        code = self._dice.spoken(CODE_LENGTH)
        log.error("turn_late", extra={"code": code, "platform": incoming.sender.platform})
        known = self._known(school_id)
        return _answer(incoming, answers.late(*known, code), answers.late_line(*known, code))

    def stranger(self, incoming: Incoming, *, is_certain: bool) -> Reply:
        """Return the answer to somebody who is in no school file, or of whom nobody could say whether he is."""
        log.info("stranger", extra={"platform": incoming.sender.platform})
        known = self._known(None)
        card = answers.stranger(*known, is_certain=is_certain)
        return _answer(incoming, card, answers.stranger_line(*known, is_certain=is_certain))

    def _known(self, school_id: str | None) -> tuple[Language, dict[str, str], tuple[tuple[str, str], ...]]:
        """Return language, numbers and phones of the asker's school; of all schools where it isn't known."""
        own = [school for school in self._library.schools if school.id == school_id]
        schools = own or list(self._library.schools)
        numbers = dict(self._library.current_plan(schools[0].id).numbers)
        if len(schools) > MOST_PHONES:
            return schools[0].language, numbers, ()
        return schools[0].language, numbers, tuple((school.name, school.phone) for school in schools)


def _answer(incoming: Incoming, card: Card, line: str) -> Reply:
    """Say it where nothing gets lost by it: a form stays open with its text, a pressed message stays as it is."""
    match incoming.act:
        case Submitted():
            return Reply(faults={WHOLE_FORM: line})
        case Pressed():
            return Reply(dialog=replace(dialog(card.title, card.blocks, buttons=card.buttons), is_neutral=True))
        case _:
            return Reply(card=card)
