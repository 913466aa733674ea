"""What people may want, each by one word: the word stands in buttons that are out there, so it is never changed."""

from __future__ import annotations

from enum import StrEnum


class Wish(StrEnum):
    # Without a case.
    HELP = "help"
    HOME = "home"
    INTAKE = "start"
    REPORT = "report"
    UNKNOWN_COMMAND = "unknown_command"
    FREE_TEXT = "free_text"
    CASES = "cases"
    PLAN = "plan"
    SEARCH_PLAN = "search_plan"
    CLAUSE = "clause"
    ABSENCE = "absence"
    BE_AWAY = "be_away"
    COME_BACK = "come_back"
    LANGUAGE = "language"
    CHOOSE_LANGUAGE = "choose_language"
    # About the prevention year.
    YEAR = "year"
    MEASURE = "measure"
    MOVING = "open_moving"
    MOVE = "move"
    TASK = "task"
    CONFIRM_TASK = "confirm_task"
    PLANNING = "open_planning"
    PLAN_TASK = "plan_task"
    PUTTING_OFF = "open_putting_off"
    PUT_OFF_TASK = "put_off_task"
    DROPPING = "open_dropping"
    DROP_TASK = "drop_task"
    SENDING_ON = "open_sending_on"
    SEND_TASK_ON = "send_task_on"
    REOPEN_TASK = "reopen_task"
    SHEET = "sheet"
    HAVE_READ = "have_read"
    DRILL = "drill"
    START_DRILL = "start_drill"
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
    END = "end"
    CLARIFY = "clarify"
    FACT = "open_fact"
    ANSWER_FACT = "answer_fact"
    ASSESSMENT = "open_assessment"
    ASSESS = "assess"
    DELEGATION = "open_delegation"
    DELEGATE = "delegate"
    DEVIATION = "open_deviation"
    DEVIATE = "deviate"
    TAKE = "take"
    CONFIRM = "confirm"
    DECLINE = "decline"
    MORE = "more"
    HAND_OVER_FORM = "open_hand_over"
    HAND_OVER = "hand_over"
    REFUTATION = "open_refutation"
    REFUTE = "refute"
    REVOKE_REFUTATION = "revoke_refutation"
    WITHDRAWAL = "open_withdrawal"
    WITHDRAW = "withdraw"
    PUPIL = "open_pupil"
    NAME_PUPIL = "name_pupil"
    CLOSING = "open_closing"
    CLOSE = "close"
    REOPEN = "reopen"
    END_DRILL = "end_drill"


SEPARATOR = "/"  # in a button's reference: the case, then what of it
BEGINS_A_CASE = frozenset({Wish.REPORT, Wish.START_DRILL})  # the form's own reference becomes its id
NOT_PRESSED = frozenset({Wish.UNKNOWN_COMMAND, Wish.FREE_TEXT})

OF_ALL_TASKS = frozenset({Wish.YEAR, Wish.MEASURE, Wish.MOVING, Wish.MOVE})
OF_A_TASK = frozenset(
    {
        Wish.TASK,
        Wish.CONFIRM_TASK,
        Wish.PLANNING,
        Wish.PLAN_TASK,
        Wish.PUTTING_OFF,
        Wish.PUT_OFF_TASK,
        Wish.DROPPING,
        Wish.DROP_TASK,
        Wish.SENDING_ON,
        Wish.SEND_TASK_ON,
        Wish.REOPEN_TASK,
    }
)
OF_THE_YEAR = OF_ALL_TASKS | OF_A_TASK | {Wish.SHEET, Wish.HAVE_READ}
