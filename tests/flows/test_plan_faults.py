"""A plan pack that is broken in one place: the fault says where and what, in plain Norwegian, and never as a crash."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import MAX_BYTES, Document, FaultyFile, load_plan, shipped_plan
from flows.faults import Faulty
from flows.plan import Plan
from flows.plan_file import read_plan
from flows.plan_lint import lint

SHIPPED = (shipped_plan("oppdal") / "plan.yaml").read_text(encoding="utf-8")
CONTENT = Document(shipped_plan("oppdal") / "plan.yaml").content
HERE = "<<"  # marks the line that the fault must name; taken out before the file is read


class Broken(NamedTuple):
    """One edit of the shipped plan, and what must be said about it. `at`: where the new words don't hold the mark."""

    old: str
    new: str
    said: tuple[str, ...]
    at: str = ""


def edited(old: str, new: str, text: str = SHIPPED) -> str:
    """Return the plan with one place changed. «…» stands for anything on a line."""
    parts = [f"({re.escape(part)})" for part in old.split("…")]
    places = list(re.finditer("([^\n]*)".join(parts), text))
    assert len(places) == 1, f"{len(places)} places hold {old!r}"
    start, end = places[0].span()
    return text[:start] + new + text[end:]


def line_of(text: str, words: str) -> int:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if words in line]
    assert len(lines) == 1, f"{len(lines)} lines hold {words!r}"
    return lines[0]


def faults_of(tmp_path: Path, text: str | bytes) -> list[tuple[int, str]]:
    file = tmp_path / "plan.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FaultyFile) as caught:
        load_plan(file)
    for fault in caught.value.faults:
        assert str(fault) == f"{file}:{fault.line}: {fault.sentence}"
    return [(fault.line, fault.sentence) for fault in caught.value.faults]


B11 = """  B1.1:
    nb: Eleven bortvises fra undervisningen resten av dagen når rektor har vedtatt det."""
B11_WHEN = (
    "    when: {ja: [{hendelsestype: synlig_beruset}], avklar: [{hendelsestype: bruk_pa_omradet}], otherwise: nei}"
)
X1_WHEN = "    when: {ja: [{hendelsestype: [synlig_beruset, bruk_pa_omradet]}], otherwise: avklar}"
B72_WHEN = "    when: {ja: [{samtykke_hjelp: ja}], nei: [{samtykke_hjelp: nei}], otherwise: avklar}"
B61_WHEN = (
    "    when: {ja: [{hendelsestype: bruk_pa_omradet, stoff: illegalt}], nei: [{stoff: alkohol}], otherwise: avklar}"
)
B14_WHEN = "    when: {ja: [{hendelsestype: synlig_beruset, under_18: ja}], nei: [{under_18: nei}], otherwise: avklar}"
K1_WHEN = "    when: {nei: [{hendelsestype: mistanke}], otherwise: avklar}"
L5_ABOUT = "about: {origin: law, source: arkivlova § 5, who: [avdelingsleder]"
X3_TEXT = "  X3:\n    adopted: no\n    nb: …"
L5_QUESTION = "    when: {avklar: [{hendelsestype: mistanke}], otherwise: ja}\n    question:\n      nb: …"
L5_TEXT = "  L5:\n    nb: …"
STUFF_TEXT = "  stoff:\n    nb: …"
SUSPICION_LABEL = "      mistanke: …"
B51_ABOUT = "about: {origin: plan, clauses: [B5.1, B1.3b, B3.2], who: [avdelingsleder]"
IMMEDIATE = "  immediate: [{after: 0, to: avdelingsleder}, {after: 3, to: avdelingsleder}"
FIRST_MEASURE_TIME = "times: {august: {window: 08-01..08-31, dated_by: forslag, remind: [08-01, 08-25]}}"
W13_TIME = "times: {høst: {window: 09-01..10-31, dated_by: plan, remind: [09-01, 10-10]}}"
STUFF = "values: {alkohol: Alkohol / Alkohol, illegalt: Illegalt stoff / Illegalt stoff, ukjent: Vet ikke / Veit ikkje}"
LASTS = "      ask_after: [1, 3, 5]\n      record: {back_on: date}"
MEETING = "      roles: [avdelingsleder, rådgiver]\n      guardians: B4.2\n      minutes: 45"
MEETING_RECORD = "    record: {meeting_on: date_ahead, meeting_at: time_ahead}"
A_LASTING = (
    "    lasts:<<\n      nb: Er det over?\n      nn: Er det over?\n      ask_after: [2]\n      record: {back_on: date}"
)
A_MEETING = "    meeting:<<\n      nb: Kom.\n      nn: Kom.\n      roles: [rådgiver]\n      minutes: 30"
L4_RECORD = "    record: {must_report: yes_no}"
B52_RECORD = "    record: {informed_person: participant, at: time}"
B12_RECORD = "    record: {second_adult: colleague}"
K1_RECORD = "    record: {decided: yes_no}"
MOT = "mot_koordinator: {scope: school,    sees: none,       label: MOT-koordinator / MOT-koordinator}"

