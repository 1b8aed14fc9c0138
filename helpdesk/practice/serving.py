"""Runs the systems of the practice area on loopback, and writes the configuration that points at them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from helpdesk.lazy import load
from helpdesk.practice.model import Area, Organisation, StubServer
from helpdesk.practice.organisations import System, organisations, providers, systems

LIST_KIND = "waiting_list_extract"
LINK_KIND = "deep_link"


@dataclass(frozen=True)
class Served:
    """The running systems. `addresses` by instance name; leaving its `with` block stops them, and so does `stop`."""

    servers: Mapping[str, StubServer]

    @property
    def addresses(self) -> dict[str, str]:
        return {instance: server.address for instance, server in self.servers.items()}

    def stop(self) -> None:
        """Side by side: each takes a moment to notice."""
        if self.servers:
            with ThreadPoolExecutor(max_workers=len(self.servers), thread_name_prefix="stop") as pool:
                list(pool.map(lambda server: server.stop(), self.servers.values()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def serve(area: Area, stubs: Mapping[str, str]) -> Served:
    """Starts one server for each instance. `stubs` names by instance the entry of its connector's stub; one without an
    entry has nothing to serve. A stub is told its instance, whose part of the area it serves. If one cannot start, those
    already running are stopped."""
    running: dict[str, StubServer] = {}
    try:
        for instance, entry in stubs.items():
            if entry:
                running[instance] = load(entry)(area, port=0, instance=instance)
    except BaseException:
        Served(running).stop()
        raise
    return Served(running)


def configuration(served: Served, folder: Path, named: Sequence[Organisation] | None = None) -> str:
    """A configuration file, as TOML, of a sandbox desk that asks these servers and reads the lists in that folder."""
    lines = ["[desk]", f"organisation = {_text(_board(named))}", 'profile = "sandbox"']
    about = {s.instance: s for s in systems()}
    for instance, address in served.addresses.items():
        lines += ["", f"[connectors.{instance}]", *_where(about.get(instance), address)]
        lines += _more(about[instance]) if instance in about else []
    for provider in providers():
        lines += [
            "",
            f"[connectors.{provider.instance}]",
            f"kind = {_text(LIST_KIND)}",
            f"label = {_text(provider.label)}",
            f"folder = {_text(str(folder / provider.instance))}",
            f"provider = {_text(provider.ods.value)}",
            "watched = false",
        ]
    lines += ["", "[organisations]"]
    lines += [f"{o.ods.value} = {_text(o.name)}" for o in _all(named)]
    lines += ["", "[telephones]"]
    lines += [f"{p.ods.value} = {_text(p.phone)}" for p in providers()]
    return "\n".join(lines) + "\n"


def _where(system: System | None, address: str) -> list[str]:
    """How it is reached: a service by its base address, a link by the whole address with the patient's place in it."""
    if system is None or system.kind != LINK_KIND:
        return [f"base_url = {_text(address)}", 'sign_in = "none"']
    link = {"system": "shared_care_record", "url": f"{address}/record?patient={{nhs_number}}", "host": "127.0.0.1", "context": "nhs_number"}
    return [f"{name} = {_text(value)}" for name, value in (link | {"agreement": "Practice area"}).items()]


def _more(system: System) -> list[str]:
    """What is said of an instance beside its address."""
    said = {"kind": system.kind if system.kind != system.instance else "", "label": system.label, "provider": system.provider}
    lines = [f"{name} = {_text(value)}" for name, value in said.items() if value]
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in system.more.items()]
    return lines + ([] if system.enabled else ["enabled = false"])


def _all(named: Sequence[Organisation] | None) -> Sequence[Organisation]:
    return organisations() if named is None else named


def _board(named: Sequence[Organisation] | None) -> str:
    return next((o.ods.value for o in _all(named) if o.kind == "icb"), "XICB")


def _text(value: str) -> str:
    """A TOML basic string, which has JSON's escapes."""
    return json.dumps(value, ensure_ascii=False)
