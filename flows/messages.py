"""Every sentence that the program itself says, in bokmål and nynorsk; the plan's own words stand in the plan pack.

Those of the year, of its papers, of drills and of the bot's own pages stand in `year_messages.py`, `paper_messages.py`,
`drill_messages.py` and `site_messages.py`.
Calm klarspråk, no exclamation marks. Terms: docs/glossary.md.
"""

from __future__ import annotations

from flows.duty import EVERYONE, REPORTER, Disclosure, Origin, Until
from flows.language import Text

# --- Days ------------------------------------------------------------------------------------------------------------

TODAY = Text("i dag", "i dag")
TOMORROW = Text("i morgen", "i morgon")
DAY_AND_CLOCK = Text("{day} kl. {time}", "{day} kl. {time}")
WEEKDAYS = (
    Text("mandag", "måndag"),
    Text("tirsdag", "tysdag"),
    Text("onsdag", "onsdag"),
    Text("torsdag", "torsdag"),
    Text("fredag", "fredag"),
    Text("lørdag", "laurdag"),
    Text("søndag", "søndag"),
)

# --- Safety: not from the plan, and said so -------------------------------------------------------------------------

SAFETY = Text("Sikkerhet (ikke fra planen)", "Tryggleik (ikkje frå planen)")
CALL_AMBULANCE = Text(
    "Ring {ambulance} hvis eleven er vanskelig å vekke, har pusteproblemer, har kramper eller er skadet. "
    "Bli hos eleven.",
    "Ring {ambulance} dersom eleven er vanskeleg å vekkje, har pusteproblem, har krampar eller er skadd. "
    "Ver hos eleven.",
)
NOT_ALONE = Text(
    "Ikke la eleven være alene. Få med deg en kollega.",
    "Ikkje lat eleven vere åleine. Få med deg ein kollega.",
)
LIMIT = Text("Dette gjør vi ikke", "Dette gjer vi ikkje")
DO_NOT_SEARCH = Text(
    "Ikke let i elevens eiendeler, og ikke be om urinprøve. Ring politiet på {police} hvis dere finner noe.",
    "Ikkje leit i eigedelane til eleven, og ikkje be om urinprøve. Ring politiet på {police} dersom de finn noko.",
)
NO_NAMES = Text(
    "Ikke skriv navn, klasse eller helseopplysninger i chatten.",
    "Ikkje skriv namn, klasse eller helseopplysningar i chatten.",
)

# --- The report ------------------------------------------------------------------------------------------------------

INTAKE_TITLE = Text("Ny rushendelse", "Ny rushending")
INTAKE_SAFE = Text(
    "Er eleven trygg akkurat nå? Ta vare på eleven først.", "Er eleven trygg akkurat no? Ta vare på eleven først."
)
WHERE = Text("Hvor er det?", "Kvar er det?")
WHICH_CLASS = Text("Hvilken klasse går eleven i?", "Kva klasse går eleven i?")
CLASS_HINT = Text(
    "Klassen vises bare i dette skjemaet og for dem som får saken.",
    "Klassen blir berre vist i dette skjemaet og for dei som får saka.",
)
CLASS_UNKNOWN = Text("Vet ikke", "Veit ikkje")
SEVERAL_HINT = Text("Du kan velge flere.", "Du kan velje fleire.")
ALERT_NOW = Text("Varsle {role}", "Varsle {role}")
ALERT_NOW_SHORT = Text("Send varselet", "Send varselet")
CONTINUE_WITH = Text("Fortsett med sak {number}", "Hald fram med sak {number}")
OPEN_CASES = Text("Du har allerede meldt en hendelse som er åpen.", "Du har alt meldt ei hending som er open.")

# --- After the alert -------------------------------------------------------------------------------------------------

CASE_TITLE = Text("Sak {number}", "Sak {number}")
QUESTIONS_INTRO = Text(
    "Varselet er sendt. Svar på det du vet. Alt kan endres senere.",
    "Varselet er sendt. Svar på det du veit. Alt kan endrast seinare.",
)
QUESTIONS_AGAIN = Text("Endre det du vil, og lagre.", "Endre det du vil, og lagre.")
AGE_UNKNOWN = Text(
    "Er du usikker på alderen? Ta vare på eleven som om eleven er under 18 år. Alderen blir sjekket før noen ringer "
    "hjem.",
    "Er du usikker på alderen? Ta vare på eleven som om eleven er under 18 år. Alderen blir sjekka før nokon ringjer "
    "heim.",
)
SECOND_ADULT = Text("Hvem er den andre voksne?", "Kven er den andre vaksne?")
SECOND_ADULT_HINT = Text(
    "Minst to ansatte skal være med når en elev bortvises. Kollegaen får en melding og bekrefter selv.",
    "Minst to tilsette skal vere med når ein elev blir bortvist. Kollegaen får ei melding og stadfestar sjølv.",
)
SAVE_ANSWERS = Text("Lagre svarene", "Lagre svara")
CORRECT_REPORT = Text("Rett hva, hvor eller klasse", "Rett kva, kvar eller klasse")
CORRECT_TITLE = Text("Rett meldingen", "Rett meldinga")
SAVE_CORRECTION = Text("Lagre", "Lagre")

# --- The reporter's status -------------------------------------------------------------------------------------------

