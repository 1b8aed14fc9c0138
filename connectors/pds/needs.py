"""How a person wants to be communicated with, out of PDS's ContactPreference and NHSCommunication extensions."""

from __future__ import annotations

from connectors.fhir import CodeableConcept, Extension, extension, extensions
from connectors.pds.codes import BRAILLE, CONTACT_METHODS, FORMATS, LANGUAGES, NO_PHONE
from connectors.text import plain
from helpdesk.patients.model import Needs

_OTHER_FORMAT = "Another format: see PDS"
_OTHER_METHOD = "Another way: see PDS"
_OTHER_LANGUAGE = "Another language: see PDS"


def needs_of(among: list[Extension]) -> Needs:
    """The needs recorded; a need whose code is not known is shown in PDS's own words rather than dropped."""
    preference = extension(among, "Extension-UKCore-ContactPreference")
    preferences = preference.extension if preference else []
    method = _concept(preferences, "PreferredContactMethod")
    written = _concept(preferences, "PreferredWrittenCommunicationFormat")
    times = extension(preferences, "PreferredContactTimes")
    language, interpreter, braille = _communication(among)
    return Needs(
        language=language,
        interpreter=interpreter,
        format=_in_words(written, FORMATS, _OTHER_FORMAT) or (FORMATS["12"] if braille else ""),
        contact_method=_in_words(method, CONTACT_METHODS, _OTHER_METHOD),
        contact_times=plain(times.value_string) if times else "",
        no_phone=_code(method) == NO_PHONE,
    )


def _in_words(concept: CodeableConcept, known: dict[str, str], other: str) -> str:
    """`other` only for a code that is neither known nor comes with words."""
    code = _code(concept)
    return known.get(code, _words(concept) or other) if code else _words(concept)


def _communication(among: list[Extension]) -> tuple[str, bool, bool]:
    """The first language in words, whether any needs an interpreter, whether braille is recorded as a language."""
    language, interpreter, braille = "", False, False
    for communication in extensions(among, "Extension-UKCore-NHSCommunication"):
        concept = _concept(communication.extension, "language")
        required = extension(communication.extension, "interpreterRequired")
        interpreter = interpreter or bool(required and required.value_boolean)
        if _code(concept) == BRAILLE:
            braille = True
        else:
            language = language or _in_words(concept, LANGUAGES, _OTHER_LANGUAGE)
    return language, interpreter, braille


def _concept(among: list[Extension], name: str) -> CodeableConcept:
    found = extension(among, name)
    return found.value_concept if found and found.value_concept else CodeableConcept()


def _code(concept: CodeableConcept) -> str:
    return next((c.code for c in concept.coding if c.code), "")


def _words(concept: CodeableConcept) -> str:
    return plain(next((c.display for c in concept.coding if c.display), concept.text))
