"""Every sentence of a drill and of its review, in both languages."""

from __future__ import annotations

from flows.language import Text

DRILL_MARK = Text("ØVELSE", "ØVING")
DRILL_MARKED = Text("ØVELSE: {said}", "ØVING: {said}")
DRILL_NOT_REAL = Text("Dette er ikke en ekte hendelse.", "Dette er ikkje ei ekte hending.")
DRILL_NO_CALLS = Text(
    "Ikke ring noen utenfor øvelsen på ordentlig. Si heller høyt hvem du ville ha ringt.",
    "Ikkje ring nokon utanfor øvinga på ordentleg. Sei heller høgt kven du ville ha ringt.",
)
DRILL_LINK = Text("{label}: ikke gjør det i en øvelse", "{label}: ikkje gjer det i ei øving")
DRILL_TITLE = Text("Øvelse", "Øving")
DRILL_ABOUT = Text(
    "Øv på en oppdiktet hendelse, med de samme meldingene og fristene som ellers. Bare de du velger, får meldinger. "
    "Alt er merket ØVELSE, og alt slettes dagen etter.",
    "Øv på ei oppdikta hending, med dei same meldingane og fristane som elles. Berre dei du vel, får meldingar. "
    "Alt er merkt ØVING, og alt blir sletta dagen etter.",
)
DRILL_GROUPS = Text(
    "Øver dere i grupper, starter du én øvelse for hver gruppe. Du trenger ikke være med selv.",
    "Øver de i grupper, startar du éi øving for kvar gruppe. Du treng ikkje vere med sjølv.",
)
DRILL_WHICH = Text("Hva vil dere øve på?", "Kva vil de øve på?")
DRILL_WHO = Text("Hvem er med?", "Kven er med?")
DRILL_WHO_HINT = Text(
    "Minst to, gjerne fire til seks. Boten deler ut rollene. De som har en rolle, beholder den.",
    "Minst to, gjerne fire til seks. Boten deler ut rollene. Dei som har ei rolle, held på henne.",
)
DRILL_START = Text("Start øvelsen", "Start øvinga")
DRILL_START_ANOTHER = Text("Start en øvelse til", "Start ei øving til")
DRILL_STARTED = Text(
    "Øvelsen er i gang. De som er med, får en melding nå.", "Øvinga er i gang. Dei som er med, får ei melding no."
)
DRILL_END = Text("Avslutt øvelsen", "Avslutt øvinga")
DRILL_UNDER_WAY = Text("Øvelser som pågår", "Øvingar som går føre seg")
DRILL_NOT_YOURS = Text(
    "Dette setter noen av disse i gang: {roles}. Har du lyst til å øve, spør du en av dem. "
    "Er du med i en øvelse, ser du den under /rus-saker.",
    "Dette set nokon av desse i gang: {roles}. Har du lyst til å øve, spør du ein av dei. "
    "Er du med i ei øving, ser du ho under /rus-saker.",
)
DRILL_NONE = Text(
    "Planen deres har ingen oppdiktede saker å øve på. Den som har ansvaret for planen, kan legge dem inn.",
    "Planen dykkar har ingen oppdikta saker å øve på. Den som har ansvaret for planen, kan leggje dei inn.",
)
DRILL_BRIEFING_SUMMARY = Text(
    "Du er med i øvelsen {number}. Åpne for å lese.", "Du er med i øvinga {number}. Opne for å lese."
)
DRILL_STARTED_BY = Text(
    "{name} har satt i gang øvelsen. Den slutter {when} hvis ingen avslutter den før.",
    "{name} har sett i gang øvinga. Ho sluttar {when} dersom ingen avsluttar henne før.",
)
DRILL_YOU_REPORT = Text(
    "Du er den som har sett dette, og varselet er sendt. Svar på resten i den andre meldingen din.",
    "Du er den som har sett dette, og varselet er sendt. Svar på resten i den andre meldinga di.",
)
DRILL_YOU_ARE = Text("Du er {role} i øvelsen.", "Du er {role} i øvinga.")
DRILL_YOU_HELP = Text(
    "Du har ingen fast rolle. De andre kan spørre deg om å være med.",
    "Du har inga fast rolle. Dei andre kan spørje deg om å vere med.",
)
DRILL_YOU_LEAD = Text("Du leder øvelsen og er ikke med selv.", "Du leier øvinga og er ikkje med sjølv.")
DRILL_IF_REAL = Text(
    "Skjer det noe på ordentlig, avslutter dere øvelsen og skriver /rus-hendelse. Den kommandoen er aldri en øvelse.",
    "Skjer det noko på ordentleg, avsluttar de øvinga og skriv /rus-hendelse. Den kommandoen er aldri ei øving.",
)
DRILL_OTHERS = Text("Kan bli spurt", "Kan bli spurde")
DRILL_CLOSING_ABOUT = Text(
    "Ingenting står åpent. Når du avslutter saken, er øvelsen over, og alle får en oppsummering.",
    "Ingenting står ope. Når du avsluttar saka, er øvinga over, og alle får ei oppsummering.",
)
DRILL_OVER = Text("Øvelsen er over. Takk for innsatsen.", "Øvinga er over. Takk for innsatsen.")
DRILL_ERASED = Text("Øvelsen er over, og innholdet er slettet.", "Øvinga er over, og innhaldet er sletta.")
FAULT_FEW_PARTICIPANTS = Text("Velg minst to.", "Vel minst to.")
FAULT_MANY_PARTICIPANTS = Text(
    "Velg høyst {count}. Er dere flere, øver dere i grupper.", "Vel høgst {count}. Er de fleire, øver de i grupper."
)
FAULT_AWAY = Text("{name} er ikke på skolen nå.", "{name} er ikkje på skolen no.")
FAULT_OTHER_DEPARTMENT = Text(
    "{name} hører til en annen avdeling. Skal avdelinger øve sammen, starter rollen {coordinator} øvelsen.",
    "{name} høyrer til ei anna avdeling. Skal avdelingar øve saman, startar rolla {coordinator} øvinga.",
)
REVIEW_TITLE = Text("Slik gikk det", "Slik gjekk det")
REVIEW_SUMMARY = Text(
    "Øvelsen {number} er over. Åpne for å se hvordan det gikk.",
    "Øvinga {number} er over. Opne for å sjå korleis det gjekk.",
)
REVIEW_ABOUT = Text(
    "Øvelsen varte {time}. Snakk sammen om hva som gikk bra, og hva dere vil gjøre annerledes.",
    "Øvinga varte {time}. Snakk saman om kva som gjekk bra, og kva de vil gjere annleis.",
)
REVIEW_ALERT = Text("Varselet", "Varselet")
REVIEW_TAKEN = Text("{name} tok saken etter {time}.", "{name} tok saka etter {time}.")
REVIEW_NOT_TAKEN = Text("Ingen tok saken. Varselet nådde {names}.", "Ingen tok saka. Varselet nådde {names}.")
REVIEW_NEXT_LEVEL = Text(
    "Planen varsler {role} etter {time} hvis ingen har tatt saken.",
    "Planen varslar {role} etter {time} dersom ingen har teke saka.",
)
REVIEW_COLLEAGUE = Text("{name} var den andre voksne etter {time}.", "{name} var den andre vaksne etter {time}.")
REVIEW_NO_COLLEAGUE = Text(
    "Ingen bekreftet at de var den andre voksne.", "Ingen stadfesta at dei var den andre vaksne."
)
REVIEW_DONE = Text("Dette ble gjort", "Dette vart gjort")
REVIEW_NOTHING_DONE = Text("Ingen plikter ble ført som gjort.", "Ingen plikter vart førte som gjorde.")
REVIEW_BY = Text("{name}, etter {time}", "{name}, etter {time}")
REVIEW_LATE = Text("etter fristen", "etter fristen")
REVIEW_MISSED = Text("Dette sto åpent", "Dette stod ope")
REVIEW_NOTHING_MISSED = Text("Ingenting av det planen krever, sto åpent.", "Ingenting av det planen krev, stod ope.")
REVIEW_LEFT = Text("Sto åpent", "Stod ope")
REVIEW_DEADLINE = Text("fristen er {when}", "fristen er {when}")
REVIEW_MORE = Text("Og {count} til.", "Og {count} til.")
REVIEW_CONFIRM = Text("I årshjulet", "I årshjulet")
REVIEW_CONFIRM_ABOUT = Text(
    "Var dette øvelsen som årshjulet ber om? Da bekrefter du den med /rus-årshjul.",
    "Var dette øvinga som årshjulet ber om? Då stadfestar du ho med /rus-årshjul.",
)
AT_ONCE = Text("under ett minutt", "under eitt minutt")
ONE_MINUTE = Text("ett minutt", "eitt minutt")
MINUTES = Text("{count} minutter", "{count} minutt")
HOURS_AND_MINUTES = Text("{hours} t {minutes} min", "{hours} t {minutes} min")