ALERTING = Text("Varsling", "Varsling")
NOT_REACHED = Text("{name}: kan ikke nås i chatten", "{name}: kan ikkje nåast i chatten")
SENT = Text("{name}: sendes fra kl. {time}, ikke levert ennå", "{name}: blir sendt frå kl. {time}, ikkje levert enno")
DELIVERED = Text("{name}: levert kl. {time}", "{name}: levert kl. {time}")
TAKEN = Text("{name} har tatt saken kl. {time}.", "{name} har teke saka kl. {time}.")
TAKEN_BY_YOU = Text("Du har tatt saken kl. {time}.", "Du har teke saka kl. {time}.")
NOT_TAKEN = Text(
    "Ingen har tatt saken ennå. Ring {name} på {phone} hvis det haster.",
    "Ingen har teke saka enno. Ring {name} på {phone} dersom det hastar.",
)
NOBODY_HOLDS = Text(
    "Ingen er {role} akkurat nå, så varselet gikk videre.", "Ingen er {role} akkurat no, så varselet gjekk vidare."
)
NOBODY_AT_ALL = Text(
    "Vi finner ingen som kan ta saken nå. Ring skolen på {phone}. Vi prøver igjen.",
    "Vi finn ingen som kan ta saka no. Ring skolen på {phone}. Vi prøver igjen.",
)
DEPUTY_OF = Text("stedfortreder for {role}", "stadfortredar for {role}")
YOU_DO_NOW = Text("Dette gjør du nå", "Dette gjer du no")
QUESTIONS_LEFT = Text("Svar på resten", "Svar på resten")
CHANGE_ANSWERS = Text("Endre svarene", "Endre svara")
SHOW_CASE = Text("Vis saken", "Vis saka")
COLLEAGUE_ASKED = Text("{name} er spurt om å være den andre voksne.", "{name} er spurd om å vere den andre vaksne.")
COLLEAGUE_THERE = Text("{name} er den andre voksne.", "{name} er den andre vaksne.")
COLLEAGUE_CANNOT = Text("{name} kan ikke. Spør en annen.", "{name} kan ikkje. Spør ein annan.")
STATUS_SUMMARY = Text("Sak {number}. Åpne for å se.", "Sak {number}. Opne for å sjå.")

# --- Steps and duties ------------------------------------------------------------------------------------------------

DONE = Text("Gjort", "Gjort")
UNDO = Text("Angre", "Angre")
STEP_DONE = Text("Gjort kl. {time}", "Gjort kl. {time}")
STEP_OPEN = Text("Å gjøre", "Å gjere")
STEP_CLARIFY = Text("Må avklares", "Må avklarast")
STEP_UNDER_WAY = Text("Pågår", "Pågår")
STEP_WAITS_DECISION = Text("Venter på avgjørelsen", "Ventar på avgjerda")
STEP_DEVIATED = Text("Avvik fra planen", "Avvik frå planen")
OPEN_TO_ANSWER = Text("Svar", "Svar")
OPEN_TO_DO = Text("Gjør", "Gjer")
OPEN_TO_SEE = Text("Se", "Sjå")
YES = Text("Ja", "Ja")
NO = Text("Nei", "Nei")
SAVE = Text("Lagre", "Lagre")
GIVE_ON = Text("Gi videre", "Gi vidare")
GIVE_ON_LONG = Text("Gi til en annen", "Gi til ein annan")
GIVE_ON_TO = Text("Hvem skal gjøre det?", "Kven skal gjere det?")
DEVIATE = Text("Gjør noe annet enn planen sier", "Gjer noko anna enn planen seier")
DEVIATION = Text("Avvik", "Avvik")
DEVIATION_REASON = Text("Hva gjør dere i stedet, og hvorfor?", "Kva gjer de i staden, og kvifor?")
NO_NAMES_HERE = Text("Kort, og uten navn.", "Kort, og utan namn.")
APPLIES = Text("Gjelder dette?", "Gjeld dette?")
DUTY_TO_REPORT = Text(
    "Tror du at eleven kan være i alvorlig fare? Da har du selv plikt til å melde til barnevernet, "
    "også når andre mener noe annet. Svaret ditt her ser bare du.",
    "Trur du at eleven kan vere i alvorleg fare? Då har du sjølv plikt til å melde til barnevernet, "
    "òg når andre meiner noko anna. Svaret ditt her ser berre du.",
)
DUTY_TO_REPORT_BUTTON = Text("Meldeplikten din", "Meldeplikta di")
REPORT_HERE = Text("Meld til barnevernet i kommunen", "Meld til barnevernet i kommunen")
DUTY_FROM = Text("Fra", "Frå")
DUTY_WHOSE = Text("Hvem", "Kven")
DUTY_STATE = Text("Status", "Status")
DUTY_DUE = Text("Frist", "Frist")
DUTY_TELLS = Text("Forteller noe til", "Fortel noko til")
GUIDANCE = Text("Før du gjør dette", "Før du gjer dette")
HEARD = {False: Text("Eleven hørt", "Eleven høyrd"), True: Text("Foresatte hørt", "Føresette høyrde")}
DUE = Text("frist {when}", "frist {when}")
OVERDUE = Text("fristen var {when}", "fristen var {when}")
DUE_AT_ONCE = Text("med en gang", "med ein gong")
DUE_BEFORE_MEETING = Text("før møtet", "før møtet")
DUE_UNTIL = {
    Until.BORTVISNING: Text("før avgjørelsen om bortvisning", "før avgjerda om bortvising"),
    Until.MEETING: Text("før møtet", "før møtet"),
    Until.CLARIFIED: Text("til saken er avklart", "til saka er avklart"),
    Until.CLOSED: Text("til saken er avsluttet", "til saka er avslutta"),
}
UNDER_WAY_SINCE = Text("siden {day}", "sidan {day}")
DEADLINE_SAME_DAY = Text("samme dag", "same dag")
DEADLINE_DAYS = Text("skoledager: {count}", "skoledagar: {count}")
DISCLOSURES = {
    Disclosure.NONE: Text("ingen", "ingen"),
    Disclosure.INTERNAL: Text("kolleger som trenger det", "kollegaer som treng det"),
    Disclosure.GUARDIAN: Text("foresatte", "føresette"),
    Disclosure.CHILD_WELFARE: Text("barnevernet", "barnevernet"),
    Disclosure.POLICE: Text("politiet", "politiet"),
    Disclosure.HEALTH: Text("helsetjenesten", "helsetenesta"),
    Disclosure.COMPANY: Text("bedriften", "bedrifta"),
}
BUILT_IN = {REPORTER: Text("melder", "meldar"), EVERYONE: Text("alle i saken", "alle i saka")}
DUTIES_LEFT = Text("Du har noe å gjøre i denne saken: {count}.", "Du har noko å gjere i denne saka: {count}.")
DUTIES_DONE = Text("Du har gjort det som var ditt i saken. Takk.", "Du har gjort det som var ditt i saka. Takk.")
KEPT_INFORMED = Text("Du holdes orientert om denne saken.", "Du blir halden orientert om denne saka.")
FACT_MEETING = Text("Møtet", "Møtet")
NOTHING_LEFT = Text("Du har ikke noe mer å gjøre i denne saken.", "Du har ikkje noko meir å gjere i denne saka.")
SEE_DUTIES = Text("Se hva det er", "Sjå kva det er")
ASK_OWNER = Text(
    "Spør {name} på {phone} hvem saken gjelder. Ikke skriv det i chatten.",
    "Spør {name} på {phone} kven saka gjeld. Ikkje skriv det i chatten.",
)
ACTS_FOR = Text(
    "{name} er borte til og med {last}. Du har ansvaret så lenge.",
    "{name} er borte til og med {last}. Du har ansvaret så lenge.",
)
STEP_ENDED = Text("Gjelder ikke lenger", "Gjeld ikkje lenger")
ENDED_BECAUSE = Text("endret: {what}", "endra: {what}")
STEP_WAITS_TAKEN = Text("Venter på at noen tar saken", "Ventar på at nokon tek saka")
STEP_WAITS_COLLEAGUE = Text("Venter på kollegaen", "Ventar på kollegaen")
ORIGIN = {
    Origin.PLAN: Text("planen {clause}", "planen {clause}"),
    Origin.LAW: Text("lov: {source}", "lov: {source}"),
    Origin.SAFETY: Text("sikkerhet", "tryggleik"),
    Origin.LOCAL: Text("lokalt", "lokalt"),
}
ORIGIN_PLAN_AND_LAW = Text("planen {clause} (lov: {source})", "planen {clause} (lov: {source})")
DUTIES = Text("Plikter i saken", "Plikter i saka")
DUTIES_OF_OTHERS = Text("Slik står det med resten", "Slik står det med resten")
LIMIT_AGE = Text("Alder", "Alder")
GUARDIANS_NOT = Text(
    "Eleven er over 18 år. Ikke kontakt foresatte uten at eleven sier ja.",
    "Eleven er over 18 år. Ikkje kontakt føresette utan at eleven seier ja.",
)
AGE_CHECK = Text(
    "Sjekk alderen i det skoleadministrative systemet før noen ringer hjem. Ta vare på eleven som om eleven er under "
    "18 år.",
    "Sjekk alderen i det skoleadministrative systemet før nokon ringjer heim. Ta vare på eleven som om eleven er under "
    "18 år.",
)
FACT_WHERE = Text("Sted", "Stad")
FACT_CLASS = Text("Klasse", "Klasse")
FACT_REPORTED = Text("Meldt", "Meldt")
FACT_REPORTER = Text("Melder", "Meldar")
FACT_OWNER = Text("Saksansvarlig", "Saksansvarleg")
FACT_COLLEAGUE = Text("Den andre voksne", "Den andre vaksne")
FACT_PARTICIPANTS = Text("Orientert", "Orientert")
FACT_PUPIL = Text("Gjelder", "Gjeld")
FACT_REASON = Text("Grunn", "Grunn")
FACT_ERASED = Text("Slettes i boten", "Blir sletta i boten")
NOBODY_YET = Text("Ingen ennå", "Ingen enno")
NOT_ANSWERED = Text("{value} (ikke besvart)", "{value} (ikkje svart på)")
AND_MORE = Text("{names} og {count} til", "{names} og {count} til")
BY_CLOCK = Text("{name}, kl. {time}", "{name}, kl. {time}")

