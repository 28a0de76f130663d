"""Meetups as calendars read them: iCalendar, RFC 5545. Pure text, times in UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75  # octets in a line, section 3.1


@dataclass(frozen=True)
class Entry:
    """One happening. uid: the same for ever; revision grows with every change."""

    uid: str
    revision: int
    title: str
    about: str
    where: str
    url: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    cancelled: bool = False


def calendar(entries: Iterable[Entry], *, name: str) -> str:
    """The calendar's text: lines folded at 75 octets and ended by CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sprout//Meetups//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escape(name)}"]
    for entry in entries:
        lines += _event(entry)
    return "".join(f"{fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(entry: Entry) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{escape(entry.uid)}",
        f"SEQUENCE:{entry.revision}",
        f"DTSTAMP:{moment(entry.changed_at)}",
        f"DTSTART:{moment(entry.starts_at)}",
        f"DTEND:{moment(entry.ends_at)}",
        f"SUMMARY:{escape(entry.title)}",
        f"DESCRIPTION:{escape(entry.about)}",
        f"LOCATION:{escape(entry.where)}",
        f"URL:{''.join(entry.url.split())}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escape(text: str) -> str:
    """Text as a value: section 3.3.11. Signs that end lines elsewhere or are no text at all go."""
    kept = "".join(sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if sign == "\n" or sign.isprintable())
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> str:
    """The line in parts of at most 75 octets, no sign torn apart; each further part begins with a space."""
    parts, part, size = [], "", 0
    for sign in line:
        weight = len(sign.encode())
        if size + weight > LONGEST:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + weight
    return "\r\n".join([*parts, part])
