"""What organisations are called: never waited for, learnt behind the desk, each code asked once."""

from __future__ import annotations

import threading
from typing import Any

from helpdesk.composition.names import OrganisationNames
from helpdesk.errors import StorageError


class Learning:
    """A directory whose names come when they were asked for."""

    def __init__(self, *, fails: bool = False) -> None:
        self.names: dict[str, str] = {}
        self.asked: list[list[str]] = []
        self.done = threading.Event()
        self._fails = fails

    def name_of(self, code: str) -> str:
        return self.names.get(code, code)

    def learn(self, codes: list[str]) -> None:
        self.asked.append(codes)
        if not self._fails:
            self.names |= {code: f"Hospital {code}" for code in codes}
        self.done.set()
        if self._fails:
            raise StorageError("The disk is full.")


def named(directory: Any) -> OrganisationNames:
    return OrganisationNames({"XFC01": "Fenmoor City Hospital"}, directory)


def test_the_configuration_comes_first_and_an_unknown_code_stands_as_it_is() -> None:
    names = named(Learning())
    assert names("XFC01") == "Fenmoor City Hospital"
    assert names("XZZ99") == "XZZ99"


def test_a_name_is_learnt_behind_the_desk() -> None:
    directory = Learning()
    names = named(directory)
    stop = names.start()
    assert names("XZZ99") == "XZZ99"
    assert directory.done.wait(5)
    assert names("XZZ99") == "Hospital XZZ99"
    assert directory.asked == [["XZZ99"]]
    stop()


def test_a_directory_that_fails_is_asked_again_with_the_next_new_code_and_not_before(caplog: Any) -> None:
    caplog.set_level("CRITICAL", logger="helpdesk.composition.names")
    directory = Learning(fails=True)
    names = named(directory)
    stop = names.start()
    names("XZZ99")
    assert directory.done.wait(5)
    directory.done.clear()
    names("XZZ99")
    names("XZZ98")
    assert directory.done.wait(5)
    assert directory.asked == [["XZZ99"], ["XZZ98", "XZZ99"]]
    stop()
