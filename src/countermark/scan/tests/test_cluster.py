"""The same parts through Daft on Ray: one worker is killed with signal 9, and the bytes are those of one process."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from countermark.scan.folders import scan_folder
from countermark.scan.tests.test_folders import ids, runner, written

SCRIPT = """
import sys
from pathlib import Path
from countermark.scan.folders import Engine, scan_folder
from countermark.scan.tests.test_folders import runner

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    tally = scan_folder(
        runner(folder / "listings", folder / "ray", at="25"), None, inputs="x", engine=Engine.RAY, workers=2
    )
    print("again", tally.again)
"""


@pytest.mark.cluster
def test_a_killed_worker_on_ray_loses_nothing_and_the_bytes_are_those_of_one_process(
    request: pytest.FixtureRequest, listings: Path, tmp_path: Path
) -> None:
    if "cluster" not in (request.config.option.markexpr or ""):
        pytest.skip("starts a local Ray cluster: run it by `pytest -m cluster`")
    if importlib.util.find_spec("daft") is None or importlib.util.find_spec("ray") is None:
        pytest.skip("needs the extra `cluster` (daft and ray)")
    (tmp_path / "die-1").touch()
    (tmp_path / "run.py").write_text(SCRIPT)
    # A process of its own: Ray leaves threads and sockets that the rest of the tests must not see.
    done = subprocess.run(
        [sys.executable, tmp_path / "run.py", tmp_path], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert not (tmp_path / "die-1").exists(), "no worker was killed"
    scan_folder(runner(listings, tmp_path / "alone"), None, inputs="x")
    assert ids(tmp_path / "ray") == list(range(60))
    assert written(tmp_path / "ray") == written(tmp_path / "alone")
