"""Health, as a supervisor asks for it."""

from django.db import DatabaseError

from countermark.node.findings.engine import policy_in_use


def test_a_node_that_answers_is_alive(client):
    answer = client.get("/health/live")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_a_node_with_database_and_store_is_ready(client, db):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    said = answer.json()
    assert said.pop("policy") == policy_in_use().digest
    assert said == {"status": "ok", "checks": {"database": "ok", "store": "ok"}}


def test_a_database_that_does_not_answer_is_told_without_its_address(client, monkeypatch):
    def fails() -> bool:
        raise DatabaseError("could not connect to server at 10.0.0.7 as user secret")

    monkeypatch.setattr("countermark.node.parties.selectors.has_organisation", fails)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "failed", "store": "ok"}
    assert b"10.0.0.7" not in answer.content


def test_a_store_that_cannot_be_written_is_told(client, db, settings, tmp_path, monkeypatch):
    settings.COUNTERMARK_STORE = tmp_path
    monkeypatch.setattr("os.access", lambda *_: False)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["store"] == "failed"
