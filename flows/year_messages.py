"""Every sentence about the prevention year, in both languages; the words of incidents stand in `messages.py`."""

from __future__ import annotations

from flows.handouts import Handout
from flows.language import Text
from flows.task_answers import Wrong
from flows.task_state import State
from flows.tasks import Standing
from flows.year_wheel import Binding, DatedBy

TITLE = Text("Årshjulet", "Årshjulet")
SUMMARY = Text("Du har noe å gjøre i årshjulet.", "Du har noko å gjere i årshjulet.")
ONE_TASK = Text("Årshjulet: én oppgave til deg", "Årshjulet: éi oppgåve til deg")
SEVERAL_TASKS = Text("Årshjulet: {count} oppgaver til deg", "Årshjulet: {count} oppgåver til deg")
NOTHING_LEFT = Text("Årshjulet: ingenting gjenstår her", "Årshjulet: ingenting står att her")
SUPERSEDED = Text(
    "Det som sto her, står i en nyere melding til den som har det nå.",
    "Det som stod her, står i ei nyare melding til den som har det no.",
)
NO_LONGER = Text("Det som sto her, gjelder ikke lenger.", "Det som stod her, gjeld ikkje lenger.")
MORE_TASKS = Text("Du har {count} til. Skriv /rus-arshjul.", "Du har {count} til. Skriv /rus-arshjul.")
OPEN = Text("Åpne", "Opne")
HOME_LINE = Text("Det du skal gjøre i år, og hvor langt dere er.", "Det du skal gjere i år, og kor langt de er.")
THE_PLAN_SAYS = Text("Planen sier ({clause}): «{sentence}»", "Planen seier ({clause}): «{sentence}»")
DONE_WHEN = Text("Ferdig når: {when}", "Ferdig når: {when}")
MEANT_FOR_SHORT = Text("skulle ha kommet {day}", "skulle ha kome {day}")
MEANT_FOR = Text("Påminnelsen skulle ha kommet {day}.", "Påminninga skulle ha kome {day}.")
RESOURCE = Text("Åpne opplegget (lenken ble sist sjekket {day})", "Opne opplegget (lenkja vart sist sjekka {day})")
FOR_WHOM = Text("Gjelder", "Gjeld")
WHEN = Text("Tid", "Tid")
WINDOW = Text("{first} til {last} ({dated_by})", "{first} til {last} ({dated_by})")
DATED_BY = {
    DatedBy.PLAN: Text("planens tid", "tida i planen"),
    DatedBy.REGULATION: Text("forskriftens tid", "tida i forskrifta"),
    DatedBy.PROPOSAL: Text("foreslått tid", "føreslått tid"),
}
DATE_IS_SET = Text("tid satt av koordinatoren", "tid sett av koordinatoren")
BINDING = {
    Binding.MUST: Text("skal gjøres", "skal gjerast"),
    Binding.SHOULD: Text("bør gjøres", "bør gjerast"),
    Binding.PROPOSED: Text("forslag", "forslag"),
}
DEMAND = Text("Krav", "Krav")
PERFORMED_BY = Text("Gjennomføres av", "Blir gjennomført av")
WHOSE = Text("Ansvarlig", "Ansvarleg")
NOBODY = Text("ingen", "ingen")
STANDS = Text("Status", "Status")

# How far a task has come.
STANDING = {
    Standing.OPEN: Text("Ikke gjort ennå", "Ikkje gjort enno"),
    Standing.DONE: Text("Gjort {day}", "Gjort {day}"),
    Standing.DROPPED: Text("Ikke aktuelt", "Ikkje aktuelt"),
    Standing.GONE: Text("Gjelder ikke lenger", "Gjeld ikkje lenger"),
}
COUNT_OF = Text("{count} av {whole}", "{count} av {whole}")
DONE_COUNT = Text("Gjort {day} ({count})", "Gjort {day} ({count})")
PLANNED = Text("Planlagt til {day}", "Planlagt til {day}")
PUT_OFF = Text("Utsatt til {day}", "Utsett til {day}")
LATE_PUT_OFF = Text("Forsinket, utsatt til {day}", "Forseinka, utsett til {day}")
LATE_PLANNED = Text("Forsinket, planlagt til {day}", "Forseinka, planlagt til {day}")
TO_BE_DONE = {
    State.LATE: Text("Forsinket", "Forseinka"),
    State.DUE: Text("Nå", "No"),
    State.COMING: Text("Kommer", "Kjem"),
}

