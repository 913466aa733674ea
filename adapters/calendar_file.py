"""Appointments as an iCalendar file, which every calendar opens; how a chat offers it is each platform's own."""

from __future__ import annotations

from icalendar import Calendar, Event

from flows.cards import Appointment
from flows.school_days import DAY, local_day

NAME = "rusplan.ics"  # ASCII: old mail programs stumble over anything else
MEDIA_TYPE = "text/calendar"


def calendar_file(*appointments: Appointment) -> bytes:
    """Return the file; its instants are in UTC, so that it needs no time zone's rules."""
    calendar = Calendar()
    calendar.add("prodid", "-//rusplan//NO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for appointment in appointments:
        calendar.add_component(_event(appointment))
    written: bytes = calendar.to_ical()
    return written


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", appointment.stamped_at)
    if appointment.is_all_day:
        day = local_day(appointment.starts_at)
        event.add("dtstart", day)
        event.add("dtend", day + DAY)
        event.add("transp", "TRANSPARENT")  # nobody is busy all day because of it
    else:
        event.add("dtstart", appointment.starts_at)
        event.add("dtend", appointment.starts_at + appointment.duration)
    if appointment.sequence:
        event.add("sequence", appointment.sequence)
    event.add("summary", appointment.title)
    event.add("description", appointment.text)
    event.add("class", "PRIVATE")
    return event
