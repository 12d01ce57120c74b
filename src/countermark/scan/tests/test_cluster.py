"""The same through Daft on Ray: a worker and then a machine are killed, and the bytes are those of one process."""

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
    scan_folder(
        runner(folder / "listings", folder / "ray", at="25"), None, inputs="x", engine=Engine.RAY, workers=2
    )
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
    (tmp_path / "orphan-1").touch()
    (tmp_path / "run.py").write_text(SCRIPT)
    # A process of its own: Ray leaves threads and sockets that the rest of the tests must not see.
    with (tmp_path / "said").open("w") as said:
        done = subprocess.run(
            [sys.executable, tmp_path / "run.py", tmp_path],
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, (tmp_path / "said").read_text()[-3000:]
    assert not [*tmp_path.glob("die-*"), *tmp_path.glob("orphan-*")], "no worker was killed"
    scan_folder(runner(listings, tmp_path / "alone"), None, inputs="x")
    assert ids(tmp_path / "ray") == list(range(60))
    assert written(tmp_path / "ray") == written(tmp_path / "alone")