# What one may do with it.
CONFIRM = Text("Gjennomført", "Gjennomført")
PLAN_FOR = Text("Planlagt til …", "Planlagt til …")
PUT_IT_OFF = Text("Utsett", "Utset")
NOT_RELEVANT = Text("Ikke aktuelt", "Ikkje aktuelt")
SEND_ON = Text("Send videre", "Send vidare")
REOPEN = Text("Angre", "Angre")
TASK_TITLE = Text("Oppgave i årshjulet", "Oppgåve i årshjulet")
PLAN_TITLE = Text("Når skal det gjøres?", "Når skal det gjerast?")
PUT_OFF_TITLE = Text("Utsett påminnelsen", "Utset påminninga")
DROP_TITLE = Text("Ikke aktuelt", "Ikkje aktuelt")
SEND_ON_TITLE = Text("Send videre", "Send vidare")
MOVE_TITLE = Text("Tid for tiltaket", "Tid for tiltaket")
WHEN_DONE = Text("Når ble det gjort?", "Når vart det gjort?")
HOW_MANY = Text("Hvor mange har gjennomført?", "Kor mange har gjennomført?")
HOW_MANY_HINT = Text("Bare antall, aldri navn.", "Berre talet, aldri namn.")
WHAT_WAS_DONE = Text("Hva ble gjort?", "Kva vart gjort?")
NO_NAMES_HINT = Text("Ikke skriv navn på elever.", "Ikkje skriv namn på elevar.")
UNREADABLE = Text(
    "Det som ble skrevet her, kan ikke leses lenger.", "Det som vart skrive her, kan ikkje lesast lenger."
)
WHICH_DAY = Text("Hvilken dag?", "Kva dag?")
PLAN_HINT = Text("Dagen etter spør jeg om det ble gjort.", "Dagen etter spør eg om det vart gjort.")
PUT_OFF_UNTIL = Text("Når vil du bli påminnet?", "Når vil du bli påmint?")
WHY_NOT = Text("Hvorfor er det ikke aktuelt?", "Kvifor er det ikkje aktuelt?")
TO_WHOM = Text("Hvem tar det?", "Kven tek det?")
FIRST_DAY = Text("Første dag", "Første dag")
LAST_DAY = Text("Siste dag", "Siste dag")
MOVE_INTRO = Text(
    "Bekreft tiden, eller velg en annen. Påminnelsene flytter seg med den, for alle som har tiltaket.",
    "Stadfest tida, eller vel ei anna. Påminningane flyttar seg med ho, for alle som har tiltaket.",
)
MOVE = Text("Bekreft tiden", "Stadfest tida")
MOVE_BUTTON = Text("Bekreft eller flytt tiden", "Stadfest eller flytt tida")
MOVED_SINCE = Text(
    "Tiden er endret siden. Åpne tiltaket på nytt for å se den.",
    "Tida er endra sidan. Opne tiltaket på nytt for å sjå ho.",
)
PLANS_OWN_TIME = Text(
    "Planen har selv satt denne tiden ({first} til {last}). Flytt den bare når den ikke går.",
    "Planen har sjølv sett denne tida ({first} til {last}). Flytt ho berre når ho ikkje går.",
)
SAVE = Text("Lagre", "Lagre")
SAVED = Text("Lagret.", "Lagra.")
SENT_ON = Text("{name} får beskjed.", "{name} får beskjed.")
WHO_HAS_THE_CLASS = Text(
    "Skolefila for {year} er ikke lagt inn ennå. Velg «Send videre», og si hvem som har klassen.",
    "Skolefila for {year} er ikkje lagd inn enno. Vel «Send vidare», og sei kven som har klassen.",
)

WRONG = {
    Wrong.IN_FUTURE: Text(
        "Dagen har ikke vært ennå. Bruk «Planlagt til».", "Dagen har ikkje vore. Bruk «Planlagt til»."
    ),
    Wrong.IN_PAST: Text("Dagen har vært. Velg i dag eller en senere dag.", "Dagen har vore. Vel i dag eller seinare."),
    Wrong.OUTSIDE_YEAR: Text("Dagen er utenfor skoleåret.", "Dagen er utanfor skoleåret."),
    Wrong.AFTER_SCHOOL: Text("Dagen er etter siste skoledag.", "Dagen er etter siste skuledag."),
    Wrong.NO_COUNT: Text("Skriv et antall, for eksempel 12.", "Skriv eit tal, til dømes 12."),
    Wrong.TOO_MANY: Text(
        "Gruppa har ikke så mange elever. Skriv hvor mange av dem som har gjennomført.",
        "Gruppa har ikkje så mange elevar. Skriv kor mange av dei som har gjennomført.",
    ),
    Wrong.NO_WORDS: Text("Skriv noen ord.", "Skriv nokre ord."),
    Wrong.NOBODY: Text("Velg en ansatt ved skolen.", "Vel ein tilsett ved skolen."),
    Wrong.WRONG_ORDER: Text("Siste dag er før første dag.", "Siste dag er før første dag."),
    Wrong.NO_SCHOOL: Text(
        "Det er ingen skoledag i denne tida, bare fri.", "Det er ingen skuledag i denne tida, berre fri."
    ),
    Wrong.NOT_OPEN: Text(
        "Det er allerede svart på denne. Åpne den på nytt for å se hva som står.",
        "Det er alt svart på denne. Opne ho på nytt for å sjå kva som står.",
    ),
}
NOT_YOURS = Text(
    "Denne oppgaven er ikke din, og ikke på din avdeling.", "Denne oppgåva er ikkje di, og ikkje på avdelinga di."
)
NO_SUCH_TASK = Text("Oppgaven finnes ikke lenger i årets plan.", "Oppgåva finst ikkje lenger i planen for året.")

