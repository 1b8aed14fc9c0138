"""What the call desk says of a call itself."""

from __future__ import annotations

NOT_CHECKED = "Not checked: tell nothing from the record. Write down what the caller says, above all if it is urgent."
GLASS_ENDED = "Break glass has ended. Check the caller, or give a reason again."
TAKEN_OUT = "What was to be sent was taken out: this caller may not be told any more."
STAYS_OPEN = "Another call is ringing. This one stays open."
WITHOUT_PATIENT = "No patient: general advice, directory and safety only."
NOTHING_RUNS = "Start a call first, then search: each look belongs to a call."
SEARCH_FIRST = "Close this person first: wrong person, then search."
UNCHECKED = "The caller is not checked yet. If they cannot be, say so first (F7), then save."
STILL_OPEN = "A call is being taken. Save it first, then start the next one."
