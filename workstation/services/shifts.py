"""The hours that are worked on this desk: as set, else the working week of the reader's region."""

from workstation.domain.calendars import WorkingHours, read_shifts
from workstation.services.settings import Preferences


def working_hours(preferences: Preferences, week: tuple[int, ...]) -> WorkingHours:
    """The working hours in force; `week` are the days that are worked where nothing else is set (0 is Monday)."""
    chosen = tuple(day for day in preferences.shift_days if 0 <= day <= 6)
    return WorkingHours(read_shifts(preferences.shifts), chosen or week)