BROKEN = {
    # --- the shape (flows/schema.py, flows/plan_file.py)
    "unknown word": Broken("  id: oppdal\n", "  id: oppdal\n  farge: blå<<\n", ("Ukjent ord «farge»",)),
    "unknown part": Broken("escalation:\n", "tillegg: {a: b}<<\nescalation:\n", ("Ukjent ord «tillegg»",)),
    "missing word": Broken("  pupil_reference: …", "  #", ("«pupil_reference» mangler",), "plan:"),
    "missing language": Broken(
        "  W04:…\n    nb: …\n    nn: …\n", "  W04:\n    nb: Gå gjennom planen.\n", ("«nn» mangler",), "  W04:"
    ),
    "one language of a label": Broken(SUSPICION_LABEL, "      mistanke: Mistanke<<", ("begge målformer", "skråstrek")),
    "a list for a label": Broken(SUSPICION_LABEL, "      mistanke: [Mistanke]<<", ("bokmål / nynorsk",)),
    "not yes or no": Broken("pupil_reference: …", "pupil_reference: kanskje<<", ("«yes» eller «no»",)),
    "not a date": Broken("  version: 2022-09-06…", "  version: 06.09.22<<", ("«06.09.22»", "ikke en dato", "MM-DD")),
    "no such day": Broken("  version: 2022-09-06…", "  version: 2022-02-30<<", ("«2022-02-30»", "ikke en dato")),
    "a date as entries": Broken("  version: 2022-09-06…", "  version: {a: b}<<", ("ikke riktig form",)),
    "not a number": Broken("retention_days: …", "retention_days: tretti<<", ("«tretti»", "helt tall")),
    "a negative number": Broken("retention_days: …", "retention_days: -1<<", ("«-1»", "helt tall")),
    "a list for a text": Broken("school_rules: …", "school_rules: [a]<<", ("skal det stå en tekst",)),
    "an empty text": Broken("  id: oppdal\n", "  id:<<\n", ("mangler teksten",)),
    "a text for a list": Broken("languages: [nb, nn]", "languages: nb<<", ("skal det stå en liste",)),
    "a text for entries": Broken(MOT, "mot_koordinator: Jon<<", ("skal det stå underpunkter",)),
    "an unknown choice": Broken(
        MOT, "mot_koordinator: {scope: skolen<<, sees: none, label: a / b}", ("«skolen» finnes ikke", "school", "class")
    ),
    "nobody named": Broken(L5_ABOUT, "about: {origin: law, source: arkivlova § 5, who: []<<", ("minst én",)),
    "a wrong address": Broken(
        "    resource: {url: https://tv.nrk.no/serie/rus…\n    about: {clauses: [F2a]",
        "    resource: {url: http://tv.nrk.no, checked: 2022-09-06}<<\n    about: {clauses: [F2a]",
        ("«http://tv.nrk.no»", "ikke riktig form"),
    ),
    "an unknown deadline": Broken(
        f"{L5_ABOUT}, deadline: {{until: closed}}",
        f"{L5_ABOUT}, deadline: snart<<",
        ("fristen", "same_day", "school_days", "meeting"),
    ),
    "a deadline until something unknown": Broken(
        f"{L5_ABOUT}, deadline: {{until: closed}}", f"{L5_ABOUT}, deadline: {{until: jul}}<<", ("fristen", "closed")
    ),
    "a window without an end": Broken(
        FIRST_MEASURE_TIME,
        "times: {august: {window: 08-01, dated_by: forslag, remind: [08-01]}}<<",
        ("vinduet", "MM-DD..MM-DD"),
    ),
    "like and own rows": Broken(
        "  B1.6:\n    nb: …\n    nn: …\n    when: {like: B1.1}",
        "  B1.6:\n    nb: a\n    nn: a\n    when: {like: B1.1, otherwise: ja}<<",
        ("«like» står alene",),
    ),
    "like an unknown duty": Broken("    when: {like: L4}", "    when: {like: L44}<<", ("ingen plikt «L44»",)),
    "like a duty that points on": Broken(
        "    when: {like: L4}", "    when: {like: B1.5}<<", ("«B1.5» peker selv videre",)
    ),
    "an unknown number": Broken(
        X3_TEXT, "  X3:\n    adopted: no\n    nb: Ring {gift}.", ("«{gift}»", "poison", "ambulance"), "  X3:"
    ),
    "a brace that is never closed": Broken(
        X3_TEXT, "  X3:\n    adopted: no\n    nb: Ring {poison nå.", ("poison nå",), "  X3:"
    ),
    # --- plan_lint.py: the plan and its roles
    "one language only": Broken("languages: [nb, nn]", "languages: [nb]<<", ("bokmål og nynorsk", "«nn» mangler")),
    "the law switched off": Broken(
        "  L5:\n", "  L5:\n    adopted: no<<\n", ("L5 kan ikke slås av", "sikkerhet eller lov")
    ),
    "safety left out": Broken("  X1:\n", "  X99:\n", ("Plikten X1 mangler",), "duties:"),
    "a built-in role": Broken(MOT, f"melder: {{scope: school, sees: none, label: a / b}}<<\n  {MOT}", ("«melder»",)),
    "a dotted role": Broken(
        MOT, f"rektor.ass: {{scope: school, sees: none, label: a / b}}<<\n  {MOT}", ("ikke ha punktum",)
    ),
    "an unknown stand-in": Broken("stand_in: elevtjenesten", "stand_in: vaktmester<<", ("ingen rolle «vaktmester»",)),
    "its own stand-in": Broken("stand_in: elevtjenesten", "stand_in: rådgiver<<", ("sin egen vikar",)),
    # --- the facts
    "no age": Broken("  under_18:\n    nb: Er", "  alder:\n    nb: Er", ("«under_18»", "18 år"), "facts:"),
    "nothing to ask first": Broken(
        "    several: yes\n", "    several: yes\n    start: mistanke\n", ("uten «start»", "første skjemaet"), "facts:"
    ),
    "a start that is no value": Broken(
        f"{STUFF}\n    start: ukjent", f"{STUFF}\n    start: hasj<<", ("«hasj»", "verdiene til stoff")
    ),
    "asked of nobody": Broken("    ask: rådgiver\n", "    ask: helsesøster<<\n", ("ingen rolle «helsesøster»",)),
    "an unknown programme": Broken(
        "by_programme: {studieforberedende: nei,", "by_programme: {studie: nei<<,", ("Programmet", "studieforberedende")
    ),
    "a programme's unknown value": Broken(
        "by_programme: {studieforberedende: nei,",
        "by_programme: {studieforberedende: aldri<<,",
        ("«aldri»", "verdiene til yrkesfag"),
    ),
    # --- the duties
    "an unknown role": Broken(
        L5_ABOUT, "about: {origin: law, source: a, who: [inspektør]<<", ("ingen rolle «inspektør»",)
    ),
    "an unknown one to ask": Broken(
        "who: [alle_i_saken], ask: avdelingsleder", "who: [alle_i_saken], ask: klassen<<", ("ingen rolle «klassen»",)
    ),
    "an unknown clause": Broken(
        B51_ABOUT, "about: {origin: plan, clauses: [B9.9]<<, who: [avdelingsleder]", ("punkt «B9.9»",)
    ),
    "the plan without a clause": Broken(
        "about: {origin: local, who: [avdelingsleder], deadline: {school_days: 3}, disclosure: internal}\n\n  X16:",
        "about: {origin: plan, who: [avdelingsleder], deadline: {school_days: 3}, disclosure: internal}<<\n\n  X16:",
        ("fra planen", "clauses"),
    ),
    "a clause switched off": Broken(
        "  B5.2:\n    nb", "  B5.2:\n    adopted: no<<\n    nb", ("fra planen kan ikke slås av",)
    ),
    "the law without a source": Broken(
        L5_ABOUT, "about: {origin: law<<, who: [avdelingsleder]", ("fra loven må ha kilde",)
    ),
    "an unknown escalation": Broken("    alerts: same_day\n", "    alerts: i_morgen<<\n", ("«i_morgen»", "escalation")),
    "an unknown fact": Broken(
        B72_WHEN, "    when: {ja: [{vær: sol}]<<, otherwise: avklar}", ("ingen opplysning «vær»",)
    ),
    "an unknown value": Broken(
        B72_WHEN, "    when: {ja: [{samtykke_hjelp: tja}]<<, otherwise: avklar}", ("«tja»", "samtykke_hjelp")
    ),
    "a text too long": Broken(L5_TEXT, f"  L5:\n    nb: {'Før saken i arkivet. ' * 31}", ("600 tegn",), "  L5:"),
    # --- nothing told outside by default, no safety dropped by default
    "told by default": Broken(
        B72_WHEN, "    when: {nei: [{samtykke_hjelp: nei}], otherwise: ja}<<", ("ut av skolen", "«avklar»")
    ),
    "told without an answer": Broken(
        f"{B72_WHEN}\n", f"{B72_WHEN}\n    while_avklar: act<<\n", ("vente til noen har svart", "«wait»")
    ),
    "safety dropped by default": Broken(
        X1_WHEN,
        "    when: {ja: [{hendelsestype: [synlig_beruset, bruk_pa_omradet]}], otherwise: nei}<<",
        ("Sikkerhet kan aldri være «nei»",),
    ),
    "safety that waits": Broken(f"{X1_WHEN}\n", f"{X1_WHEN}\n    while_avklar: wait<<\n", ("Sikkerhet venter ikke",)),
    # --- what lasts, the meeting, what may be refuted
    "a lasting duty that is never asked about": Broken(
        LASTS, "      ask_after: []<<\n      record: {back_on: date}", ("minst én",)
    ),
    "asked about on the day it began": Broken(
        LASTS, "      ask_after: [0, 3]<<\n      record: {back_on: date}", ("Skoledagene må øke", "minst 1")
    ),
    "asked about twice on a day": Broken(
        LASTS, "      ask_after: [1, 3, 3]<<\n      record: {back_on: date}", ("Skoledagene må øke", "[1, 3, 5]")
    ),
    "asked about in no order": Broken(
        LASTS, "      ask_after: [5, 3]<<\n      record: {back_on: date}", ("Skoledagene må øke",)
    ),
    "asked about after a part of a day": Broken(
        LASTS, "      ask_after: [1.5]<<\n      record: {back_on: date}", ("«1.5»", "helt tall")
    ),
    "over, with nothing noted": Broken(LASTS, "      ask_after: [1]\n      record: {}<<", ("minst én",)),
    "noted when it begins and when it is over": Broken(
        LASTS, "      ask_after: [1]\n      record: {from: date}<<", ("«from»", "allerede når plikten begynner")
    ),
    "noted in an unknown way": Broken(
        LASTS, "      ask_after: [1]\n      record: {back_on: dag}<<", ("«dag» finnes ikke", "date")
    ),
    "what each decides alone can't last": Broken(L4_RECORD, f"{L4_RECORD}\n{A_LASTING}", ("én person", "kan vare")),
    "what the bot does can't last": Broken(
        "    alerts: same_day\n", f"    alerts: same_day\n{A_LASTING}\n", ("én person", "kan vare")
    ),
    "what a colleague confirms can't last": Broken(B12_RECORD, f"{B12_RECORD}\n{A_LASTING}", ("én person", "kan vare")),
    "a decision can't last": Broken(K1_RECORD, f"{K1_RECORD}\n{A_LASTING}", ("ikke er et vedtak", "kan vare")),
    "what lasts in one language": Broken(
        "      nn: Eleven er ute av praksis. Er saka…\n", "", ("«nn» mangler",), "    lasts:  "
    ),
    "two meetings": Broken(B52_RECORD, f"{B52_RECORD}\n{A_MEETING}", ("Bare én plikt", "møtet")),
    "a meeting with an unknown role": Broken(
        MEETING,
        "      roles: [avdelingsleder, inspektør]<<\n      guardians: B4.2\n      minutes: 45",
        ("ingen rolle «inspektør»",),
    ),
    "a meeting with who happens to report": Broken(
        MEETING,
        "      roles: [avdelingsleder, melder]<<\n      guardians: B4.2\n      minutes: 45",
        ("ingen rolle «melder»",),
    ),
    "a meeting with nobody": Broken(
        MEETING, "      roles: []<<\n      guardians: B4.2\n      minutes: 45", ("minst én",)
    ),
    "guardians called by no duty": Broken(
        MEETING,
        "      roles: [rådgiver]\n      guardians: B4.9<<\n      minutes: 45",
        ("de foresatte skal kalles inn",),
    ),
    "guardians called by a duty that tells them nothing": Broken(
        MEETING,
        "      roles: [rådgiver]\n      guardians: B5.2<<\n      minutes: 45",
        ("de foresatte skal kalles inn",),
    ),
    "a meeting of some minutes": Broken(
        MEETING, "      roles: [rådgiver]\n      minutes: noen<<", ("«noen»", "helt tall")
    ),
    "a meeting without a length": Broken(
        MEETING, "      roles: [rådgiver]\n      guardians: B4.2", ("«minutes» mangler",), "    meeting:"
    ),
    "a meeting whose day is over": Broken(
        MEETING_RECORD, "    record: {meeting_on: date, meeting_at: time}<<", ("date_ahead, så time_ahead",)
    ),
    "a meeting with the time before the day": Broken(
        MEETING_RECORD,
        "    record: {meeting_at: time_ahead, meeting_on: date_ahead}<<",
        ("date_ahead, så time_ahead",),
    ),
    "a meeting without a time of day": Broken(
        MEETING_RECORD, "    record: {meeting_on: date_ahead}<<", ("date_ahead, så time_ahead",)
    ),
    "a brace in the invitation": Broken(
        "      nb: Vi inviterer til et møte…", "      nb: Vi inviterer {navn}.", ("«{navn}»",), "    meeting:"
    ),
    "a refutable value that isn't": Broken(
        "    refutable: mistanke", "    refutable: [mistanke, rykte]<<", ("«rykte»", "verdiene til hendelsestype")
    ),
    # --- the table
    "two outcomes": Broken(
        B72_WHEN,
        "    when: {ja: [{samtykke_hjelp: ja}], nei: [{samtykke_hjelp: [ja, nei]}], otherwise: avklar}<<",
        ("ja og nei når", "samtykke_hjelp=ja", "overlappe"),
    ),
    "no outcome": Broken(
        B72_WHEN,
        "    when: {ja: [{samtykke_hjelp: ja}], nei: [{samtykke_hjelp: nei}]}<<",
        ("Ingen verdi når", "samtykke_hjelp=ikke_spurt", "otherwise"),
    ),
    "guardians of an unknown age": Broken(
        "    when: {ja: [{under_18: ja}], nei: [{under_18: nei}], otherwise: avklar}",
        "    when: {ja: [{under_18: [ja, ukjent]}], nei: [{under_18: nei}]}",
        ("under_18=ukjent", "Foresatte og barnevern", "under_18 er «ja»"),
        "    when: {like: L4}",
    ),
    "the police from the start": Broken(
        B61_WHEN,
        "    when: {ja: [{hendelsestype: bruk_pa_omradet}], otherwise: avklar}<<",
        ("«ja» før noen har svart",),
    ),
    "safety nei from the start": Broken(
        X1_WHEN,
        "    when: {nei: [{hendelsestype: mistanke}], otherwise: ja}<<",
        ("«nei» før noen har svart", "Sikkerhet"),
    ),
    "nobody alerted": Broken(
        "    when: {otherwise: ja}…\n    alerts: same_day",
        "    when: {nei: [{hendelsestype: mistanke}], otherwise: ja}\n    alerts: same_day",
        ("Ingen blir varslet når", "hendelsestype=mistanke"),
        "duties:",
    ),
    # --- the escalation
    "no escalation to begin at once": Broken(
        IMMEDIATE,
        "  immediate: [{after: 1, to: avdelingsleder}<<, {after: 3, to: avdelingsleder}",
        ("første trinnet", "after: 0"),
    ),
    "minutes that don't grow": Broken(
        IMMEDIATE,
        "  immediate: [{after: 0, to: avdelingsleder}<<, {after: 0, to: avdelingsleder}",
        ("Minuttene må øke",),
    ),
    "an escalation to nobody": Broken(
        IMMEDIATE,
        "  immediate: [{after: 0, to: vakta}<<, {after: 3, to: avdelingsleder}",
        ("ingen rolle «vakta»",),
    ),
    "an escalation to a class's role": Broken(
        IMMEDIATE,
        "  immediate: [{after: 0, to: kontaktlærer}<<, {after: 3, to: avdelingsleder}",
        ("«kontaktlærer»", "avdelingen eller skolen"),
    ),
    # --- the year
    "a measure of nobody": Broken(
        "about: {clauses: [A1], binding: skal, who: [elevtjenesten, rektor]",
        "about: {clauses: [A1], binding: skal, who: [nissen]<<",
        ("ingen rolle «nissen»",),
    ),
    "a measure of no clause": Broken(
        "about: {clauses: [A1], binding", "about: {clauses: [Å1]<<, binding", ("punkt «Å1»",)
    ),
    "pupils counted of no group": Broken(
        "audience: each class Vg1, done: date}",
        "audience: each class Vg1, done: count_of_group}<<",
        ("count_of_group", "each group"),
    ),
    "an unknown audience": Broken(
        "audience: each class Vg1, done: date}", "audience: alle i Vg1, done: date}<<", ("Målgruppen", "each class Vg1")
    ),
    "a day that isn't": Broken(
        W13_TIME, "times: {høst: {window: 09-31..10-31, dated_by: plan, remind: [09-01]}}<<", ("«09-31»", "ikke en dag")
    ),
    "a reminder that isn't": Broken(
        W13_TIME,
        "times: {høst: {window: 09-01..10-31, dated_by: plan, remind: [i høst]}}<<",
        ("«i høst»", "ikke en påminnelse", "skolestart"),
    ),
    "a reminder on no day": Broken(
        W13_TIME,
        "times: {høst: {window: 09-01..10-31, dated_by: plan, remind: [02-30]}}<<",
        ("«02-30»", "ikke en påminnelse"),
    ),
    "a reminder after nothing": Broken(
        W13_TIME,
        "times: {høst: {window: 09-01..10-31, dated_by: plan, remind: [W99+7d]}}<<",
        ("noe tiltak «W99»",),
    ),
    # --- the sheets
    "a sentence of no clause": Broken("          clauses: [M0]", "          clauses: [Å9]<<", ("punkt «Å9»",)),
    "a sentence from nowhere": Broken(
        "          clauses: [M0]", "          #", ("hvor setningen kommer fra",), "        - nb: Skolen vil styrke"
    ),
    "a sentence about no duty": Broken("          duty: X20", "          duty: X99<<", ("ingen plikt «X99»",)),
    "a sentence in one language": Broken(
        "          nn: Dei tilsette har teieplikt.\n",
        "",
        ("«nn» mangler",),
        "        - nb: De ansatte har taushetsplikt.",
    ),
    "a sheet of more than a page": Broken(
        "nb: De ansatte har taushetsplikt.",
        f"nb: {'De ansatte har taushetsplikt. ' * 40}",
        ("linjer", "én side"),
        "  class_sheet:",
    ),
    "a heading of a whole line": Broken(
        "    - nb: Derfor har skolen en plan", f"    - nb: {'Derfor ' * 13}<<", ("En overskrift", "80 tegn")
    ),
    "an unknown sheet": Broken("  class_sheet:", "  klassen: []<<\n  class_sheet:", ("Ukjent ord «klassen»",)),
    # --- the made-up cases
    "practice that is no measure": Broken("  measures: [W28, W21]", "  measures: [W28, W99]<<", ("tiltak «W99»",)),
    "a made-up case of nothing": Broken(
        "      known: {hendelsestype: bruk_pa_omradet}", "      known: {under_18: ja}<<", ("hendelsestype mangler",)
    ),
    "a made-up case of something unknown": Broken(
        "      known: {hendelsestype: bruk_pa_omradet}",
        "      known: {hendelsestype: bruk_pa_omradet, vær: regn}<<",
        ("ingen opplysning «vær»",),
    ),
    "a made-up case of an unknown value": Broken(
        "      known: {hendelsestype: bruk_pa_omradet}", "      known: {hendelsestype: snus}<<", ("«snus»",)
    ),
    "a made-up pupil of two ages": Broken(
        "      known: {hendelsestype: bruk_pa_omradet}",
        "      known: {hendelsestype: bruk_pa_omradet, under_18: [ja, nei]}<<",
        ("«under_18» kan bare ha én verdi",),
    ),
    "a made-up pupil who can't be in practice": Broken(
        "      known: {hendelsestype: bruk_pa_omradet}",
        "      known: {hendelsestype: bruk_pa_omradet, yrkesfag: ja_i_praksis}<<",
        ("«ja_i_praksis» kan ikke være på studieforberedende",),
    ),
    "a made-up case in one written language": Broken(
        "      title: Over 18 år, bruk på skolen / Over 18 år, bruk på skolen",
        "      title: Over 18 år<<",
        ("begge målformer",),
    ),
    "a made-up case too long to be read": Broken(
        "        En elev på Vg3, 19 år, røyker noe",
        "        " + "Og så enda litt til. " * 30,
        ("Høyst 600",),
        "    over_18:",
    ),
    "a made-up case with braces": Broken(
        "        En elev på Vg3, 19 år, røyker", "        En elev på {nivå}", ("krøllparenteser",), "    over_18:"
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_fault_is_named_with_its_line(tmp_path: Path, name: str) -> None:
    broken = BROKEN[name]
    marked = edited(broken.old, broken.new)
    text = marked.replace(HERE, "", 1)
    line = line_of(text, broken.at) if broken.at else marked[: marked.index(HERE)].count("\n") + 1
    faults = faults_of(tmp_path, text)
    matching = [fault for fault in faults if all(words in fault[1] for words in broken.said)]
    assert [found for found, _ in matching] == [line], faults


def test_no_escalation_at_all_is_a_fault(tmp_path: Path) -> None:
    start, end = SHIPPED.index("escalation:\n"), SHIPPED.index("wheel:\n")
    faults = faults_of(tmp_path, f"{SHIPPED[:start]}escalation: {{}}\n{SHIPPED[end:]}")
    assert "Minst én varslingsrekke må finnes." in [sentence for _, sentence in faults]


def test_a_plan_in_which_no_duty_alerts_is_a_fault(tmp_path: Path) -> None:
    text = "\n".join(line for line in SHIPPED.splitlines() if not line.startswith("    alerts:"))
    assert (line_of(text, "duties:"), "Ingen plikt varsler noen. Minst én må ha «alerts».") in faults_of(tmp_path, text)


def test_a_table_too_large_to_be_walked_is_a_fault(tmp_path: Path) -> None:
    many = ", ".join(f"v{number}: a / b" for number in range(60))
    text = edited("facts:\n", f"facts:\n  ekstra: {{nb: Hva, nn: Kva, start: v0, values: {{{many}}}}}\n")
    ((line, sentence),) = faults_of(tmp_path, text)
    assert line == line_of(text, "facts:")
    assert "25920 kombinasjoner" in sentence


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    text = SHIPPED
    for old, new in (
        ("  id: oppdal\n", "  id: oppdal\n  farge: blå\n"),
        ("retention_days: …", "retention_days: tretti"),
        (SUSPICION_LABEL, "      mistanke: Mistanke"),
        ("    alerts: same_day\n", "    alarms: same_day\n"),
        ("audience: each class Vg1, done: date}", "audience: each class Vg1, done: dato}"),
    ):
        text = edited(old, new, text)
    faults = faults_of(tmp_path, text)
    assert [line for line, _ in faults] == [
        line_of(text, "  farge: blå"),
        line_of(text, "retention_days: tretti"),
        line_of(text, "      mistanke: Mistanke"),
        line_of(text, "    alarms: same_day"),
        line_of(text, "done: dato}"),
    ]


def test_every_fault_of_meaning_is_found_at_once(tmp_path: Path) -> None:
    text = SHIPPED
    for old, new in (
        ("languages: [nb, nn]", "languages: [nb]"),
        ("stand_in: elevtjenesten", "stand_in: vaktmester"),
        ("    ask: rådgiver\n", "    ask: helsesøster\n"),
        ("    alerts: same_day\n", "    alerts: i_morgen\n"),
        ("audience: each class Vg1, done: date}", "audience: alle i Vg1, done: date}"),
    ):
        text = edited(old, new, text)
    assert len(faults_of(tmp_path, text)) == 5


# --- files that are hardly a plan ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "tom"),
        (b"# bare en kommentar\n", 1, "tom"),
        (b"a: 1\nb: bl\xe5\n", 2, "UTF-8"),
        ("plan: {id: a}".encode("utf-16"), 1, "UTF-8"),
        (b"plan:\n\tid: oppdal\n", 2, "innrykk"),
        (b"plan: [a, b\nroles: {}\n", 2, "klammer"),
        (b'plan: "a\n', 2, "anførselstegn"),
        (b"plan: a\nplan: b\n", 2, "«plan» står to ganger"),
        (b"? [a, b]\n: c\n", 1, "Ordet foran kolon"),
        (b"a: &x [1]\nb: *x\n", 1, "Ankre"),
        (b"a: &x [*x]\n", 1, "Ankre"),
        (b"a: *x\n", 1, "Kan ikke leses her"),
        (b"--- a\n--- b\n", 2, "Kan ikke leses her"),
        (b"plan: \x00\n", 1, "tegn som ikke kan leses"),
        (b"bare en tekst\n", 1, "underpunkter"),
        (b"[a, b]\n", 1, "underpunkter"),
        (b"plan: {a: " + b"[" * 25 + b"]" * 25 + b"}\n", 1, "For mange nivåer"),
    ],
    ids=lambda value: repr(value)[:24] if isinstance(value, bytes) else None,
)
def test_a_file_that_is_no_plan_is_said_so_on_its_line(tmp_path: Path, content: bytes, line: int, words: str) -> None:
    found = [(number, sentence) for number, sentence in faults_of(tmp_path, content) if words in sentence]
    assert found, faults_of(tmp_path, content)
    assert found[0][0] == line


