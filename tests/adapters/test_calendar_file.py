"""The file for the calendar, read back as a calendar program would: when it is, and nothing about whom."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from adapters.calendar_file import MEDIA_TYPE, NAME, calendar_file
from adapters.web import look
from flows.cards import Appointment, message
from flows.language import Language

MEETING = Appointment(
    label="Legg møtet i kalenderen",
    uid="0123456789abcdef0123456789abcdef-B4.1@rusplan",
    title="Møte, sak K7Q2F",
    text="Åpne sak K7Q2F i boten for å se mer.",
    starts_at=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),  # 10:30 at the school
    duration=timedelta(minutes=45),
    stamped_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
)
HOSTILE = (
    "Møte; sak, to\\tre",
    "Én linje\nog én til",
    "Én linje\r\nATTENDEE:mailto:ola@fjellheim.example",
    "BEGIN:VALARM",
    "æøåÆØÅ «sitat» – 👩‍🏫",
    "ø" * 150,
    ':;,\\"',
)


def read(appointment: Appointment) -> Event:
    """Return the one appointment that a calendar program finds in the file."""
    (event,) = calendar_of(appointment).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def calendar_of(appointment: Appointment) -> Calendar:
    calendar = Calendar.from_ical(calendar_file(appointment))
    assert isinstance(calendar, Calendar)
    return calendar


def lines(appointment: Appointment) -> list[str]:
    """Return the lines of the file, unfolded."""
    return calendar_file(appointment).decode("utf-8").replace("\r\n ", "").split("\r\n")


def test_it_begins_and_ends_at_the_instants_in_utc() -> None:
    event = read(MEETING)
    assert event["dtstart"].dt == datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
    assert event["dtstamp"].dt == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_the_instants_are_written_in_utc_so_that_no_time_zone_is_needed() -> None:
    written = lines(MEETING)
    assert "DTSTART:20261126T093000Z" in written
    assert "DTEND:20261126T101500Z" in written
    assert "DTSTAMP:20261123T090000Z" in written
    assert not [line for line in written if "TZID" in line or "VTIMEZONE" in line]


@pytest.mark.parametrize(
    ("starts_at", "ends"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "DTEND:20261025T011500Z"),  # over the hour that comes twice
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "DTEND:20270328T011500Z"),  # over the hour that never comes
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "DTEND:20270101T001500Z"),
    ],
)
def test_it_lasts_as_long_as_it_lasts_whatever_the_clocks_do(starts_at: datetime, ends: str) -> None:
    appointment = replace(MEETING, starts_at=starts_at)
    assert read(appointment)["dtend"].dt - read(appointment)["dtstart"].dt == timedelta(minutes=45)
    assert ends in lines(appointment)


def test_others_see_that_one_is_taken_and_not_what_it_is() -> None:
    assert str(read(MEETING)["class"]) == "PRIVATE"


def test_nobody_is_invited_by_the_file_and_nobody_is_answered() -> None:
    """A calendar program would send mail to whom it finds there."""
    assert str(calendar_of(MEETING)["method"]) == "PUBLISH"
    event = read(MEETING)
    for word in ("attendee", "organizer", "contact", "location", "attach", "url"):
        assert word not in event
    assert list(calendar_of(MEETING).walk("VALARM")) == []


def test_it_holds_these_words_and_no_others() -> None:
    assert set(read(MEETING)) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CLASS"}


def test_the_same_meeting_is_the_same_entry_when_it_is_opened_again() -> None:
    later = replace(MEETING, starts_at=MEETING.starts_at + timedelta(days=1), stamped_at=MEETING.starts_at)
    assert str(read(MEETING)["uid"]) == str(read(later)["uid"]) == "0123456789abcdef0123456789abcdef-B4.1@rusplan"


def test_the_name_of_the_file_is_ascii_and_ends_as_calendars_expect() -> None:
    assert NAME.isascii()
    assert NAME.endswith(".ics")
    assert MEDIA_TYPE == "text/calendar"


def test_norwegian_letters_are_kept() -> None:
    event = read(MEETING)
    assert str(event["summary"]) == "Møte, sak K7Q2F"
    assert str(event["description"]) == "Åpne sak K7Q2F i boten for å se mer."


def test_a_comma_a_semicolon_a_backslash_and_a_new_line_are_escaped() -> None:
    written = lines(replace(MEETING, title="a, b; c\\d", text="én\nto"))
    assert "SUMMARY:a\\, b\\; c\\\\d" in written
    assert "DESCRIPTION:én\\nto" in written


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_read_back_and_make_no_line_of_their_own(words: str) -> None:
    appointment = replace(MEETING, title=words, text=words)
    event = read(appointment)
    assert str(event["summary"]).replace("\r\n", "\n") == words.replace("\r\n", "\n")
    assert str(event["description"]).replace("\r\n", "\n") == words.replace("\r\n", "\n")
    assert len(lines(appointment)) == len(lines(MEETING))
    assert set(event) == set(read(MEETING))


@pytest.mark.parametrize("appointment", [MEETING, replace(MEETING, text="Åpne " * 300)])
def test_no_line_is_longer_than_calendars_take_and_every_line_ends_as_they_want(appointment: Appointment) -> None:
    """RFC 5545 § 3.1: lines of at most 75 octets, each ended by CRLF."""
    written = calendar_file(appointment)
    assert written.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_the_file_is_one_calendar_of_the_version_that_all_programs_read() -> None:
    calendar = calendar_of(MEETING)
    assert str(calendar["version"]) == "2.0"
    assert str(calendar["prodid"])
    assert [component.name for component in calendar.subcomponents] == ["VEVENT"]


def test_the_web_chat_offers_the_same_file_under_its_name() -> None:
    html = look.message(message("Tittel", [MEETING], summary="Kort"), Language.NB)
    assert f'download="{NAME}"' in html
    assert MEETING.label in html
    (encoded,) = [part.partition('"')[0] for part in html.split("base64,")[1:]]
    assert b64decode(encoded) == calendar_file(MEETING)


@settings(deadline=None, max_examples=100)
@given(at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), minutes=st.integers(1, 600))  # noqa: DTZ001
def test_any_instant_is_read_back_as_it_was(at: datetime, minutes: int) -> None:
    starts_at = at.replace(microsecond=0, tzinfo=UTC)
    event = read(replace(MEETING, starts_at=starts_at, duration=timedelta(minutes=minutes)))
    assert event["dtstart"].dt == starts_at
    assert event["dtend"].dt == starts_at + timedelta(minutes=minutes)


ALL_DAY = replace(MEETING, is_all_day=True, sequence=3, starts_at=datetime(2027, 3, 10, 23, 30, tzinfo=UTC))


def test_an_entry_of_a_whole_day_is_on_the_day_at_the_school() -> None:
    assert {"DTSTART;VALUE=DATE:20270311", "DTEND;VALUE=DATE:20270312"} <= set(lines(ALL_DAY))
    assert str(read(ALL_DAY)["transp"]) == "TRANSPARENT"
    assert int(read(ALL_DAY)["sequence"]) == 3


def test_several_entries_stand_in_one_file() -> None:
    calendar = Calendar.from_ical(calendar_file(MEETING, ALL_DAY, replace(ALL_DAY, uid="other@rusplan")))
    assert [str(event["uid"]) for event in calendar.walk("VEVENT")] == [MEETING.uid, MEETING.uid, "other@rusplan"]
