"""Every sentence of the year's pictures and papers, in both languages; what a chat says is in `year_messages.py`."""

from __future__ import annotations

from flows.language import Text
from flows.occurrences import Whole
from flows.year_wheel import Binding

MONTHS = (
    Text("januar", "januar"),
    Text("februar", "februar"),
    Text("mars", "mars"),
    Text("april", "april"),
    Text("mai", "mai"),
    Text("juni", "juni"),
    Text("juli", "juli"),
    Text("august", "august"),
    Text("september", "september"),
    Text("oktober", "oktober"),
    Text("november", "november"),
    Text("desember", "desember"),
)
WHOLE_SCHOOL = Text("hele skolen", "heile skolen")
DONE_OF_ALL = {
    Whole.SCHOOL: Text("{done} av {total} ganger", "{done} av {total} gonger"),
    Whole.DEPARTMENT: Text("{done} av {total} avdelinger", "{done} av {total} avdelingar"),
    Whole.CLASS: Text("{done} av {total} klasser", "{done} av {total} klassar"),
    Whole.GROUP: Text("{done} av {total} grupper", "{done} av {total} grupper"),
}
STATE_LATE = Text("Over fristen", "Over fristen")
STATE_DUE = Text("Skal gjøres nå", "Skal gjerast no")
STATE_PLANNED = Text("Planlagt", "Planlagt")
STATE_COMING = Text("Kommer", "Kjem")
STATE_DONE = Text("Gjort", "Gjort")
STATE_DROPPED = Text("Ikke aktuelt", "Ikkje aktuelt")
PICTURE_TITLE = Text("Årshjulet {year}", "Årshjulet {year}")
PICTURE_AS_OF = Text("Slik står det {day}.", "Slik står det {day}.")
PICTURE_LIST = Text("Frist (i parentes: foreslått)", "Frist (i parentes: føreslått)")
PICTURE_TODAY = Text("I dag, {day}", "I dag, {day}")
PICTURE_OF_ALL = Text("av {total} gjort", "av {total} gjort")
PICTURE_EMPTY = Text("Her er det ingen tiltak dette skoleåret.", "Her er det ingen tiltak dette skoleåret.")
PICTURE_COUNTED = Text("{done} av {total} er gjort.", "{done} av {total} er gjort.")
PICTURE_LINE = Text("{measure} {audience}, {who}. {when}", "{measure} {audience}, {who}. {when}")
PICTURE_DEADLINE = Text("Frist {day}.", "Frist {day}.")
PICTURE_PROPOSED = Text("Foreslått frist {day}.", "Føreslått frist {day}.")
PICTURE_DONE_ON = Text("Gjort {day}.", "Gjort {day}.")
PICTURE_PLANNED_FOR = Text("Planlagt {day}.", "Planlagt {day}.")
CLASS_SHEET_TITLE = Text("Handlingsplan mot rus: til klassen", "Handlingsplan mot rus: til klassen")
GUARDIANS_TITLE = Text("Handlingsplan mot rus: til foresatte", "Handlingsplan mot rus: til føresette")
PAPER_CONTACT = Text(
    "Har du spørsmål? Ta kontakt med {school} på telefon {phone}.",
    "Har du spørsmål? Ta kontakt med {school} på telefon {phone}.",
)
PAPER_FOOTER = Text(
    "Etter handlingsplanen av {version}. Skrevet ut {day}.", "Etter handlingsplanen av {version}. Skrive ut {day}."
)
REPORT_TITLE = Text("Årsrapport om rusforebygging {year}", "Årsrapport om rusførebygging {year}")
REPORT_ABOUT = Text(
    "Til skolens egen kontroll og til revisjonen av planen. Rapporten viser hvordan det står {day}, og har ingen "
    "opplysninger om elever.",
    "Til kontrollen skolen sjølv gjer, og til revisjonen av planen. Rapporten viser korleis det står {day}, og har "
    "ingen opplysningar om elevar.",
)
REPORT_SUMS = Text("Kort sagt", "Kort sagt")
REPORT_UNDONE = Text("Ikke gjort", "Ikkje gjort")
REPORT_ALL_DONE = Text("Alt som var aktuelt, er gjort.", "Alt som var aktuelt, er gjort.")
REPORT_MEASURES = Text("Tiltakene", "Tiltaka")
REPORT_BINDING = {
    Binding.MUST: Text("Planen krever det (skal)", "Planen krev det (skal)"),
    Binding.SHOULD: Text("Planen ønsker eller tillater det (bør)", "Planen ønskjer eller tillèt det (bør)"),
    Binding.PROPOSED: Text("Forslag, ikke fra planen", "Forslag, ikkje frå planen"),
}
REPORT_IN_ALL = Text("I alt", "I alt")
REPORT_DONE = Text("Gjort", "Gjort")
REPORT_DROPPED = Text("Ikke aktuelt", "Ikkje aktuelt")
REPORT_KIND = Text("Tiltak", "Tiltak")
REPORT_ROLE = Text("Ansvarlig", "Ansvarleg")
REPORT_WHERE = Text("For", "For")
REPORT_WHEN = Text("Når", "Når")
REPORT_WHAT = Text("Hva er ført", "Kva er ført")
REPORT_MEASURE = Text("{measure} ({origin}): {done} av {total} gjort", "{measure} ({origin}): {done} av {total} gjort")
REPORT_DROPPED_BECAUSE = Text("Ikke aktuelt: {why}", "Ikkje aktuelt: {why}")
REPORT_DEADLINE = Text("Frist {day}", "Frist {day}")
REPORT_PROPOSED = Text("Foreslått frist {day}", "Føreslått frist {day}")
REPORT_LEFT = Text(
    "Gjort for klasser og grupper som ikke finnes lenger", "Gjort for klassar og grupper som ikkje finst lenger"
)
REPORT_PLANNED = Text("Planlagt {day}", "Planlagt {day}")
PAPER_PAGE = Text("Side {page} av {pages}", "Side {page} av {pages}")
DAY_INTO_CALENDAR = Text("Legg dagen i kalenderen", "Legg dagen i kalenderen")
PLANNED_DAY_FROM_PLAN = Text(
    "Handlingsplan mot rus, {clauses}. Bekreft i chatten med rusplan når det er gjort.",
    "Handlingsplan mot rus, {clauses}. Stadfest i chatten med rusplan når det er gjort.",
)
PLANNED_DAY = Text(
    "Arbeidet med handlingsplanen mot rus. Bekreft i chatten med rusplan når det er gjort.",
    "Arbeidet med handlingsplanen mot rus. Stadfest i chatten med rusplan når det er gjort.",
)