# --- The course of a case --------------------------------------------------------------------------------------------

CONSENT_TAKEN_BACK = Text("eleven har trukket samtykket", "eleven har trekt samtykket")
COURSE = Text("hva som skjer med saken", "kva som skjer med saka")
MORE = Text("Mer", "Meir")
NOTHING_MORE = Text("Du kan ikke gjøre mer her.", "Du kan ikkje gjere meir her.")
WHY = Text("Hvorfor?", "Kvifor?")
HAND_OVER = Text("Gi til annen avdeling", "Gi til anna avdeling")
HAND_OVER_ABOUT = Text(
    "Gjelder saken en elev på en annen avdeling, gir du den dit. Avdelingsleder der får et varsel. Du har saken til "
    "den er tatt.",
    "Gjeld saka ein elev på ei anna avdeling, gir du henne dit. Avdelingsleiaren der får eit varsel. Du har saka til "
    "ho er teken.",
)
WHICH_DEPARTMENT = Text("Hvilken avdeling?", "Kva avdeling?")
HANDED_OVER_STATE = Text(
    "Gitt videre til {department}, ikke tatt ennå", "Gitt vidare til {department}, ikkje teken enno"
)
HANDED_OVER_LINE = Text(
    "Saken er gitt videre til {department}. {name} har den til noen der har tatt den.",
    "Saka er gitt vidare til {department}. {name} har henne til nokon der har teke henne.",
)
REFUTE = Text("Mistanken er avkreftet", "Mistanken er avkrefta")
REFUTE_ABOUT = Text(
    "Viste det seg at mistanken var feil, sier du fra her. Pliktene som fulgte av den, faller bort. Er eleven tatt ut "
    "av praksis, noterer du selv når eleven er tilbake.",
    "Viste det seg at mistanken var feil, seier du frå her. Pliktene som følgde av han, fell bort. Er eleven teken ut "
    "av praksis, noterer du sjølv når eleven er tilbake.",
)
REFUTED_STATE = Text("Mistanken er avkreftet", "Mistanken er avkrefta")
REVOKE = Text("Ikke avkreftet likevel", "Ikkje avkrefta likevel")
REVOKE_ABOUT = Text("Kom det fram noe nytt, gjelder pliktene igjen.", "Kom det fram noko nytt, gjeld pliktene igjen.")
WITHDRAW = Text("Trekk varselet", "Trekk varselet")
WITHDRAW_ABOUT = Text(
    "Var varselet en feil, trekker du det her. Alle som fikk det, får beskjed.",
    "Var varselet ein feil, trekkjer du det her. Alle som fekk det, får beskjed.",
)
WITHDRAWN = Text(
    "{name} trakk varselet kl. {time}. Det var en feil.", "{name} trekte varselet kl. {time}. Det var ein feil."
)
WITHDRAWN_STATE = Text("Trukket av {name} {when}", "Trekt av {name} {when}")
NOTHING_TO_DO = Text("Du trenger ikke gjøre noe.", "Du treng ikkje gjere noko.")
GOES_ON = Text("Saken går videre likevel.", "Saka går vidare likevel.")
CLOSE_CASE = Text("Avslutt saken", "Avslutt saka")
CLOSING_ABOUT = Text(
    "Ingenting står åpent. Før saken i arkivsystemet. Når du avslutter, slettes kopien i boten {day}.",
    "Ingenting står ope. Før saka i arkivsystemet. Når du avsluttar, blir kopien i boten sletta {day}.",
)
STILL_OPEN = Text(
    "Dette står åpent. Gjør det, svar på det, eller skriv hvorfor dere gjør noe annet. Så kan saken avsluttes.",
    "Dette står ope. Gjer det, svar på det, eller skriv kvifor de gjer noko anna. Så kan saka avsluttast.",
)
CLOSED = Text("Saken er avsluttet.", "Saka er avslutta.")
CLOSED_STATE = Text("Avsluttet av {name} {when}", "Avslutta av {name} {when}")
ERASED = Text("Saken er avsluttet, og innholdet er slettet.", "Saka er avslutta, og innhaldet er sletta.")
REOPEN = Text("Åpne saken igjen", "Opne saka igjen")
ARCHIVE_HINT = Text("Bare nummeret, for eksempel 2026/1234.", "Berre nummeret, til dømes 2026/1234.")
NAME_PUPIL = Text("Hvem gjelder det?", "Kven gjeld det?")
NAME_PUPIL_ABOUT = Text(
    "Et kort kjennetegn, slik at dere som har saken, vet hvem den gjelder. Det blir aldri stående i chatten.",
    "Eit kort kjenneteikn, slik at de som har saka, veit kven ho gjeld. Det blir aldri ståande i chatten.",
)
PUPIL_FIELD = Text("Kjennetegn", "Kjenneteikn")
PUPIL_HINT = Text("Initialer, ikke navnet.", "Initialar, ikkje namnet.")

