"""The JSON forms of what is kept as one value: calls, drafts and a person's facts."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, TypeVar

from helpdesk.calls.model import CallDraft, Disposition, SavedCall, Signposted
from helpdesk.identifiers import NhsNumber, OdsCode
from helpdesk.patients.model import Address, Death, DeathStatus, Needs, PartialDate, Patient, PersonName, Phone, PhoneUse

T = TypeVar("T")
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def canonical(value: object) -> str:
    """The one JSON text for a value: sorted names, no spaces, ASCII only."""
    return _CANONICAL.encode(value)


def call_json(call: SavedCall) -> str:
    plain = asdict(call) | {"patient": str(call.patient) if call.patient else None}
    return canonical(plain | {"started": call.started.isoformat(), "ended": call.ended.isoformat()})


def call_from(text: str) -> SavedCall:
    plain = json.loads(text)
    return _made(SavedCall, _call_parts(plain) | {"ended": datetime.fromisoformat(plain["ended"])})


def draft_json(draft: CallDraft) -> str:
    """Everything of a draft but its patient, who stands in a column."""
    return canonical(asdict(draft) | {"patient": None, "started": draft.started.isoformat()})


def draft_from(text: str, patient: str | None) -> CallDraft:
    return _made(CallDraft, _call_parts(json.loads(text) | {"patient": patient}))


def _call_parts(plain: dict[str, Any]) -> dict[str, Any]:
    return plain | {
        "started": datetime.fromisoformat(plain["started"]),
        "patient": NhsNumber(plain["patient"]) if plain["patient"] else None,
        "disposition": _made(Disposition, plain["disposition"]),
        "said": tuple(plain["said"]),
        "signposts": tuple(_made(Signposted, one) for one in plain["signposts"]),
        "safety": tuple(plain["safety"]),
    }


def facts_json(parts: dict[str, Any]) -> str:
    """What may be kept of anybody: the members of Patient named in `parts` that say nothing of where a person is."""
    death: Death | None = parts["death"]
    born: PartialDate | None = parts["born"]
    plain = parts | {
        "name": vars(parts["name"]),
        "born": born.iso if born else None,
        "death": {"status": death.status, "day": death.day.iso if death.day else None} if death else None,
        "needs": vars(parts["needs"]),
    }
    return canonical(plain)


def facts_text(patient: Patient, born: str) -> str:
    """The same text as `facts_json` makes, for a million people: `born` is the birth date's ISO form, or ""."""
    name, death = patient.name, patient.death
    said = canonical({"status": death.status, "day": death.day.iso if death.day else None}) if death else "null"
    return (
        f'{{"born":{_quoted(born) if born else "null"},"death":{said},"former_family_names":{_several(patient.former_family_names)},'
        f'"gender":{_quoted(patient.gender)},"hospital_numbers":{_several(patient.hospital_numbers)},"name":{{"family":{_quoted(name.family)},'
        f'"given":{_several(name.given)},"title":{_quoted(name.title)}}},"needs":{_needs_text(patient.needs)}}}'
    )


def location_text(patient: Patient) -> str:
    """The same text as `location_json` makes."""
    address, practice = patient.address, patient.practice
    where = f'{{"lines":{_several(address.lines)},"postcode":{_quoted(address.postcode)}}}' if address else "null"
    phones = ",".join(f'{{"number":{_quoted(phone.number)},"use":{_quoted(phone.use.value)}}}' for phone in patient.phones)
    return (
        f'{{"address":{where},"emails":{_several(patient.emails)},"phones":[{phones}],'
        f'"practice":{_quoted(practice.value) if practice else "null"},"removal":{_quoted(patient.removal)}}}'
    )


def _several(texts: tuple[str, ...]) -> str:
    return f"[{','.join(map(_quoted, texts))}]" if texts else "[]"


@lru_cache(maxsize=1_000)
def _needs_text(needs: Needs) -> str:
    return canonical(vars(needs))


def facts_from(text: str) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(text)
    death = plain["death"]
    return plain | {
        "name": _made(PersonName, plain["name"] | {"given": tuple(plain["name"]["given"])}),
        "former_family_names": tuple(plain["former_family_names"]),
        "born": PartialDate.from_iso(plain["born"]) if plain["born"] else None,
        "death": Death(DeathStatus(death["status"]), PartialDate.from_iso(death["day"]) if death["day"] else None) if death else None,
        "hospital_numbers": tuple(plain["hospital_numbers"]),
        "needs": _made(Needs, plain["needs"]),
    }


def location_json(parts: dict[str, Any]) -> str:
    """What says where a person is: address, phones, e-mails, practice, and where they moved to."""
    plain = {
        "address": vars(parts["address"]) if parts["address"] else None,
        "phones": [vars(phone) for phone in parts["phones"]],
        "emails": parts["emails"],
        "practice": str(parts["practice"]) if parts["practice"] else None,
        "removal": parts["removal"],
    }
    return canonical(plain)


def location_from(text: str) -> dict[str, Any]:
    plain = json.loads(text)
    address = plain["address"]
    return {
        "address": Address(tuple(address["lines"]), address["postcode"]) if address else None,
        "phones": tuple(Phone(phone["number"], PhoneUse(phone["use"])) for phone in plain["phones"]),
        "emails": tuple(plain["emails"]),
        "practice": OdsCode(plain["practice"]) if plain["practice"] else None,
        "removal": plain.get("removal", ""),
    }


def _made(kind: type[T], plain: dict[str, Any]) -> T:
    """A model from its members. One that this program does not know (written by a newer one) is left out."""
    known = {member.name for member in fields(kind)}  # type: ignore[arg-type]  # every kind here is a dataclass
    return kind(**{name: value for name, value in plain.items() if name in known})
