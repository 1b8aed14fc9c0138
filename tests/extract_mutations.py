"""Extract files as they go wrong on their way: seeded, one fault or several at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_DATE = re.compile(rb"(20\d\d)-(\d\d)-(\d\d)")
Mutation = Callable[[Random, bytes], bytes]


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\r\n")


def _some_row(rng: Random, lines: list[bytes]) -> int:
    return rng.randrange(1, max(2, len(lines) - 1))


def _in_a_row(change: Callable[[Random, list[bytes]], list[bytes]]) -> Mutation:
    """A change to the fields of one row."""

    def mutation(rng: Random, data: bytes) -> bytes:
        lines = _lines(data)
        at = _some_row(rng, lines) % len(lines)
        lines[at] = b",".join(change(rng, lines[at].split(b",")))
        return b"\r\n".join(lines)

    return mutation


def _put(what: Callable[[Random], bytes]) -> Mutation:
    """Something put between two bytes of the file."""

    def mutation(rng: Random, data: bytes) -> bytes:
        at = rng.randrange(len(data) + 1)
        return data[:at] + what(rng) + data[at:]

    return mutation


def _replaced_field(rng: Random, fields: list[bytes]) -> list[bytes]:
    rubbish = (b"", b"x", b"-1", b"9993000018", b"2026-02-30", b"45000", b"NULL", b"#REF!", b"1E+09", b"\xe2\x80\xae", b"999", b'""', b"0")
    fields[rng.randrange(len(fields))] = rng.choice(rubbish)
    return fields


def _swapped_fields(rng: Random, fields: list[bytes]) -> list[bytes]:
    one, other = rng.randrange(len(fields)), rng.randrange(len(fields))
    fields[one], fields[other] = fields[other], fields[one]
    return fields


def _swapped_dates(rng: Random, fields: list[bytes]) -> list[bytes]:
    dated = [place for place, value in enumerate(fields) if _DATE.fullmatch(value)]
    if len(dated) > 1:
        one, other = rng.sample(dated, 2)
        fields[one], fields[other] = fields[other], fields[one]
    return fields


def _shifted(rng: Random, fields: list[bytes]) -> list[bytes]:
    return [*fields[1:], b""] if rng.random() < 0.5 else [b"", *fields[:-1]]


def _dropped_field(rng: Random, fields: list[bytes]) -> list[bytes]:
    del fields[rng.randrange(len(fields))]
    return fields


def _wrong_week(rng: Random, data: bytes) -> bytes:
    other = rng.choice((b"2026-11-08", b"2026-11-22", b"2025-11-16", b"1900-01-01"))
    return data.replace(b"2026-11-15", other) if rng.random() < 0.5 else data.replace(b"2026-11-15", other, rng.randint(1, 5))


def _header_twice(rng: Random, data: bytes) -> bytes:
    lines = _lines(data)
    lines.insert(rng.randrange(1, len(lines) + 1), lines[0])
    return b"\r\n".join(lines)


def _header_changed(rng: Random, data: bytes) -> bytes:
    lines = _lines(data)
    names = lines[0].split(b",")
    at = rng.randrange(len(names))
    names[at] = rng.choice((b"", names[rng.randrange(len(names))], names[at].lower(), names[at] + b"_2", b'"' + names[at] + b'"'))
    lines[0] = b",".join(names)
    return b"\r\n".join(lines)


def _ten_times(rng: Random, data: bytes) -> bytes:
    header, *rows = _lines(data.removesuffix(b"\r\n"))
    more = rows * 10 if rng.random() < 0.5 else [re.sub(rb"000(\d{6})\b", b"%03d\\1" % n, row) for n in range(10) for row in rows]
    return b"\r\n".join([header, *more, b""])


def _columns_shifted(rng: Random, data: bytes) -> bytes:
    header, *rows = _lines(data.removesuffix(b"\r\n"))
    by = rng.randint(1, 3)
    fields = [row.split(b",") for row in rows]
    return b"\r\n".join([header, *(b",".join((*f[by:], *f[:by])) for f in fields), b""])


def _one_byte(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(max(1, len(data)))
    return data[:at] + bytes((rng.randrange(256),)) + data[at + 1 :]


def _encoded(rng: Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-32", "cp037", "utf-7")), "replace")


def _line_ends(rng: Random, data: bytes) -> bytes:
    ends = (b"\n", b"\r\n", b"\r", b"\r\r\n", b"\n\r\n")
    some = ends if rng.random() < 0.3 else (b"\n", b"\r\n", b"\n\r\n")
    return b"".join(line + rng.choice(some) for line in _lines(data))


def _slashes(rng: Random, data: bytes) -> bytes:
    return _DATE.sub(rb"\3/\2/\1", data, count=rng.choice((0, 1, 3)))


def _day_and_month(rng: Random, data: bytes) -> bytes:
    return _DATE.sub(rb"\1-\3-\2", data, count=rng.choice((0, 1, 3)))


def _removed_piece(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(1, 300) :]


MUTATIONS: dict[str, Mutation] = {
    "truncated": lambda rng, data: data[: rng.randrange(len(data) + 1)],
    "piece removed": _removed_piece,
    "row shifted": _in_a_row(_shifted),
    "columns shifted": _columns_shifted,
    "field dropped": _in_a_row(_dropped_field),
    "field replaced": _in_a_row(_replaced_field),
    "fields swapped": _in_a_row(_swapped_fields),
    "dates swapped": _in_a_row(_swapped_dates),
    "dates written otherwise": _slashes,
    "days and months swapped": _day_and_month,
    "wrong week": _wrong_week,
    "another provider": lambda rng, data: data.replace(b"XFC01", b"XTG01", rng.randint(1, 4)),
    "header twice": _header_twice,
    "header changed": _header_changed,
    "ten times the rows": _ten_times,
    "one byte": _one_byte,
    "another encoding": _encoded,
    "bytes that are no text": _put(lambda rng: rng.choice((b"\xff", b"\xc3", b"\xe9", b"\xed\xa0\x80", b"\x81\x8d"))),
    "byte order marks": _put(lambda _: b"\xef\xbb\xbf"),
    "line ends": _line_ends,
    "quotes": _put(lambda rng: rng.choice((b'"', b'""', b'"\r\n', b',"', b'",'))),
    "NULs": _put(lambda rng: b"\0" * rng.randint(1, 4)),
    "delimiters": _put(lambda rng: rng.choice((b",", b",,,", b";", b"\t"))),
    "control characters": _put(lambda rng: bytes((rng.randrange(1, 32),))),
    "a very long field": _put(lambda rng: b"9" * rng.choice((5_000, 200_000, 1_100_000))),
    "a trailer": lambda rng, data: data + b"TRAILER,%d\r\n" % rng.choice((0, 1, len(_lines(data)) - 2, 10**6)),
}


def mutated(rng: Random, data: bytes) -> tuple[str, bytes]:
    """The file with one fault, or a few one after another, and their names."""
    names = rng.choices(tuple(MUTATIONS), k=rng.choice((1, 1, 1, 1, 2, 3)))
    for name in names:
        data = MUTATIONS[name](rng, data)
    return ", ".join(names), data