# --- The meeting -----------------------------------------------------------------------------------------------------

INVITATION = Text("Innkalling som du kan kopiere", "Innkalling som du kan kopiere")
INVITATION_TIME = Text("Tid: {day} kl. {time}. Sted: {school}.", "Tid: {day} kl. {time}. Stad: {school}.")
INVITATION_WHO = Text("Med i møtet: {who}.", "Med i møtet: {who}.")
INVITATION_TRUSTED = Text("Du kan ta med deg noen du stoler på.", "Du kan ta med deg nokon du stolar på.")
INVITATION_PHONE = Text(
    "Har du spørsmål, ringer du {name} på {phone}.", "Har du spørsmål, ringjer du {name} på {phone}."
)
THE_PUPIL = Text("eleven", "eleven")
GUARDIANS = Text("foresatte", "føresette")
MEETING_INTO_CALENDAR = Text("Legg møtet i kalenderen", "Legg møtet i kalenderen")
APPOINTMENT_TITLE = Text("Møte, sak {number}", "Møte, sak {number}")
APPOINTMENT_TEXT = Text("Åpne sak {number} i boten for å se mer.", "Opne sak {number} i boten for å sjå meir.")

# --- Reminders -------------------------------------------------------------------------------------------------------

REMINDER_TITLE = Text("Påminnelse, sak {number}", "Påminning, sak {number}")
REMINDER_SUMMARY = Text("Påminnelse om sak {number}. Åpne for å se.", "Påminning om sak {number}. Opne for å sjå.")
FIRST_DUE = Text("Den første fristen er {when}.", "Den første fristen er {when}.")
FIRST_OVERDUE = Text("Den første fristen var {when}.", "Den første fristen var {when}.")
OTHERS_LATE = Text(
    "I denne saken er noe ikke gjort innen fristen: {count}. {name} har saken. Ring {phone}.",
    "I denne saka er noko ikkje gjort innan fristen: {count}. {name} har saka. Ring {phone}.",
)
OTHERS_LATE_OWNER = Text(
    "Noe som andre skal gjøre, er ikke gjort innen fristen: {count}. Åpne saken for å se hvem som har det.",
    "Noko som andre skal gjere, er ikkje gjort innan fristen: {count}. Opne saka for å sjå kven som har det.",
)
READY_TO_CLOSE = Text(
    "Ingenting står åpent i denne saken. Du kan avslutte den.",
    "Ingenting står ope i denne saka. Du kan avslutte henne.",
)

# --- The alert -------------------------------------------------------------------------------------------------------

