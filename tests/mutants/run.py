"""Changes the rules of clocks and stitching in every small way there is, and shows how many of the changes their tests notice.

Works on a copy of what is committed, in build/mutants, with a tool and an environment of its own: `make mutants`.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tarfile
import venv
from collections import Counter
from pathlib import Path

TOOL = "mutmut==3.8.1"
LEAST_PERCENT = 95
CHECKOUT = Path(__file__).resolve().parents[2]
PLACE = CHECKOUT / "build" / "mutants"
COPY = PLACE / "copy"
RULES = (
    "clock",
    "clock_history",
    "clock_reading",
    "hard_keys",
    "joining",
    "course",
    "alike",
    "disagreements",
    "timeline",
)
"""Modules of helpdesk/pathways."""
TESTS = (
    "test_clock_history",
    "test_clock_oracle",
    "test_pathway_clock",
    "test_pathway_course",
    "test_pathway_alike",
    "test_pathway_disagreements",
    "test_pathway_events",
    "test_pathway_stitching",
    "test_extract_joining",
    "test_activity_pathways",
)
"""Modules of tests/unit."""
KILLED, SURVIVED, NO_TESTS = "killed", "survived", "no tests"
_OUTCOMES = {0: SURVIVED, 1: KILLED, 3: KILLED, 5: NO_TESTS, 33: NO_TESTS}
"""By the tool's exit code for a mutant; any other is a test run that was cut short, which a fault may well do."""


def main() -> int:
    python = _environment()
    _copy()
    subprocess.run([python.with_name("mutmut"), "run", *sys.argv[1:]], cwd=COPY, check=True, stdout=subprocess.DEVNULL)
    return _report()


def _environment() -> Path:
    """The tool beside everything that is installed here: its own packages never come into the project's environment."""
    python = PLACE / "env" / "bin" / "python"
    if not python.exists():
        venv.create(PLACE / "env", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TOOL], check=True)
        (site,) = (PLACE / "env" / "lib").glob("python*/site-packages")
        shutil.rmtree(site / "tests", ignore_errors=True)  # one of the tool's own packages would stand before ours
        installed = next(Path(p) for p in sys.path if p.endswith("site-packages"))
        (site / "zz_project.pth").write_text(f"{installed}\n", encoding="utf-8")
    return python


def _copy() -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    what = ("helpdesk", "connectors", "resources", "tests", "pyproject.toml")
    archive = subprocess.run(["git", "archive", "HEAD", *what], cwd=CHECKOUT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as held:
        held.extractall(COPY, filter="data")
    listed = {
        "source_paths": ["helpdesk"],
        "only_mutate": [f"helpdesk/pathways/{name}.py" for name in RULES],
        "also_copy": ["connectors", "resources"],
        "pytest_add_cli_args_test_selection": [f"tests/unit/{name}.py" for name in TESTS],
        "use_git_change_detection": ["false"],
    }
    settings = "[mutmut]\n" + "".join(
        f"{key} = " + "\n    ".join(["", *values] if len(values) > 1 else values) + "\n" for key, values in listed.items()
    )
    (COPY / "setup.cfg").write_text(settings, encoding="utf-8")


def _report() -> int:
    every: Counter[str] = Counter()
    left: list[str] = []
    for name in RULES:
        held = COPY / "mutants" / "helpdesk" / "pathways" / f"{name}.py.meta"
        codes = json.loads(held.read_text(encoding="utf-8"))["exit_code_by_key"]
        outcomes = {mutant: KILLED if code is None or code not in _OUTCOMES else _OUTCOMES[code] for mutant, code in codes.items()}
        tally = Counter(outcomes.values())
        every += tally
        left += sorted(m for m, outcome in outcomes.items() if outcome != KILLED)
        sys.stdout.write(f"{name:<16} {tally[KILLED]:>4} of {len(outcomes):>4} killed\n")
    percent = 100 * every[KILLED] / every.total()
    sys.stdout.write("".join(f"  not noticed: {mutant}\n" for mutant in left))
    sys.stdout.write(f"{every[KILLED]} of {every.total()} mutants killed: {percent:.1f}% (at least {LEAST_PERCENT}% wanted)\n")
    return 0 if percent >= LEAST_PERCENT else 1


if __name__ == "__main__":
    sys.exit(main())
