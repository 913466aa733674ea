"""What people may want, each by one word: the word stands in buttons that are out there, so it is never changed."""

from __future__ import annotations

from enum import StrEnum


class Wish(StrEnum):
    # Without a case.
    HELP = "help"
    INTAKE = "start"
    REPORT = "report"
    UNKNOWN_COMMAND = "unknown_command"
    FREE_TEXT = "free_text"
    # About a case.
    QUESTIONS = "open_questions"
    ANSWER = "answer"
    CORRECTION = "open_correction"
    CORRECT = "correct"
    SHOW = "show"
    TICK = "tick"
    UNTICK = "untick"
    DUTIES = "duties"
    DUTY = "duty"
    DO = "do"
    CLARIFY = "clarify"
    ASSESSMENT = "open_assessment"
    ASSESS = "assess"
    DELEGATION = "open_delegation"
    DELEGATE = "delegate"
    DEVIATION = "open_deviation"
    DEVIATE = "deviate"
    TAKE = "take"
    CONFIRM = "confirm"
    DECLINE = "decline"


SEPARATOR = "/"  # in a button's reference: the case, then what of it
NOT_PRESSED = frozenset({Wish.UNKNOWN_COMMAND, Wish.FREE_TEXT})
