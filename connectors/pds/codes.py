"""The code lists of PDS that the desk shows in words.

Source: UK Core code systems PreferredWrittenCommunicationFormat, PreferredContactMethod, DeathNotificationStatus and
HumanLanguage (ISO 639-1 with q1 to q5); HL7 AdministrativeGender as PDS uses it (0 not known, 9 not specified).
"""

from __future__ import annotations

GENDERS = {"male": "Male", "female": "Female", "other": "Not specified", "unknown": "Not known"}
GENDER_NOT_KNOWN = GENDERS["unknown"]

FORMATS = {"11": "Large print", "12": "Braille", "13": "Audio"}
BRAILLE = "q1"

NO_PHONE = "8"
CONTACT_METHODS = {
    "1": "Letter",
    "2": "Visit",
    "3": "Telephone",
    "4": "E-mail",
    "5": "Textphone (Minicom)",
    "6": "Telephone through another person",
    "7": "Sign language",
    NO_PHONE: "No telephone contact",
}

DEATH_REPORTED = "1"
DEATH_CONFIRMED = "2"
DEATH_REMOVED = "U"

LANGUAGES = {
    "q2": "American Sign Language",
    "q3": "Auslan",
    "q4": "BSL",
    "q5": "Makaton",
    "am": "Amharic",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "cy": "Welsh",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ne": "Nepali",
    "nl": "Dutch",
    "pa": "Punjabi",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "si": "Sinhala",
    "sk": "Slovak",
    "so": "Somali",
    "sq": "Albanian",
    "sw": "Swahili",
    "ta": "Tamil",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "yo": "Yoruba",
    "zh": "Chinese",
}
