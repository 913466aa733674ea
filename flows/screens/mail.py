"""The e-mail that is left where no chat takes an alert: a number, and nothing else of the case."""

from __future__ import annotations

from flows import messages as m
from flows.incident import Case
from flows.screens.mark import marked_line, marked_words
from flows.screens.words import View


def mail(view: View, case: Case) -> tuple[str, str]:
    """Return the subject and the text."""
    subject, text = view.say(m.MAIL_SUBJECT, number=case.number), view.say(m.MAIL_TEXT, number=case.number)
    return marked_line(view, case, subject), marked_words(view, case, text)