ALERT_SUMMARY = Text("Ny sak {number}. Åpne for å svare.", "Ny sak {number}. Opne for å svare.")
ALERT_ACUTE = Text(
    "Rushendelse på avdelingen din, sak {number}. Sted: {place}. {name} er hos eleven. Ring {phone}.",
    "Rushending på avdelinga di, sak {number}. Stad: {place}. {name} er hos eleven. Ring {phone}.",
)
ALERT_CALM = Text(
    "Ny sak på avdelingen din, sak {number}. Ta den i løpet av skoledagen. {name} kan fortelle mer. Ring {phone}.",
    "Ny sak på avdelinga di, sak {number}. Ta henne i løpet av skoledagen. {name} kan fortelje meir. Ring {phone}.",
)
ALERT_MANY = Text(
    "Klassen er ikke kjent, så alle avdelingene er varslet. Den som vet hvem det gjelder, tar saken.",
    "Klassen er ikkje kjend, så alle avdelingane er varsla. Den som veit kven det gjeld, tek saka.",
)
ALERT_CLIMBED = Text(
    "{role} har ikke svart, så varselet har gått videre til deg.",
    "{role} har ikkje svart, så varselet har gått vidare til deg.",
)
ALERT_REMINDER = Text("Påminnelse: ingen har tatt saken ennå.", "Påminning: ingen har teke saka enno.")
TAKE = Text("Jeg tar saken", "Eg tek saka")
KEEP = Text("Behold saken", "Behald saka")
TAKEN_NEXT = Text(
    "Ta kontakt med {name} på {phone}. Åpne saken for å se hva planen sier.",
    "Ta kontakt med {name} på {phone}. Opne saka for å sjå kva planen seier.",
)
NOT_YOUR_DEPARTMENT = Text(
    "Saken gjelder en annen avdeling. Du trenger ikke gjøre noe.",
    "Saka gjeld ei anna avdeling. Du treng ikkje gjere noko.",
)

# --- The second adult ------------------------------------------------------------------------------------------------

COLLEAGUE_QUESTION = Text(
    "{name} ber deg være den andre voksne i sak {number}. Sted: {place}. Ring {phone}.",
    "{name} ber deg vere den andre vaksne i sak {number}. Stad: {place}. Ring {phone}.",
)
COLLEAGUE_YES = Text("Jeg er med", "Eg er med")
COLLEAGUE_NO = Text("Jeg kan ikke", "Eg kan ikkje")
COLLEAGUE_THANKS = Text(
    "Takk. Du er den andre voksne i saken. Bli sammen med {name} og eleven til en annen har overtatt.",
    "Takk. Du er den andre vaksne i saka. Ver saman med {name} og eleven til ein annan har overteke.",
)
COLLEAGUE_DECLINED = Text(
    "Du har svart at du ikke kan. {name} ser det.", "Du har svart at du ikkje kan. {name} ser det."
)
COLLEAGUE_REPLACED = Text(
    "{name} har spurt en annen. Du trenger ikke gjøre noe.", "{name} har spurt ein annan. Du treng ikkje gjere noko."
)
COLLEAGUE_CHANGED_MIND = Text("Jeg kan ikke likevel", "Eg kan ikkje likevel")
COLLEAGUE_CAN_NOW = Text("Jeg kan likevel", "Eg kan likevel")

# --- Hints: why nothing changed --------------------------------------------------------------------------------------

