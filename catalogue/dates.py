"""How a day is written for a reader."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_date(day: date) -> str:
    """``5 August 2030``, without regard to the terminal's locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
