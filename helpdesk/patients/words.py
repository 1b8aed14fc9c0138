"""Reads what is written with letters: postcodes, e-mail addresses, hospital numbers and names."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from helpdesk.patients.birth_dates import read_date
from helpdesk.patients.model import FactKind
from helpdesk.patients.reading import END, Part

_FLAGS = re.ASCII | re.IGNORECASE
_OUTWARD = r"(?P<out>(?P<area>[a-z]{1,2})(?:[0-9][0-9a-z]?))"
_WHOLE = re.compile(rf"{_OUTWARD}\s*(?P<inward>[0-9][a-z]{{2}}){END}", _FLAGS)
_START = re.compile(rf"{_OUTWARD}(?:\s*(?P<inward>[0-9][a-z]?))?{END}", _FLAGS)
_OUTWARD_ALONE = re.compile(rf"{_OUTWARD}(?P<inward>){END}", _FLAGS)
_AREA = re.compile(
    r"A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|"
    r"N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE|ZZ"
)
"""Source: Royal Mail postcode areas; ZZ is the NHS's own for no fixed or no known address."""

_EMAIL = re.compile(r"[^\s,;@<>()]+@[^\s,;@<>()]+\.[^\s,;@<>().]+", re.ASCII)
_HOSPITAL = re.compile(rf"(?=[a-z0-9/-]{{5,20}}{END})(?:[a-z]{{1,4}}[/-]?[0-9]{{3,9}}[a-z]?|[0-9]{{4,9}}[/-]?[a-z]{{1,2}}){END}", _FLAGS)
_ANY_NUMBER = re.compile(rf"[a-z0-9][a-z0-9/-]{{0,39}}{END}", _FLAGS)
_WORD = re.compile(r"[^\s,;]+")
_AROUND = ".'-\"()[]?!:"
"""What may stand around a word of a name and is no part of it."""

_GENDER = re.compile(rf"(?P<word>male|female){END}", _FLAGS)
STAR = "A star stands for the rest of a name, after its first two letters: smi*."
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr"})
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def read_postcode(text: str, start: int, today: date) -> Part | None:
    """A whole UK postcode, or the start of one: its outward part, with or without a first character of the rest."""
    if found := _WHOLE.match(text, start):
        code = f"{found['out']} {found['inward']}".upper()
        return Part(found.end(), FactKind.POSTCODE, code, f"Postcode {code}")
    found = _START.match(text, start)
    if found and found["inward"] and read_date(text, found.start("inward"), today):
        found = _OUTWARD_ALONE.match(text, start)
    if not found or not _AREA.fullmatch(found["area"].upper()):
        return None
    code = " ".join(part for part in (found["out"], found["inward"]) if part).upper()
    return Part(found.end(), FactKind.POSTCODE, code, f"Postcode starts {code}")


def read_email(text: str, start: int, _today: date) -> Part | None:
    found = _EMAIL.match(text, start)
    return Part(found.end(), FactKind.EMAIL, found[0].lower(), f"E-mail {found[0].lower()}") if found else None


def read_hospital_number(text: str, start: int, _today: date) -> Part | None:
    """Letters and digits in one word, as hospital numbers mostly are; canonical in capitals."""
    return _hospital_part(_HOSPITAL.match(text, start))


def forced_hospital_number(text: str, start: int, _today: date) -> Part | None:
    """What follows `hosp:`, digits alone too."""
    return _hospital_part(_ANY_NUMBER.match(text, start))


def _hospital_part(found: re.Match[str] | None) -> Part | None:
    if not found:
        return None
    number = found[0].upper()
    return Part(found.end(), FactKind.HOSPITAL_NUMBER, number, f"Hospital No. {number}")


def read_name(text: str, start: int, _today: date) -> Part | None:
    """One word of a name: letters of any alphabet, with apostrophes, hyphens and full stops inside. A star stands for
    the rest, as PDS takes it; the value is what stands before it."""
    found = _WORD.match(text, start)
    word = as_typed(found[0]) if found else ""
    if not found or not all(c in "'-.*" or c.isalpha() or unicodedata.category(c) in ("Mn", "Mc") for c in word):
        return None
    begun, star, _ = word.partition("*")
    value = folded(begun)
    if star and any(c.isalpha() for c in word) and len(begun) < 2:
        return Part(found.end(), problem=STAR)
    shown = f"Name starts {begun}" if star else f"Name {word}"
    return Part(found.end(), FactKind.NAME, value, shown) if any(c.isalpha() for c in value) else None


def as_typed(word: str) -> str:
    """A word of a name as it was typed, without what only stands around it."""
    return word.strip(_AROUND)


def read_gender(text: str, start: int, _today: date) -> Part | None:
    """The word "male" or "female", which beside a name is no name."""
    found = _GENDER.match(text, start)
    return Part(found.end(), FactKind.GENDER, found[0].lower(), f"{found[0].capitalize()}, asked of PDS only") if found else None


def is_title(name: str) -> bool:
    """Whether a folded word is a form of address that no index holds as a name."""
    return name.rstrip(".") in _TITLES


def folded(name: str) -> str:
    """A name as it is compared: lower case, accents taken off, letters such as ø and ß in their plain spelling."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.replace(".", "").replace("\u2019", "'").strip("'- ")
