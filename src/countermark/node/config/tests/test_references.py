"""Files beside the rights are read at the start, or refused."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from countermark.node.config.references import network_named, rates_named


@pytest.mark.parametrize("read", [rates_named, network_named])
def test_a_node_does_not_start_with_a_file_that_cannot_be_used(read, monkeypatch, tmp_path):
    (tmp_path / "odd.yaml").write_text("version: 7\n", encoding="utf-8")
    for path in (tmp_path / "nothing.yaml", tmp_path / "odd.yaml"):
        monkeypatch.setenv("COUNTERMARK_ODD", str(path))
        with pytest.raises(ImproperlyConfigured, match="COUNTERMARK_ODD names a file"):
            read("COUNTERMARK_ODD")
    monkeypatch.delenv("COUNTERMARK_ODD")
    assert read("COUNTERMARK_ODD") is None
