"""Applies each planted fault in a temporary worktree and shows that the test of its promise goes red.

A patch in this folder begins with two lines, `Promise: …` and `Test: <pytest id>`; the rest is a unified diff.
Exits with 1 when a test stays green, cannot be run, or a patch no longer applies.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
RED = 1


@dataclass(frozen=True)
class Planted:
    name: str
    promise: str
    test: str
    patch: Path


def planted(chosen: list[str]) -> list[Planted]:
    found = []
    for path in sorted(HERE.glob("*.patch")):
        lines = path.read_text(encoding="utf-8").splitlines()
        promise, test = (lines[i].split(":", 1)[1].strip() for i in (0, 1))
        if not chosen or any(c in path.stem for c in chosen):
            found.append(Planted(path.stem, promise, test, path))
    return found


def result_of(one: Planted, tree: Path) -> str:
    git = ["git", "-C", str(tree)]
    subprocess.run([*git, "checkout", "--quiet", "--", "."], check=True)
    # A line of context is enough: what stands further off may change without touching the fault.
    applied = subprocess.run([*git, "apply", "-C1", str(one.patch)], capture_output=True, text=True, check=False)
    if applied.returncode:
        return f"DOES NOT APPLY: {applied.stderr.strip().splitlines()[0]}"
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONPATH=str(tree))
    for folder in sorted(TOP.parent.glob("*/nhs-specs")):
        # A worktree has no folder of specifications beside it.
        env.setdefault("NHS_SPECS", str(folder))
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "--no-header", one.test], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    if ran.returncode == RED:
        return "red"
    if ran.returncode == 0 and " passed" not in ran.stdout:
        return "COULD NOT RUN (skipped)"
    return "STAYED GREEN" if ran.returncode == 0 else f"COULD NOT RUN ({ran.returncode}): {ran.stdout.strip().splitlines()[-1:]}"


def main(chosen: list[str]) -> int:
    rows = []
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        tree = Path(folder) / "tree"
        subprocess.run(["git", "-C", str(TOP), "worktree", "add", "--quiet", "--detach", str(tree), "HEAD"], check=True)
        try:
            for one in planted(chosen):
                rows.append((one, result_of(one, tree)))
                sys.stdout.write(f"{rows[-1][1]:<14} {one.name}\n")
                sys.stdout.flush()
        finally:
            subprocess.run(["git", "-C", str(TOP), "worktree", "remove", "--force", str(tree)], check=False)
    sys.stdout.write("\n| promise | planted fault | test | result |\n|---|---|---|---|\n")
    for one, result in rows:
        sys.stdout.write(f"| {one.promise} | {one.name} | {one.test} | {result} |\n")
    return 0 if rows and all(result == "red" for _, result in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