def test_a_billion_laughs_are_refused_before_anybody_laughs(tmp_path: Path) -> None:
    lines = ["a0: &a0 [ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    ((line, sentence),) = faults_of(tmp_path, "\n".join(lines))
    assert line == 1
    assert "Ankre" in sentence


def test_brackets_without_end_are_a_fault_and_no_crash(tmp_path: Path) -> None:
    """In a process of its own: a parser that recurses takes the whole bot down with it."""
    file = tmp_path / "plan.yaml"
    file.write_text("plan: " + "[" * 200_000)
    code = (
        "import sys; from pathlib import Path; from bot.files import FaultyFile, load_plan\n"
        "try: load_plan(Path(sys.argv[1]))\n"
        "except FaultyFile: print('faulty')\n"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code, str(file)], cwd=root, capture_output=True, check=False)  # noqa: S603
    assert run.returncode == 0
    assert run.stdout.decode().strip() == "faulty"


def test_a_file_too_large_is_a_fault(tmp_path: Path) -> None:
    ((_, sentence),) = faults_of(tmp_path, "#" * (MAX_BYTES + 1))
    assert "for stor" in sentence


@pytest.mark.parametrize("kind", ["missing", "folder without a plan", "missing folder"])
def test_a_file_that_cannot_be_opened_is_a_fault_in_norwegian(tmp_path: Path, kind: str) -> None:
    path = {"missing": tmp_path / "x.yaml", "folder without a plan": tmp_path, "missing folder": tmp_path / "a" / "b"}
    with pytest.raises(FaultyFile) as caught:
        load_plan(path[kind])
    (fault,) = caught.value.faults
    assert fault.sentence.startswith("Fila kan ikke leses")
    assert "No such file" not in fault.sentence


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + SHIPPED.encode())
    assert load_plan(file).id == "oppdal"


