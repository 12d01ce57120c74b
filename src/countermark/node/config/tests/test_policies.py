"""The policy of a node: its own file or the shipped one, and no start with a wrong one."""

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured

from countermark.judge import load_policy
from countermark.node.config.policies import policy_bytes
from countermark.node.config.tests.test_settings import run, safe
from countermark.node.findings.engine import policy_in_use
from countermark.node.findings.selectors import policy_facts

SHIPPED = load_policy().source


@pytest.fixture
def named(tmp_path, monkeypatch):
    """Name a file with these contents, and read it as a node does at its start."""

    def read(contents: bytes) -> bytes:
        (tmp_path / "policy.yaml").write_bytes(contents)
        monkeypatch.setenv("COUNTERMARK_POLICY", str(tmp_path / "policy.yaml"))
        return policy_bytes("COUNTERMARK_POLICY")

    return read


def test_without_the_setting_the_shipped_policy_judges(monkeypatch, settings):
    monkeypatch.delenv("COUNTERMARK_POLICY", raising=False)
    settings.COUNTERMARK_POLICY = policy_bytes("COUNTERMARK_POLICY")
    assert policy_in_use().digest == load_policy().digest
    assert policy_facts()["from"] == "shipped with the engine"


def test_a_file_of_ones_own_judges_and_its_hash_is_said(named, settings):
    settings.COUNTERMARK_POLICY = named(SHIPPED + b"# ours\n")
    assert policy_in_use().digest != load_policy().digest
    assert policy_facts()["policy"] == policy_in_use().digest
    assert policy_facts()["from"] == "COUNTERMARK_POLICY"


def with_weights(**changed: object) -> bytes:
    """The shipped policy with some weights other; None takes one out."""
    raw = yaml.safe_load(SHIPPED)
    weights = raw["weights"] | {name.replace("__", "."): weight for name, weight in changed.items()}
    raw["weights"] = {name: weight for name, weight in weights.items() if weight is not None}
    return yaml.safe_dump(raw, sort_keys=False).encode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (b"version: 99\n", "it is missing"),
        (with_weights(text__mark=-0.4), "speaks for infringement"),
        (with_weights(text__rumour=1.0), "no such signal"),
        (with_weights(seller__new_shop=None), "seller.new_shop"),
    ],
)
def test_a_wrong_file_is_refused_by_name(named, wrong, words):
    with pytest.raises(ImproperlyConfigured, match="COUNTERMARK_POLICY names a policy that cannot be used") as refused:
        named(wrong)
    assert words in str(refused.value)


def test_a_node_does_not_start_with_a_policy_that_is_not_there(tmp_path):
    started = run(["check"], tmp_path, **safe(COUNTERMARK_POLICY=str(tmp_path / "nothing.yaml")))
    assert started.returncode != 0
    assert "COUNTERMARK_POLICY" in started.stderr
    assert "nothing.yaml cannot be read" in started.stderr
