"""Fixtures every room may use."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real photographs, titles and records beside the project; the test is skipped where they are missing."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real data is not here: expected a folder ../shared/data beside the project")
    return folder
