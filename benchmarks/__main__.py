"""`python -m benchmarks [NAME …] [--full]`: run benchmarks and write each result to benchmarks/results/NAME.json."""

import argparse
import importlib
import json
import os
import pkgutil
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def names() -> list[str]:
    """Every benchmark: a module here with a function run(size)."""
    folder = str(Path(__file__).parent)
    return sorted(m.name for m in pkgutil.iter_modules([folder]) if not m.name.startswith("_"))


def machine() -> dict[str, object]:
    """What the figures were measured on; figures travel badly, ratios better."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "machine": platform.machine()}


def run_one(name: str, size: str) -> bool:
    """Run one benchmark and keep its figures; False when it cannot run here, with the reason said."""
    module = importlib.import_module(f"benchmarks.{name}")
    print(f"\n== {name} ({size})", flush=True)
    figures = module.run(size)
    if figures is None:
        print("   not run here: what it needs is missing")
        return False
    record = {
        "benchmark": name,
        "size": size,
        "on": datetime.now(UTC).date().isoformat(),
        **machine(),
        "figures": figures,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / file_name(name, size, figures)).write_text(
        json.dumps(record, indent=2, ensure_ascii=False, default=float) + "\n"
    )
    return True


def file_name(name: str, size: str, figures: dict[str, object]) -> str:
    """Where figures are kept: those of another database than the embedded one stand beside, and replace nothing."""
    database = str(figures.get("database", "sqlite"))
    parts = [name, *([] if database == "sqlite" else [database]), *([] if size == "full" else [size])]
    return ".".join([*parts, "json"])


def main() -> None:
    """Run what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="benchmarks to run; default: all")
    parser.add_argument("--full", action="store_true", help="the sizes that the stated figures come from (minutes)")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(names())
    if unknown:
        sys.exit(f"No benchmark called {', '.join(sorted(unknown))}. There are: {', '.join(names())}.")
    for name in asked.names or names():
        run_one(name, "full" if asked.full else "small")


if __name__ == "__main__":
    main()
