"""The few words that are Teams' own: how a form ends, and where an answer is; all else comes in cards."""

from __future__ import annotations

from flows.language import Text

CHOOSE = Text("Velg", "Vel")
SEARCH = Text("Skriv for å søke", "Skriv for å søkje")
MUST_FILL = Text("Fyll ut dette feltet.", "Fyll ut dette feltet.")
SEE_BELOW = Text("Noe mangler eller er feil. Se ved feltet.", "Noko manglar eller er feil. Sjå ved feltet.")
DONE = Text("Ferdig", "Ferdig")
BELOW = Text("Åpnet nederst i chatten.", "Opna nedst i chatten.")
MOMENT = Text("Et øyeblikk …", "Eit augeblikk …")
NOT_NOW = Text(
    "Dette kan ikke vises akkurat nå. Prøv igjen om litt.", "Dette kan ikkje visast akkurat no. Prøv igjen om litt."
)
REPEATED = Text("Gjentatt: du kan ha fått dette før.", "Gjenteke: du kan ha fått dette før.")
NOTICE = Text("Melding", "Melding")
NOT_IN_CHAT = Text("vises ikke i chatten", "blir ikkje vist i chatten")
OPEN = Text("Åpne", "Opne")
OPENS_OUTSIDE = Text(
    "Dette åpnes i et eget vindu, så det ikke blir stående i chatten.",
    "Dette blir opna i eit eige vindauge, så det ikkje blir ståande i chatten.",
)
CANCEL = Text("Avbryt", "Avbryt")
CLOSE = Text("Lukk", "Lukk")
CLOSED = Text("Lukket.", "Lukka.")
IN_PERSON = Text(
    "Jeg svarer deg i din egen chat med boten, så ingen andre ser det.",
    "Eg svarer deg i din eigen chat med boten, så ingen andre ser det.",
)
NOT_INSTALLED = Text(
    "Jeg når deg ikke i en egen chat. Legg til appen rusplan for deg selv i Teams, og prøv igjen.",
    "Eg når deg ikkje i ein eigen chat. Legg til appen rusplan for deg sjølv i Teams, og prøv igjen.",
)