HINT_NO_ACCESS = Text("Du har ikke tilgang til denne saken.", "Du har ikkje tilgang til denne saka.")
HINT_ALREADY_TAKEN = Text("{name} har allerede tatt saken, kl. {time}.", "{name} har alt teke saka, kl. {time}.")
HINT_ALREADY_YOURS = Text("Du har allerede tatt saken.", "Du har alt teke saka.")
HINT_ALREADY_DONE = Text("Dette er allerede gjort.", "Dette er alt gjort.")
HINT_NOT_ASKED = Text("Du er ikke spurt om dette lenger.", "Du er ikkje spurd om dette lenger.")
HINT_NO_LONGER = Text(
    "Dette gjelder ikke lenger. Du ser det som gjelder nå.", "Dette gjeld ikkje lenger. Du ser det som gjeld no."
)
HINT_NOT_BY_HAND = Text("Dette krysser boten av selv.", "Dette kryssar boten av sjølv.")
HINT_NOT_YOURS = Text("Dette er det en annen som skal gjøre.", "Dette er det ein annan som skal gjere.")
HINT_NOT_CLARIFIED = Text("Dette må avklares først.", "Dette må avklarast først.")
HINT_CLOSED = Text("Saken er avsluttet.", "Saka er avslutta.")
HINT_NO_SUSPICION = Text(
    "Her er det meldt mer enn en mistanke. Er det feil, retter du først hva som er meldt.",
    "Her er det meldt meir enn ein mistanke. Er det feil, rettar du først kva som er meldt.",
)
HINT_ASK_OWNER = Text(
    "{name} har tatt saken. Ring {phone} og be om at varselet trekkes.",
    "{name} har teke saka. Ring {phone} og be om at varselet blir trekt.",
)
HINT_HANDED_OVER = Text(
    "Saken er gitt videre. Den som tar den, avslutter den.", "Saka er gitt vidare. Den som tek henne, avsluttar henne."
)
HINT_STILL_UNDER_WAY = Text(
    "Noe i saken pågår ennå. Noter først at det er over.",
    "Noko i saka går føre seg enno. Noter først at det er over.",
)
HINT_SOMETHING_OPEN = Text("Noe står åpent ennå.", "Noko står ope enno.")
HINT_MILDER_FIRST = Text(
    "Mildere tiltak skal være vurdert før en elev bortvises (opplæringslova § 13-1).",
    "Mildare tiltak skal vere vurderte før ein elev blir bortvist (opplæringslova § 13-1).",
)
HINT_FORM_NEEDED = Text("Åpne plikten og fyll ut skjemaet.", "Opne plikta og fyll ut skjemaet.")
CHANGED_MEANWHILE = Text(
    "Noen andre har endret dette mens du skrev. Slik står det nå. Se over, og lagre på nytt.",
    "Nokon andre har endra dette medan du skreiv. Slik står det no. Sjå over, og lagre på nytt.",
)
HINT_AGE_FIRST = Text(
    "Sjekk alderen først. Foresatte og barnevern kontaktes bare når eleven er under 18 år.",
    "Sjekk alderen først. Føresette og barnevern blir kontakta berre når eleven er under 18 år.",
)
HINT_CONSENT_FIRST = Text("Eleven må selv ha sagt ja først.", "Eleven må sjølv ha sagt ja først.")
HINT_NOT_DELEGATED = Text("Denne plikten kan ikke gis videre.", "Denne plikta kan ikkje givast vidare.")
HINT_NOBODY_THERE = Text("Personen er ikke på skolen nå.", "Personen er ikkje på skolen no.")
HINT_DECISION_FIRST = Text("Dette venter på en avgjørelse.", "Dette ventar på ei avgjerd.")
HINT_HEAR_FIRST = Text(
    "De det gjelder, skal få uttale seg først. Noter det der det står, eller skriv hvorfor det ikke lar seg gjøre.",
    "Dei det gjeld, skal få uttale seg først. Noter det der det står, eller skriv kvifor det ikkje lèt seg gjere.",
)
HINT_REASON_NEEDED = Text("Skriv kort hvorfor, uten navn.", "Skriv kort kvifor, utan namn.")
FAULT_NOT_DONE = Text(
    "Da er det ikke gjort ennå. Les det som står øverst. Kom tilbake når det er gjort, eller skriv hva dere gjør i "
    "stedet.",
    "Då er det ikkje gjort enno. Les det som står øvst. Kom tilbake når det er gjort, eller skriv kva de gjer i "
    "staden.",
)
FAULT_NO_TIME = Text("Skriv klokkeslettet som 13:45.", "Skriv klokkeslettet som 13:45.")
FAULT_NO_DATE = Text("Velg en dag i dette skoleåret.", "Vel ein dag i dette skoleåret.")
FAULT_DATE_PAST = Text("Velg en dag som ikke har vært.", "Vel ein dag som ikkje har vore.")
FAULT_ABSENCE_ORDER = Text(
    "Den siste dagen kan ikke være før den første.", "Den siste dagen kan ikkje vere før den første."
)
FAULT_NO_NUMBER = Text("Skriv et tall.", "Skriv eit tal.")
FAULT_NO_ARCHIVE_NUMBER = Text(
    "Skriv bare nummeret saken har i arkivsystemet.", "Skriv berre nummeret saka har i arkivsystemet."
)
FAULT_TOO_LONG = Text("Skriv det kortere.", "Skriv det kortare.")
HINT_UNCHANGED = Text("Ingenting er endret.", "Ingenting er endra.")
SAVED = Text("Lagret.", "Lagra.")
REPORTED_NOTICE = Text(
    "Sak {number} er lagret, og varselet er på vei.", "Sak {number} er lagra, og varselet er på veg."
)

# --- Faults in a form ------------------------------------------------------------------------------------------------

FAULT_REQUIRED = Text("Velg noe her.", "Vel noko her.")
FAULT_UNKNOWN_CLASS = Text(
    "Vi kjenner ikke denne klassen. Velg fra lista, eller «Vet ikke».",
    "Vi kjenner ikkje denne klassen. Vel frå lista, eller «Veit ikkje».",
)
FAULT_UNKNOWN_PLACE = Text("Velg et sted fra lista.", "Vel ein stad frå lista.")
FAULT_UNKNOWN_VALUE = Text("Velg fra lista.", "Vel frå lista.")
FAULT_ONE_ONLY = Text("Velg bare én.", "Vel berre éin.")
FAULT_SAME_PERSON = Text(
    "Det må være to forskjellige voksne. Velg en annen enn deg selv.",
    "Det må vere to ulike vaksne. Vel ein annan enn deg sjølv.",
)
FAULT_UNKNOWN_PERSON = Text("Velg en kollega fra lista.", "Vel ein kollega frå lista.")

# --- Help, and what isn't understood ---------------------------------------------------------------------------------

