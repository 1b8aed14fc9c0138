"""Counts and curves as they are kept: small enough for every provider in England, and read back as they were."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from helpdesk.waits.counts import Bands, CellCounts, month_of
from helpdesk.waits.curve import Curve
from helpdesk.waits.flows import Flow
from helpdesk.waits.model import BackTest
from helpdesk.waits.reckoning import Reckoned

Kept = tuple[Reckoned, BackTest | None]
_LEVEL = 6


def pack_counts(cells: Mapping[str, CellCounts]) -> bytes:
    return _pack({f: [c.waiting, c.decided, c.admitted, c.not_admitted, c.started] for f, c in cells.items()})


def unpack_counts(packed: bytes) -> dict[str, CellCounts]:
    return {
        function: CellCounts(_bands(waiting), _bands(decided), _bands(admitted), _bands(not_admitted), started)
        for function, (waiting, decided, admitted, not_admitted, started) in _unpack(packed).items()
    }


def _bands(held: list[int] | None) -> Bands | None:
    return None if held is None else tuple(held)


def pack_curves(lists: Mapping[str, Kept]) -> bytes:
    """By treatment function; a list of those with a decision to admit has its own entry."""
    return _pack({name: _as_data(*kept) for name, kept in lists.items()})


def unpack_curves(packed: bytes) -> dict[str, Kept]:
    return {name: _as_kept(held) for name, held in _unpack(packed).items()}


def _as_data(list_: Reckoned, test: BackTest | None) -> dict[str, Any]:
    return {
        "last": str(list_.pool.last),
        "months": list_.pool.months,
        "exposure": _short(list_.pool.exposure, 2),
        "seen": list_.pool.seen,
        "otherwise": _short(list_.pool.otherwise, 2),
        "h_seen": _short(list_.curve.seen, _LEVEL),
        "h_otherwise": _short(list_.curve.otherwise, _LEVEL),
        "pace": list_.pace,
        "spread": list_.spread,
        "failed": list_.failed,
        "test": None if test is None else [test.months, test.inside, test.people, test.within_half],
    }


def _as_kept(held: Mapping[str, Any]) -> Kept:
    last = month_of(held["last"])
    if last is None:
        raise ValueError("a kept curve has no month")
    pool = Flow(last, held["months"], tuple(held["exposure"]), tuple(held["seen"]), tuple(held["otherwise"]))
    curve = Curve(tuple(held["h_seen"]), tuple(held["h_otherwise"]))
    test = held["test"]
    return Reckoned(pool, curve, held["pace"], held["spread"], held["failed"]), BackTest(*test) if test else None


def _short(values: tuple[float, ...], places: int) -> list[float]:
    return [round(v, places) for v in values]


def _pack(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)


def _unpack(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))
