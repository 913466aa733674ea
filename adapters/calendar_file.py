"""An appointment as an iCalendar file, which every calendar opens; how a chat offers it is each platform's own."""

from __future__ import annotations

from icalendar import Calendar, Event

from flows.cards import Appointment

NAME = "moete.ics"  # ASCII: old mail programs stumble over anything else
MEDIA_TYPE = "text/calendar"


def calendar_file(appointment: Appointment) -> bytes:
    """Return the file; its instants are in UTC, so that it needs no time zone's rules."""
    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", appointment.stamped_at)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.starts_at + appointment.duration)
    event.add("summary", appointment.title)
    event.add("description", appointment.text)
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", "-//rusplan//NO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