HELP_TITLE = Text("Hjelp", "Hjelp")
HELP_INTRO = Text(
    "Jeg leder dere gjennom skolens handlingsplan mot rus. Skriv en kommando i denne chatten:",
    "Eg leier dykk gjennom handlingsplanen mot rus på skolen. Skriv ein kommando i denne chatten:",
)
COMMANDS = {  # by how each is typed everywhere: Slack's names have no å
    "/rus-hendelse": Text(
        "meld fra når en elev er beruset eller dere har mistanke",
        "meld frå når ein elev er rusa eller de har mistanke",
    ),
    "/rus-saker": Text("sakene dine og det du skal gjøre i dem", "sakene dine og det du skal gjere i dei"),
    "/rus-plan": Text("les planen, eller søk i den", "les planen, eller søk i han"),
    "/rus-arshjul": Text(
        "årshjulet: hva som skal gjøres, er gjort og er forsinket",
        "årshjulet: kva som skal gjerast, er gjort og er seint",
    ),
    "/rus-borte": Text(
        "si fra når du er borte, så tar stedfortrederen over", "sei frå når du er borte, så tek stadfortredaren over"
    ),
    "/rus-ovelse": Text("øv sammen på en oppdiktet hendelse", "øv saman på ei oppdikta hending"),
    "/rus-sprak": Text("velg bokmål eller nynorsk", "vel bokmål eller nynorsk"),
    "/rus-hjelp": Text("vis denne hjelpen", "vis denne hjelpa"),
}
HELP_ALERTS = Text(
    "Når du melder fra om en hendelse, får skolens {role} beskjed med en gang.",
    "Når du melder frå om ei hending, får skolen sin {role} beskjed med ein gong.",
)
HELP_SUMMARY = Text("Hjelp til kommandoene", "Hjelp til kommandoane")
MY_CASES = Text("Mine saker", "Sakene mine")
NO_CASES = Text("Du har ingen åpne saker.", "Du har ingen opne saker.")
CASE_OWNER = Text("{name} har saken", "{name} har saka")
CASE_NOT_TAKEN = Text("Ingen har tatt saken ennå", "Ingen har teke saka enno")
CASE_REPORTED = Text("meldt {when} · {place}", "meldt {when} · {place}")
ABSENCE_TITLE = Text("Når er du borte?", "Når er du borte?")
ABSENCE_NOW = Text("Du har meldt at du er borte", "Du har meldt at du er borte")
ABSENCE_ABOUT = Text(
    "Mens du er borte, går varsler og plikter til stedfortrederen din. Skriv bare dagene, ikke hvorfor.",
    "Medan du er borte, går varsel og plikter til stadfortredaren din. Skriv berre dagane, ikkje kvifor.",
)
ABSENCE_FROM = Text("Fra og med", "Frå og med")
ABSENCE_UNTIL = Text("Til og med", "Til og med")
ABSENCE_SPAN = Text("Fra og med {first} til og med {last}", "Frå og med {first} til og med {last}")
ABSENCE_END = Text("Jeg er tilbake", "Eg er tilbake")
ABSENCE_STAND_IN = Text("{role}, {where}: {name}", "{role}, {where}: {name}")
ABSENCE_STAND_IN_SCHOOL = Text("{role}: {name}", "{role}: {name}")
ABSENCE_ACTS_AS = Text("{name} ({role})", "{name} ({role})")
ABSENCE_WARNING = Text("Ingen stedfortreder", "Ingen stadfortredar")
ABSENCE_NOBODY = Text(
    "En av rollene dine har ingen stedfortreder som er til stede. Snakk med rektor før du går.",
    "Ei av rollene dine har ingen stadfortredar som er til stades. Snakk med rektor før du går.",
)
ABSENCE_SAVED_ALONE = Text(
    "Lagret. En av rollene dine har ingen stedfortreder hele tiden. Snakk med rektor før du går.",
    "Lagra. Ei av rollene dine har ingen stadfortredar heile tida. Snakk med rektor før du går.",
)
ABSENCE_SAVED = Text("Lagret. Stedfortrederne dine tar over.", "Lagra. Stadfortredarane dine tek over.")
BACK_SAVED = Text("Velkommen tilbake.", "Velkommen tilbake.")
LANGUAGE_TITLE = Text("Språk", "Språk")
WHICH_LANGUAGE = Text("Hvilket språk vil du lese?", "Kva språk vil du lese?")
LANGUAGE_SAVED = Text("Lagret. Nye meldinger kommer på bokmål.", "Lagra. Nye meldingar kjem på nynorsk.", "Saved.")
PLAN_TITLE = Text("Planen", "Planen")
PLAN_VERSION = Text(
    "Planen er fra {version}. Sitatene er planens egne ord.", "Planen er frå {version}. Sitata er orda i planen sjølv."
)
PLAN_SEARCH = Text("Søk i planen", "Søk i planen")
PLAN_SEARCH_HINT = Text(
    "For eksempel foresatte, praksis eller russemøte.", "Til dømes føresette, praksis eller russemøte."
)
PLAN_SEARCH_BUTTON = Text("Søk", "Søk")
PLAN_HITS = Text("Treff: {count}", "Treff: {count}")
PLAN_NO_HITS = Text("Ingen treff. Prøv et annet ord.", "Ingen treff. Prøv eit anna ord.")
PLAN_MORE_HITS = Text("Det er flere treff. Skriv ett ord til.", "Det er fleire treff. Skriv eitt ord til.")
PLAN_WHOLE = Text("Hele planen", "Heile planen")
PLAN_ENTRY = Text("Punkt {id}", "Punkt {id}")
PLAN_MEANS = Text("Det betyr", "Det betyr")
PLAN_NO_DUTY = Text("Punktet gir ingen egen plikt eller frist.", "Punktet gir inga eiga plikt eller frist.")
PAGE_BACK = Text("Forrige side", "Førre side")
PAGE_ON = Text("Neste side", "Neste side")
MEASURE_WHEN = Text("Når", "Når")
START_INCIDENT = Text("Meld en rushendelse", "Meld ei rushending")
UNKNOWN_TITLE = Text("Det forsto jeg ikke", "Det forstod eg ikkje")
UNKNOWN_COMMAND = Text(
    "Jeg kjenner ikke den kommandoen. Skriv /rus-hendelse for å melde fra, eller /rus-hjelp.",
    "Eg kjenner ikkje den kommandoen. Skriv /rus-hendelse for å melde frå, eller /rus-hjelp.",
)
FREE_TEXT = Text(
    "Jeg forstår bare kommandoer og knapper, og jeg lagrer ikke det du skrev. Skriv /rus-hendelse for å melde fra, "
    "eller /rus-hjelp. Skriv aldri navnet på en elev her; står det et navn i det du skrev, sletter du meldingen.",
    "Eg forstår berre kommandoar og knappar, og eg lagrar ikkje det du skreiv. Skriv /rus-hendelse for å melde frå, "
    "eller /rus-hjelp. Skriv aldri namnet på ein elev her; står det eit namn i det du skreiv, slettar du meldinga.",
)
HOME_TITLE = Text("Oversikt", "Oversikt")
HOME_DUTIES = Text("Dette skal du gjøre", "Dette skal du gjere")
HOME_NOTHING_TO_DO = Text("Du har ingenting å gjøre nå.", "Du har ingenting å gjere no.")
HOME_MORE = Text("Og {count} til. Se «Mine saker».", "Og {count} til. Sjå «Sakene mine».")
READ_PLAN = Text("Les planen", "Les planen")
KEEP_NAMES_OUT = Text(
    "Det du skrev bak kommandoen, er ikke lest eller lagret her. Skriv aldri navnet på en elev eller noe annet om "
    "eleven i chatten.",
    "Det du skreiv bak kommandoen, er ikkje lese eller lagra her. Skriv aldri namnet på ein elev eller noko anna om "
    "eleven i chatten.",
)
STRANGER_TITLE = Text("Jeg finner deg ikke", "Eg finn deg ikkje")
STRANGER = Text(
    "Du står ikke på skolens liste over ansatte, så jeg kan ikke ta imot noe fra deg. Gjelder det en elev nå, går du "
    "til nærmeste lærer eller ringer skolen. Er du vikar eller ny, ber du kontoret føre deg opp.",
    "Du står ikkje på lista over tilsette ved skolen, så eg kan ikkje ta imot noko frå deg. Gjeld det ein elev no, går "
    "du til næraste lærar eller ringjer skolen. Er du vikar eller ny, ber du kontoret føre deg opp.",
)
NOT_RECOGNISED = Text(
    "Jeg kan ikke finne ut hvem du er akkurat nå, så jeg kan ikke ta imot noe fra deg ennå. Gjelder det en elev nå, "
    "går du til nærmeste lærer eller ringer skolen. Prøv igjen om litt.",
    "Eg kan ikkje finne ut kven du er akkurat no, så eg kan ikkje ta imot noko frå deg enno. Gjeld det ein elev no, "
    "går du til næraste lærar eller ringjer skolen. Prøv igjen om litt.",
)

