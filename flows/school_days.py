"""Which days are school days, and when they begin and end as instants; what is due then stands in `due.py`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.school import Calendar

OSLO = ZoneInfo("Europe/Oslo")
MORNING = time(8, 0)  # when people are reminded
YEAR = timedelta(weeks=52)  # from one skolestart to the next, the same day of the week
DAY = timedelta(days=1)
LONG_WEEKEND = timedelta(days=3)
SATURDAY = 5


def local_day(at: datetime) -> date:
    """Return the day that an instant falls on at the school."""
    return at.astimezone(OSLO).date()


def is_school_day(calendar: Calendar, day: date) -> bool:
    """Say whether there is school. Beyond what the calendar covers, next year begins as this one did."""
    if is_off_for_all(calendar, day):
        return False
    if any(first <= day <= last for first, last in calendar.free):
        return False
    return calendar.first_day <= day <= calendar.last_day or day >= calendar.first_day + YEAR


def is_off_for_all(calendar: Calendar, day: date) -> bool:
    """Say whether nobody works on a day: it is on a weekend, or a public holiday."""
    return day.weekday() >= SATURDAY or day in calendar.holidays


def work_day_from(calendar: Calendar, day: date) -> date:
    """Return the first day on or after a day on which the staff are at work and may be reminded.

    Those are the school days and, before them, the days of planning in August.
    """
    day = max(day, calendar.staff_from)
    while not (is_school_day(calendar, day) or _is_planning_day(calendar, day)):
        day += DAY
    return day


def last_work_day(calendar: Calendar) -> date:
    """Return the last day of the pupils' year on which anybody may be reminded."""
    day = calendar.last_day
    while work_day_from(calendar, day) != day:
        day -= DAY
    return day


def _is_planning_day(calendar: Calendar, day: date) -> bool:
    return calendar.staff_from <= day < calendar.first_day and not is_off_for_all(calendar, day)


def is_at_work(calendar: Calendar, now: datetime) -> bool:
    """Say whether this is a time to remind somebody of what isn't urgent: a work day, between morning and its end."""
    day = local_day(now)
    return work_day_from(calendar, day) == day and morning(day) <= now < day_end(calendar, day)


def next_morning(calendar: Calendar, now: datetime) -> datetime:
    """Return the next instant at which people are reminded."""
    day = local_day(now)
    return morning(work_day_from(calendar, day if now < morning(day) else day + DAY))


def work_time_from(calendar: Calendar, now: datetime) -> datetime:
    """Return when people may be reminded of what isn't urgent: now, or the next morning."""
    return now if is_at_work(calendar, now) else next_morning(calendar, now)


def school_day_from(calendar: Calendar, day: date) -> date:
    """Return the first school day on or after a day."""
    while not is_school_day(calendar, day):
        day += DAY
    return day


def school_days_after(calendar: Calendar, day: date, count: int) -> date:
    """Return the school day that is so many school days after a day; 0 is the day itself, school or not."""
    for _ in range(count):
        day = school_day_from(calendar, day + DAY)
    return day


def morning(day: date) -> datetime:
    """Return the instant at which people are reminded on a day."""
    return instant(day, MORNING)


def day_end(calendar: Calendar, day: date) -> datetime:
    """Return the instant at which the pupils' day ends."""
    return instant(day, calendar.day_ends)


def after_at_school(calendar: Calendar, since: datetime, time: timedelta) -> datetime:
    """Return the instant by which there has been school for so long: nights, weekends and holidays don't count."""
    at, left = since, time
    while True:
        day = local_day(at)
        begins, ends = morning(day), day_end(calendar, day)
        if is_school_day(calendar, day) and at < ends:
            at = max(at, begins)
            if at + left <= ends:
                return at + left
            left -= ends - at
        at = instant(day + DAY, MORNING)


def when_told(calendar: Calendar, at: datetime) -> datetime:
    """Return the first instant from one on at which people are told of what has to be looked into without haste.

    That waits for a morning and over a weekend, but not for the end of a holiday.
    """
    day = local_day(at)
    if at >= day_end(calendar, day):
        day += DAY
    while timedelta() < school_day_from(calendar, day) - day <= LONG_WEEKEND:
        day += DAY
    return max(at, morning(day))


def instant(day: date, clock: time) -> datetime:
    """Return a time of day at the school as an aware instant in UTC."""
    return datetime.combine(day, clock, OSLO).astimezone(UTC)
