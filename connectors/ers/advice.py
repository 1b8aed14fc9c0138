"""A request for advice under a booking reference: where it stands, and nothing that was written in it.

The conversation itself (A025) is never asked for: it is what clinicians write to each other about the patient, and the
summary (A024) already holds the state.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from connectors.ers.mapping import specialty_named
from connectors.ers.resource import AboutAnother, Inner, Subject, patient_of
from connectors.fhir import CodeableConcept, Extension, Piece, extension, read
from connectors.text import plain
from helpdesk.identifiers import NhsNumber, Ubrn

CONVERTED = "ADVICE_CONVERTED"
_WORDS = {
    "PROVIDER_RESPONSE_REQUIRED": "the specialist has not answered yet",
    "REFERRER_TO_SUBMIT_FURTHER_INFORMATION": "the specialist has asked to know more",
    "REFERRER_TO_REVIEW_RESPONSE": "the specialist has answered",
    "CONVERSATION_ENDED_CLOSED": "it has ended",
    "CONVERSATION_ENDED_CANCELLED": "it was cancelled",
    CONVERTED: "it was made into a referral",
}
"""Source: e-RS FHIR API, eRS-AdviceAndGuidanceStatus-1."""

NOT_KNOWN = "we cannot tell where it stands"


@dataclass(frozen=True)
class Advice:
    """`words` say where the request stands, after "the request for advice: "; `converted` is one that became a referral."""

    nhs_number: NhsNumber
    words: str
    specialty: str = ""
    service: str = ""
    converted: bool = False


class _CommunicationRequest(Piece):
    id: str
    extension: list[Extension] = Field(default_factory=list)
    contained: list[Inner] = Field(default_factory=list)
    category: list[CodeableConcept] | None = None
    subject: Subject


def words_of(code: str) -> str:
    """The words for a state of a request for advice; a state that is not documented has its own."""
    return _WORDS.get(code, NOT_KNOWN)


def advice_from(body: object, *, asked: Ubrn, label: str) -> Advice:
    """Raises ConnectorUnavailable where the body is no request for advice, AboutAnother where it is another one."""
    resource = read(_CommunicationRequest, body, label, "CommunicationRequest")
    if resource.id != asked.value:
        raise AboutAnother(label)
    code = next((c.code_in("eRS-AdviceAndGuidanceStatus-1") for c in resource.category or ()), "")
    specialty = extension(resource.extension, "Extension-eRS-Specialty-1")
    shortlist = next((c for c in resource.contained if c.kind == "List"), None)
    items = shortlist.entry if shortlist else []
    return Advice(
        patient_of(resource.subject, label),
        words_of(code),
        specialty_named(specialty.value_coding if specialty else None),
        plain(items[0].item.display) if len(items) == 1 else "",
        code == CONVERTED,
    )