# --- When something fails --------------------------------------------------------------------------------------------

ERROR_TITLE = Text("Noe gikk galt", "Noko gjekk gale")
ERROR_TRY_AGAIN = Text(
    "Det siste du gjorde, ble ikke lagret. Prøv igjen. Haster det, ringer du.",
    "Det siste du gjorde, vart ikkje lagra. Prøv igjen. Hastar det, ringjer du.",
)
UNREACHED_TITLE = Text("Ansatte uten chat: {count}", "Tilsette utan chat: {count}")
UNREACHED = Text(
    "Boten når ikke disse ansatte: den finner ingen aktiv konto, eller de har fjernet eller blokkert appen. De får "
    "ingen varsler i chatten, og kan kanskje ikke melde fra der.",
    "Boten når ikkje desse tilsette: han finn ingen aktiv konto, eller dei har fjerna eller blokkert appen. Dei får "
    "ingen varsel i chatten, og kan kanskje ikkje melde frå der.",
)
UNREACHED_NEXT = Text(
    "Be dem logge inn, legge til appen igjen eller oppheve blokkeringen, eller be den som har ansvaret for skolefila "
    "rette adressen. Varsler går til stedfortrederen så lenge. Du får lista én gang i uka til den er tom.",
    "Be dei logge inn, leggje til appen igjen eller oppheve blokkeringa, eller be den som har ansvaret for skolefila "
    "rette adressa. Varsel går til stadfortredaren så lenge. Du får lista éin gong i veka til ho er tom.",
)
AND_MORE = Text("og {count} til", "og {count} til")
AT_FAULT_TITLE = Text("Noe er galt med boten", "Noko er gale med boten")
AT_FAULT = Text(
    "Boten har funnet en feil hos seg selv. Varsler kan komme for sent. Si fra til den som drifter den nå, og be de "
    "ansatte ringe når noe haster, til feilen er rettet. Skolens telefon: {phone}.",
    "Boten har funne ein feil hos seg sjølv. Varsel kan kome for seint. Sei frå til den som driftar han no, og be dei "
    "tilsette ringje når noko hastar, til feilen er retta. Telefonen til skolen: {phone}.",
)
LAPSED_TITLE = Text("Lukket", "Lukka")
LAPSED = Text(
    "Skjemaet er lukket, så det ikke blir stående i chatten. Åpne det igjen der du åpnet det.",
    "Skjemaet er lukka, så det ikkje blir ståande i chatten. Opne det igjen der du opna det.",
)
REPEATED = Text(
    "Gjentatt varsel: du kan ha fått det før. Det er samme sak.",
    "Gjenteke varsel: du kan ha fått det før. Det er same sak.",
)
MAIL_SUBJECT = Text("rusplan: sak {number}", "rusplan: sak {number}")
MAIL_TEXT = Text(
    "Sak {number} venter på deg. Åpne chatten med rusplan.\n\nVi når deg ikke der nå, derfor kommer denne e-posten. "
    "Ikke svar på den, og skriv ikke om saken i e-post.",
    "Sak {number} ventar på deg. Opne chatten med rusplan.\n\nVi når deg ikkje der no, difor kjem denne e-posten. "
    "Ikkje svar på han, og skriv ikkje om saka i e-post.",
)
MAIL_WITHDRAWN = Text(
    "Sak {number} venter ikke på deg lenger. Du trenger ikke gjøre noe.\n\n"
    "Ikke svar på denne e-posten, og skriv ikke om saken i e-post.",
    "Sak {number} ventar ikkje på deg lenger. Du treng ikkje gjere noko.\n\n"
    "Ikkje svar på denne e-posten, og skriv ikkje om saka i e-post.",
)
LATE_TITLE = Text("Det tar lang tid", "Det tek lang tid")
LATE = Text(
    "Det tar lang tid å lagre nå. Vent litt, og prøv igjen: det blir ikke gjort to ganger. Haster det, ringer du.",
    "Det tek lang tid å lagre no. Vent litt, og prøv igjen: det blir ikkje gjort to gonger. Hastar det, ringjer du.",
)
ERROR_CODE = Text("Kode", "Kode")
EMERGENCY = Text("Fare for liv og helse", "Fare for liv og helse")
ERROR_SUMMARY = Text(
    "Noe gikk galt. Åpne for å se hva du kan gjøre.", "Noko gjekk gale. Opne for å sjå kva du kan gjere."
)