# What is late with others.
LATE_TITLE = Text("Årshjulet: {count} er forsinket", "Årshjulet: {count} er forseinka")
LATE_SUMMARY = Text("Noe i årshjulet er forsinket.", "Noko i årshjulet er forseinka.")
LATE_INTRO = Text(
    "Dette skulle vært gjort, og er ikke bekreftet. De ansvarlige får en påminnelse hver uke.",
    "Dette skulle vore gjort, og er ikkje stadfesta. Dei ansvarlege får ei påminning kvar veke.",
)
SINCE_PROPOSED = Text("{whom} · {who} · foreslått frist {day}", "{whom} · {who} · føreslått frist {day}")
SINCE = Text("{whom} · {who} · frist {day}", "{whom} · {who} · frist {day}")

# Seen at a glance.
YEAR_TITLE = Text("Årshjulet", "Årshjulet")
MINE = Text("Mitt", "Mitt")
DEPARTMENTS = Text("Avdelingene", "Avdelingane")
SCHOOL = Text("Hele skolen", "Heile skolen")
NOTHING_MINE = Text(
    "Du har ingen oppgaver i årshjulet dette skoleåret.", "Du har ingen oppgåver i årshjulet dette skuleåret."
)
COUNTS = Text(
    "{done} gjort, {late} forsinket, {left} gjenstår. {dropped} er ikke aktuelle.",
    "{done} gjort, {late} forseinka, {left} står att. {dropped} er ikkje aktuelle.",
)
SCOPE = Text("Skoleåret {year}: {scope}", "Skuleåret {year}: {scope}")
OF_ALL = Text("{done} av {count} gjort", "{done} av {count} gjort")
LATE_WITH = Text("forsinket: {names}", "forseinka: {names}")
MEASURE_TITLE = Text("Tiltak {id}", "Tiltak {id}")
REPORT = Text("Årsrapporten {year} (PDF)", "Årsrapporten {year} (PDF)")
PAPERS = {
    Handout.CLASS_SHEET: Text("Arket til klassen (PDF, én side)", "Arket til klassen (PDF, éi side)"),
    Handout.GUARDIANS: Text("Arket til foresatte (PDF, én side)", "Arket til føresette (PDF, éi side)"),
}
SHEET_TITLE = Text("Teksten på arket", "Teksten på arket")
READ_SHEET = Text("Les", "Les")
SHEETS = {
    Handout.CLASS_SHEET: Text("Teksten på arket til klassen", "Teksten på arket til klassen"),
    Handout.GUARDIANS: Text(
        "Teksten på arket til foresatte, til en e-post", "Teksten på arket til føresette, til ein e-post"
    ),
}
BACK = Text("Tilbake til årshjulet", "Tilbake til årshjulet")

# Whether everybody knows the plan.
READING_TITLE = Text("Kjenner du handlingsplanen mot rus?", "Kjenner du handlingsplanen mot rus?")
READING = Text(
    "Alle ansatte skal ha gått gjennom planen (versjon {version}). Les den, og bekreft at du har gjort det. "
    "Du melder fra om en hendelse med /rus-hendelse.",
    "Alle tilsette skal ha gått gjennom planen (versjon {version}). Les han, og stadfest at du har gjort det. "
    "Du melder frå om ei hending med /rus-hendelse.",
)
READING_IS_ANOTHER = Text(
    "Spørsmålet du svarte på, gjaldt ikke planen som er i bruk nå.",
    "Spørsmålet du svarte på, gjaldt ikkje planen som er i bruk no.",
)
READING_SUMMARY = Text("Bekreft at du kjenner planen.", "Stadfest at du kjenner planen.")
I_HAVE_READ = Text("Jeg har lest planen", "Eg har lese planen")
READ_NOTED = Text("Takk. Det er notert.", "Takk. Det er notert.")
READ_TITLE = Text("Du har bekreftet at du kjenner planen", "Du har stadfesta at du kjenner planen")
READ_BY = Text(
    "{count} av {all} ansatte har bekreftet at de har lest planen.",
    "{count} av {all} tilsette har stadfesta at dei har lese planen.",
)
