"""The few words that are Slack's own: what opens, what closes, what went wrong on the way; all else comes in cards."""

from __future__ import annotations

from flows.language import Text

CLOSE = Text("Lukk", "Lukk")
CANCEL = Text("Avbryt", "Avbryt")
SEARCH = Text("Skriv for å søke", "Skriv for å søkje")
CHOOSE = Text("Velg", "Vel")
NOT_CHOSEN = Text("Ikke valgt", "Ikkje vald")
MUST_CHOOSE = Text("Velg noe her.", "Vel noko her.")
NOTICE = Text("Melding", "Melding")
OPEN = Text("Åpne", "Opne")
PRESS_TO_OPEN = Text("Trykk her for å åpne.", "Trykk her for å opne.")
DID_NOT_OPEN = Text(
    "Slack rakk ikke å åpne skjemaet. Ingenting er gått tapt. Trykk her, så prøver vi igjen.",
    "Slack rakk ikkje å opne skjemaet. Ingenting er gått tapt. Trykk her, så prøver vi igjen.",
)
FILE_COMES = Text(
    "Kalenderfila kommer i chatten med boten. Kommer den ikke, trykker du igjen.",
    "Kalenderfila kjem i chatten med boten. Kjem ho ikkje, trykkjer du igjen.",
)
