"""What each in a case must decide alone: the duty to report to child welfare, within reach of all, always.

Source: opplæringslova § 24-3.
"""

from __future__ import annotations

from flows import messages as m
from flows.access import Action, may
from flows.cards import Button, Card, Link, Paragraph, Style, dialog
from flows.commands import AssessDuty
from flows.duty import Duty
from flows.incident import Case, Progress
from flows.screens.case import reference
from flows.screens.duty import record_field
from flows.screens.form import Form, Values
from flows.screens.words import View, origin
from flows.wishes import Wish

# Where anybody reports to any municipality's child welfare service.
PORTAL = "https://bekymringsmelding.fiks.ks.no/offentlig"


def assessment(view: View, case: Case, duty: Duty) -> Card:
    """Return what the law asks of each, and the viewer's own answer so far; nobody else's."""
    earlier = case.duties[duty.id].assessed.get(view.viewer, {})
    return dialog(
        view.say(m.CASE_TITLE, number=case.number),
        [
            Paragraph(view.say(duty.text)),
            Paragraph(view.say(m.DUTY_TO_REPORT)),
            Paragraph(f"{view.say(m.DUTY_FROM)}: {origin(duty, view)}"),
            Link(view.say(m.REPORT_HERE), PORTAL),
        ],
        [record_field(view, name, kind, earlier.get(name, "")) for name, kind in duty.form.items()],
        Button(Wish.ASSESS, view.say(m.SAVE), reference(case, duty), Style.PRIMARY),
    )


def read_assessment(values: Values, view: View, duty: Duty) -> tuple[AssessDuty, dict[str, str]]:
    form = Form(values, view)
    return AssessDuty(view.viewer, duty.id, form.noted(duty.form)), form.faults


def assessment_buttons(view: View, case: Case) -> tuple[Button, ...]:
    """Return the way there, for everybody who has a part in the case."""
    if not may(view.viewer, Action.ASSESS, case, view.context):
        return ()
    return tuple(
        Button(Wish.ASSESSMENT, view.say(m.DUTY_TO_REPORT_BUTTON), reference(case, duty))
        for duty in view.context.plan.duties_in_force
        if duty.is_personal and duty.id in case.duties and case.duties[duty.id].progress is not Progress.ENDED
    )
