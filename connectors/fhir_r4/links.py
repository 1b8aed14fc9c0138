"""What the parts of one look-up say of each other by reference: the pathway of a request is that of its appointments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from connectors.fhir_activity import Keys
from connectors.fhir_r4.mapping import Found
from helpdesk.pathways.activity import Activity


def joined(found: Iterable[Found]) -> tuple[Activity, ...]:
    """Each once; one without identifiers or provider has those of what it is based on. A planned visit whose appointment
    is held too is the same thing told twice, and is left out."""
    held = {f.reference: f for f in found}
    return tuple(_with_keys(f, held) for f in held.values() if held.keys().isdisjoint(f.appointments))


def _with_keys(found: Found, held: dict[str, Found]) -> Activity:
    item = found.activity
    for reference in found.based_on:
        if reference in held:
            ground = held[reference].activity
            keys = _keys(item).or_from(_keys(ground))
            item = replace(
                item,
                ubrn=keys.ubrn,
                pathway_id=keys.pathway_id,
                local_id=keys.local_id,
                provider=item.provider or ground.provider,
                ask_team=item.ask_team or ground.ask_team,
            )
    return item


def _keys(item: Activity) -> Keys:
    return Keys(item.ubrn, item.pathway_id, item.local_id)
