"""What may be written after `helpdesk`: common options stand before or after the subcommand."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from helpdesk import __version__
from helpdesk.cli import output
from helpdesk.start import PRACTICE_PEOPLE, PRACTICE_SEED, Start, begin


class Options:
    """One parsed command line. `command` is the subcommand's words ("patient status"), or "desk"."""

    def __init__(self, namespace: argparse.Namespace) -> None:
        self._values = vars(namespace)
        self.command: str = self._values["command"]
        self.json: bool = self._values["json"]

    def start(self) -> Start:
        """Raises RuleBroken when an option or the configuration file is wrong."""
        v = self._values
        return begin(practice=v["practice"], config=v["config"], profile=v["profile"], data_dir=v["data_dir"])

    def text(self, name: str) -> str:
        return str(self._values.get(name) or "")

    def words(self, name: str) -> str:
        """Words that a shell split, put together again."""
        return " ".join(self._values[name])

    def many(self, name: str) -> tuple[str, ...]:
        return tuple(self._values.get(name) or ())

    def number(self, name: str) -> int:
        return int(self._values[name])

    def flag(self, name: str) -> bool:
        return bool(self._values.get(name))


_TYPED = re.compile(r"(invalid \w+)( value)?: '.*?'(?= \(choose|$)", re.DOTALL)
_NOT_UNDERSTOOD = "unrecognized arguments: "


class _OneLine(argparse.ArgumentParser):
    """A parser whose errors are one line on standard error, exit code 2; options are written in full."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**{**named, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        output.problem(f"{_without_values(message)}. See {self.prog} --help.")
        sys.exit(2)


def _without_values(message: str) -> str:
    """argparse's words without what was typed: that may be a patient's number."""
    if message.startswith(_NOT_UNDERSTOOD):
        words = message.removeprefix(_NOT_UNDERSTOOD).split()
        options = [w.split("=", 1)[0] for w in words if re.match(r"--?[A-Za-z]", w)]
        return f"unknown option {', '.join(options)}" if options else "there are words that belong to no command"
    return _TYPED.sub(r"\1\2", message)


def _common(default: Any) -> argparse.ArgumentParser:
    """The common options; `default` is SUPPRESS after the subcommand, so that what stood before it is kept."""

    def of(value: Any) -> Any:
        return default if default is argparse.SUPPRESS else value

    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--practice", action="store_true", default=of(False), help="the practice area: nobody in it is real")
    parser.add_argument("--config", metavar="FILE", default=of(None), help="the configuration file (TOML)")
    parser.add_argument("--profile", metavar="NAME", default=of(None), help="live, practice or sandbox")
    parser.add_argument("--data-dir", metavar="DIR", default=of(None), help="where this desk keeps its files")
    parser.add_argument("--json", action="store_true", default=of(False), help="results as JSON")
    parser.add_argument("--staff", metavar="LOGIN", default=of(None), help="who signs in, on a live profile")
    parser.add_argument("--version", action="version", version=f"helpdesk {__version__}")
    return parser


def parse(argv: Sequence[str]) -> Options:
    """Exits with 2 and one clear line when the words make no command."""
    parser = _OneLine(prog="helpdesk", parents=[_common(None)], description="The patient helpdesk. Without a command it opens the desk.")
    parser.set_defaults(command="desk")
    groups = parser.add_subparsers(metavar="COMMAND")
    _practice(_group(groups, "practice", "the practice area"))
    _patient(_group(groups, "patient", "one patient"))
    _call(_group(groups, "call", "calls taken at this desk"))
    _extract(_group(groups, "extract", "files from practices and providers"))
    _waits(_group(groups, "waits", "published counts of waiting, and the figures made of them"))
    _connector(_group(groups, "connector", "the systems that are asked"))
    _directory(_group(groups, "directory", "organisations and services"))
    _staff(_group(groups, "staff", "who may work at this desk"))
    _command(_group(groups, "audit", "the record of who saw what"), "audit verify", "checks that nothing was changed or removed")
    pop = _command(groups, "pop", "a call that the telephone system announces")
    pop.add_argument("--from", dest="phone", metavar="NUMBER", required=True)
    pop.add_argument("--call-id", metavar="ID", default=None)
    pop.add_argument("--queue", metavar="NAME", default=None)
    _bench(_group(groups, "bench", "how fast this program is on this computer"))
    _command(groups, "doctor", "versions and paths of this installation")
    return Options(parser.parse_args(list(argv)))


Group = Any
"""argparse's action for subparsers; it has no public type."""


def _group(groups: Group, name: str, words: str) -> Group:
    parser = groups.add_parser(name, help=words, description=words, parents=[_common(argparse.SUPPRESS)])
    return parser.add_subparsers(metavar="COMMAND", required=True)