def test_a_plan_is_read_from_its_folder_and_from_its_file_alike() -> None:
    folder = shipped_plan("oppdal")
    assert load_plan(folder) == load_plan(folder / "plan.yaml")


def test_the_edition_changes_with_the_words_and_not_with_the_comments(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"

    def edition(text: str) -> str:
        file.write_text(text, encoding="utf-8")
        return load_plan(file).edition

    shipped = edition(SHIPPED)
    assert shipped.startswith("2022-09-06+")
    assert edition(f"# en kommentar til\n{SHIPPED}") == shipped
    assert edition(edited(L5_TEXT, "  L5:\n    nb: Arkiver saken.")) != shipped


def test_a_school_may_adopt_every_optional_module(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(SHIPPED.replace("adopted: no", "adopted: yes"), encoding="utf-8")
    assert len(load_plan(file).duties_in_force) == 41


# --- what the law lets no pack do ------------------------------------------------------------------------------------


def test_safety_cannot_become_nei_because_the_place_is_elsewhere(tmp_path: Path) -> None:
    text = edited(f"{X1_WHEN}\n", f"{X1_WHEN}\n    elsewhere: nei\n")
    faults = faults_of(tmp_path, text)
    assert line_of(text, "    elsewhere: nei") in [line for line, _ in faults]


def test_somebody_is_alerted_elsewhere_too(tmp_path: Path) -> None:
    text = edited("    alerts: same_day\n", "    alerts: same_day\n    elsewhere: nei\n")
    assert any("varsle" in sentence for _, sentence in faults_of(tmp_path, text))


def test_the_duties_of_safety_and_law_keep_their_origin(tmp_path: Path) -> None:
    """Called local, X1 would escape every rule that protects it."""
    text = edited(
        "    about: {origin: safety, who: [melder], deadline: immediate, disclosure: none}\n    record: {at: time}",
        "    about: {origin: local, who: [melder], deadline: immediate, disclosure: none}",
    ).replace(X1_WHEN, "    when: {otherwise: nei}")
    assert any("X1" in sentence for _, sentence in faults_of(tmp_path, text))


def test_nobody_is_both_a_minor_and_an_adult(tmp_path: Path) -> None:
    """With several values true at once, ja > nei would tell an adult's guardians."""
    text = edited("ukjent: Vet ikke / Veit ikkje}\n    start: ukjent\n\n  yrkesfag:", "ukjent: Vet ikke / Veit ikkje}\n"
                  "    start: ukjent\n    several: yes\n\n  yrkesfag:")  # fmt: skip
    assert any("under_18" in sentence for _, sentence in faults_of(tmp_path, text))


def test_a_misspelt_deputy_is_a_fault(tmp_path: Path) -> None:
    text = SHIPPED.replace("to: avdelingsleder.deputy", "to: avdelingsleder.deputi", 1)
    assert any("avdelingsleder.deputi" in sentence for _, sentence in faults_of(tmp_path, text))


@pytest.mark.parametrize("name", ["place", "class", "colleague"])
def test_a_fact_cannot_have_the_name_of_another_field_of_the_forms(tmp_path: Path, name: str) -> None:
    text = edited("facts:\n", f"facts:\n  {name}: {{nb: Hva, nn: Kva, values: {{a: A / A, b: B / B}}}}\n")
    assert any(f"«{name}»" in sentence for _, sentence in faults_of(tmp_path, text))


def test_a_fact_without_values_is_a_fault(tmp_path: Path) -> None:
    text = edited("facts:\n", "facts:\n  ekstra: {nb: Hva, nn: Kva, values: {}}\n")
    assert faults_of(tmp_path, text)


def test_a_brace_in_what_lasts_is_a_fault(tmp_path: Path) -> None:
    text = edited("      nb: Eleven er ute av praksis.…", "      nb: Ring {gift}.")
    ((_, sentence),) = faults_of(tmp_path, text)
    assert sentence.startswith("«{gift}» er ikke et nummer i planen.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LASTS, "      ask_after: [2]\n      record: {back_on: date}"),
        ("    refutable: mistanke\n", ""),
        (MEETING, "      roles: [avdelingsleder]\n      minutes: 30"),
    ],
    ids=["asked about once", "nothing to refute", "a meeting without guardians"],
)
def test_another_school_may_have_less(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(edited(old, new), encoding="utf-8")
    assert load_plan(file).id == "oppdal"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (STUFF_TEXT, "  stoff:\n    nb: Hva har {navn} brukt?"),
        (STUFF_TEXT, "  stoff:\n    nb: Hva } er brukt?"),
        (SUSPICION_LABEL, "      mistanke: Mistanke {0} / Mistanke"),
        ("label: rektor / rektor", "label: rektor {x} / rektor"),
        (L5_TEXT, "  L5:\n    nb: Før saken i arkivet }."),
        ("  police: 02800", "  police: 02800 {vakt}"),
        ("nb: De ansatte har taushetsplikt.", "nb: De ansatte har {plikt}."),
        ("source: skolereglene § 2 / skolereglane § 2", "source: skolereglene {x} / skolereglane"),
    ],
)
def test_braces_that_no_number_fills_are_a_fault_and_not_a_crash_in_the_chat(
    tmp_path: Path, old: str, new: str
) -> None:
    assert faults_of(tmp_path, edited(old, new).replace("police: 02800 {vakt}", 'police: "02800 {vakt}"'))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (STUFF_TEXT, f"  stoff:\n    nb: Hva tror dere {'at eleven ' * 20}har brukt?"),
        (SUSPICION_LABEL, f"      mistanke: {'Mistanke ' * 12} / Mistanke"),
        (L5_QUESTION, f"{L5_QUESTION[:-1]}{'Skal mistanken føres? ' * 150}"),
        ("source: arkivlova § 5", f"source: {'arkivlova § 5 og ' * 20}"),
    ],
)
def test_words_that_no_card_can_hold_are_a_fault_before_anybody_needs_the_card(
    tmp_path: Path, old: str, new: str
) -> None:
    assert faults_of(tmp_path, edited(old, new))


