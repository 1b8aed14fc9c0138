"""Stuck pathways of the whole area: the list, its filters, one row in full, and a call straight from it."""
