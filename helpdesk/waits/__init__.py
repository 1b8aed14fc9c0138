"""How long people in the same place usually wait: worked out from counts, with its limits, and never a date."""