# --- mutated anywhere: a fault or a plan, never anything else --------------------------------------------------------

Spot = tuple[str | int, ...]


def spots(content: object, here: Spot = ()) -> list[Spot]:
    inner: list[Spot] = [here]
    if isinstance(content, dict):
        inner += [spot for key, value in content.items() for spot in spots(value, (*here, key))]
    if isinstance(content, list):
        inner += [spot for place, value in enumerate(content) for spot in spots(value, (*here, place))]
    return inner


def mutated(content: object, spot: Spot, change: Callable[[object], object]) -> object:
    """Return the content with the value at a spot changed; what isn't on the way there is shared."""
    if not spot:
        return change(content)
    step, *rest = spot
    if isinstance(content, dict):
        return {**content, step: mutated(content[step], tuple(rest), change)}
    assert isinstance(content, list)
    return [mutated(item, tuple(rest), change) if place == step else item for place, item in enumerate(content)]


def read_and_lint(content: object) -> Plan | None:
    try:
        plan = read_plan(content, "fingerprint")
    except Faulty as faulty:
        return None if faulty.faults else pytest.fail("a refusal without a fault")
    return None if lint(plan) else plan


SPOTS = spots(CONTENT)
OTHERS = st.one_of(
    st.sampled_from(["", " ", "ja", "0", "-1", "99999", "deputy", "a / b", "08-01", "{", "}", "{0}", "ø" * 700, "\n"]),
    st.sampled_from([[], {}, [[]], [{}], {"": ""}, {"nb": "a"}, {"a": {"b": []}}, ["a", "a"], None, 7, True, 1.5]),
    st.text(max_size=8),
)


