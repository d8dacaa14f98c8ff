"""Calendars (.ics, RFC 5545): the times of sessions, and titles only to choose by."""

from duologue.formats.ics.reader import Calendar, Group, LeftOut, read_calendar

__all__ = ["Calendar", "Group", "LeftOut", "read_calendar"]
