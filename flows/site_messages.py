"""Every sentence of the pages that the app package links to, in both languages; what a chat says isn't here."""

from __future__ import annotations

from flows.language import Text

SITE_ABOUT = Text("rusplan: skolens handlingsplan mot rus", "rusplan: skulen sin handlingsplan mot rus")
SITE_ABOUT_LINES = (
    Text(
        "rusplan er en chatbot for de ansatte ved skolen, i Slack eller Microsoft Teams. Den som melder fra om en "
        "rushendelse, blir ledet steg for steg gjennom det planen og loven krever.",
        "rusplan er ein chatbot for dei tilsette ved skulen, i Slack eller Microsoft Teams. Den som melder frå om ei "
        "rushending, blir leidd steg for steg gjennom det planen og lova krev.",
    ),
    Text(
        "Den minner også om det skolen skal gjøre gjennom året for å forebygge.",
        "Han minner også om det skulen skal gjere gjennom året for å førebyggje.",
    ),
)
SITE_PRIVACY = Text("Personvern i rusplan", "Personvern i rusplan")
SITE_PRIVACY_LINES = (
    Text(
        "rusplan skriver aldri i chatten, i varsler, i e-post eller i loggen hvem en elev er.",
        "rusplan skriv aldri i chatten, i varsel, i e-post eller i loggen kven ein elev er.",
    ),
    Text(
        "Det de ansatte fyller ut i en sak, går gjennom Slack eller Microsoft Teams og lagres kryptert hos den som "
        "drifter rusplan for skolen. Bare de som har en rolle i saken, får se den. Hvor mye de ser, følger av rollen. "
        "Det blir ført hvem som åpner saken.",
        "Det dei tilsette fyller ut i ei sak, går gjennom Slack eller Microsoft Teams og blir lagra kryptert hos den "
        "som driftar rusplan for skulen. Berre dei som har ei rolle i saka, får sjå ho. Kor mykje dei ser, følgjer av "
        "rolla. Det blir ført kven som opnar saka.",
    ),
    Text(
        "Saken hører hjemme i skolens arkiv. Det som står i rusplan, er en kopi, og innholdet slettes når saken har "
        "vært avsluttet en tid. Dagen står i saken. Igjen blir bare at det var en sak, og hvilke ansatte som åpnet den "
        "eller gjorde noe i den, og når. Sikkerhetskopier slettes etter fristene til den som drifter rusplan.",
        "Saka høyrer heime i arkivet til skulen. Det som står i rusplan, er ein kopi, og innhaldet blir sletta når "
        "saka har vore avslutta ei tid. Dagen står i saka. Att blir berre at det var ei sak, og kva tilsette som "
        "opna ho eller gjorde noko i ho, og når. Tryggingskopiar blir sletta etter fristane til den som driftar "
        "rusplan.",
    ),
    Text(
        "rusplan viser hva planen og loven krever. Det er de ansatte som avgjør.",
        "rusplan viser kva planen og lova krev. Det er dei tilsette som avgjer.",
    ),
    Text(
        "Om de ansatte lagres navn, e-post, telefon, rolle og språk, og hvilken konto de har i Slack eller Teams. Det "
        "lagres også når de har meldt at de er borte, om de har lest planen, og hva de har gjort i saker og oppgaver, "
        "og når.",
        "Om dei tilsette blir namn, e-post, telefon, rolle og språk lagra, og kva konto dei har i Slack eller Teams. "
        "Det blir også lagra når dei har meldt at dei er borte, om dei har lese planen, og kva dei har gjort i saker "
        "og oppgåver, og når.",
    ),
    Text(
        "Skoleeieren, som regel fylkeskommunen, er behandlingsansvarlig. Vil du vite hva som er lagret om deg, eller "
        "få noe rettet, spør du skolen.",
        "Skuleeigaren, som regel fylkeskommunen, er behandlingsansvarleg. Vil du vite kva som er lagra om deg, eller "
        "få noko retta, spør du skulen.",
    ),
    Text(
        "Disse sidene har ingen informasjonskapsler og ingen sporing.",
        "Desse sidene har ingen informasjonskapslar og inga sporing.",
    ),
)
SITE_TERMS = Text("Vilkår for rusplan", "Vilkår for rusplan")
SITE_TERMS_LINES = (
    Text(
        "rusplan er for ansatte ved skolen. Skolen bestemmer hvordan den brukes, og har ansvaret for det.",
        "rusplan er for tilsette ved skulen. Skulen bestemmer korleis han blir brukt, og har ansvaret for det.",
    ),
    Text(
        "Skriv aldri i en melding hvem en elev er.",
        "Skriv aldri i ei melding kven ein elev er.",
    ),
    Text(
        "rusplan er ingen nødtelefon. Er det fare for liv eller helse, ring 113.",
        "rusplan er ingen naudtelefon. Er det fare for liv eller helse, ring 113.",
    ),
    Text(
        "rusplan er fri programvare under lisensen Apache 2.0, og gis uten garanti.",
        "rusplan er fri programvare under lisensen Apache 2.0, og blir gjeven utan garanti.",
    ),
)
SITE_CONTACT = Text("Spør skolen", "Spør skulen")