@settings(deadline=None, max_examples=400, derandomize=True)
@given(spot=st.sampled_from(SPOTS), other=OTHERS)
def test_any_value_anywhere_makes_a_plan_or_faults_and_never_a_crash(spot: Spot, other: object) -> None:
    read_and_lint(mutated(CONTENT, spot, lambda _: other))


@settings(deadline=None, max_examples=200, derandomize=True)
@given(
    spot=st.sampled_from([spot for spot in SPOTS if len(spot) > 1 and isinstance(spot[-1], str)]),
    word=st.sampled_from(["", "x", "ja", "like", "start", "several", "melder", "X1", "under_18", "mot_koordinator"]),
)
def test_any_word_renamed_anywhere_makes_a_plan_or_faults_and_never_a_crash(spot: Spot, word: str) -> None:
    *outer, name = spot

    def rename(entry: object) -> object:
        assert isinstance(entry, dict)
        return {word if key == name else key: value for key, value in entry.items()}

    read_and_lint(mutated(CONTENT, tuple(outer), rename))


@settings(deadline=None, max_examples=300, derandomize=True)
@given(
    data=st.one_of(st.binary(max_size=60), st.text(alphabet="ab:-[]{},&*!?|>'\"#% \n\t", max_size=60).map(str.encode))
)
def test_any_bytes_are_a_fault_with_a_line_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(data)
    with pytest.raises(FaultyFile) as caught:
        load_plan(file)
    assert all(1 <= fault.line <= data.count(b"\n") + data.count(b"\r") + 2 for fault in caught.value.faults)
    assert caught.value.faults