def _command(groups: Group, name: str, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = groups.add_parser(
        name.split()[-1], help=words, description=words, parents=[_common(argparse.SUPPRESS)]
    )
    parser.set_defaults(command=name)
    return parser


def _practice(groups: Group) -> None:
    serve = _command(groups, "practice serve", "the area's servers alone; prints one JSON line and ends on SIGTERM")
    serve.add_argument("--people", type=int, default=PRACTICE_PEOPLE, metavar="N")
    serve.add_argument("--seed", type=int, default=PRACTICE_SEED, metavar="S")
    serve.add_argument("--until-eof", action="store_true", help="ends at the end of standard input too")
    stories = _command(groups, "practice stories", "the story patients and what each shows")
    stories.set_defaults(people=PRACTICE_PEOPLE, seed=PRACTICE_SEED)


def _patient(groups: Group) -> None:
    search = _command(groups, "patient search", "finds people by anything said")
    search.add_argument("text", metavar="TEXT", nargs="+")
    search.add_argument("--reason", default=None)
    status = _command(groups, "patient status", "where one patient stands")
    status.add_argument("number", metavar="NHS-NUMBER", nargs="+")
    status.add_argument("--reason", default=None)


def _count(text: str) -> int:
    """Raises ValueError, which argparse says as "invalid number"."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


_count.__name__ = "number"


def _call(groups: Group) -> None:
    listing = _command(groups, "call list", "the calls of this desk, latest first")
    listing.add_argument("--limit", type=_count, default=50, metavar="N", help="at most so many")
    listing.add_argument("--reason", default=None)
    show = _command(groups, "call show", "one call")
    show.add_argument("id", metavar="ID")
    show.add_argument("--reason", default=None)


_EXTRACT_KINDS = ("persons", "open_pathways", "clocks", "clock_starts", "clock_stops", "referrals", "activity")


def _extract(groups: Group) -> None:
    for name, words in (
        ("extract check", "looks through a file and says what is wrong with it"),
        ("extract import", "checks a file and swaps it in"),
    ):
        parser = _command(groups, name, words)
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--kind", choices=_EXTRACT_KINDS, default=None)
        parser.add_argument("--provider", metavar="ODS", default=None)
        parser.add_argument("--as-at", metavar="DATE", default=None)
        parser.add_argument("--mapping", metavar="FILE", default=None, help="what this provider calls the columns, as TOML")
        parser.add_argument("--reason", default=None)
        if name == "extract import":
            words = "also if it is much smaller or larger than the one in use"
            parser.add_argument("--accept-count", "--any-size", dest="any_size", action="store_true", help=words)
        else:
            parser.add_argument("--columns", action="store_true", help="also says what each column looks like")
            parser.add_argument("--propose", metavar="FILE", default=None, help="writes the mapping that is proposed")
    take = _command(groups, "extract take", "takes in what waits in the watched folders and mailboxes")
    take.add_argument("--reason", default=None)
    listing = _command(groups, "extract list", "what was imported, refused and stopped, when and by whom")
    listing.add_argument("--reason", default=None)


def _waits(groups: Group) -> None:
    importing = _command(groups, "waits import", "takes in NHS England's monthly files, as published")
    importing.add_argument("files", metavar="FILE", nargs="+")
    importing.add_argument("--reason", default=None)
    back_test = _command(groups, "waits backtest", "tries the figures on the months held that are over")
    back_test.add_argument("--reason", default=None)


def _connector(groups: Group) -> None:
    _command(groups, "connector list", "the connectors found, and the instances configured")
    check = _command(groups, "connector check", "asks each configured system whether it answers")
    check.add_argument("name", metavar="NAME", nargs="?", default=None)
    secret = _command(groups, "connector secret", "keeps a secret of a connection, or of cis2, read from standard input")
    secret.add_argument("instance", metavar="INSTANCE")
    secret.add_argument("name", metavar="NAME")
    secret.add_argument("--forget", action="store_true", help="forgets it instead")


def _directory(groups: Group) -> None:
    search = _command(groups, "directory search", "finds organisations and services by name, code or postcode")
    search.add_argument("text", metavar="TEXT", nargs="+")
    search.add_argument("--postcode", default=None, metavar="P", help="nearest to this postcode, or to its first part, first")


def _staff(groups: Group) -> None:
    add = _command(groups, "staff add", "makes an account; the password is asked for")
    add.add_argument("login", metavar="LOGIN")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", action="append", required=True, metavar="ROLE", help="may stand more than once")
    _command(groups, "staff list", "the accounts of this desk")
    disable = _command(groups, "staff disable", "ends an account; its records stay")
    disable.add_argument("login", metavar="LOGIN")


def _bench(groups: Group) -> None:
    waits = _command(groups, "bench waits", "imports a month of published counts of the whole country's size")
    waits.add_argument("--rows", type=_count, default=183_000, metavar="N", help="how many rows")
    extract = _command(groups, "bench extract", "imports a large extract beside the database's own speed and a desk at work")
    extract.add_argument("--people", type=_count, default=50_000, metavar="N", help="1000000 is the full size")
    extract.add_argument("--pathways", type=_count, default=10_000, metavar="N", help="200000 is the full size")
    sources = _command(groups, "bench sources", "opens a patient before slow systems, and takes the time to the last panel")
    sources.add_argument("--runs", type=_count, default=200, metavar="N", help="how many look-ups")
    pathways = _command(groups, "bench pathways", "one patient's pathways, gaps and words, and a look through the whole area")
    pathways.add_argument("--pathways", type=_count, default=20_000, metavar="N", help="how large the area is; 200000 is the full size")
    pathways.add_argument("--patients", type=_count, default=500, metavar="N", help="how many patients are asked for one by one")
