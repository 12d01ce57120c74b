"""The path of a network of the user's own, proven with a tiny one that the test makes."""

import hashlib
import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from countermark.cli.main import app
from countermark.formats import read_findings, read_portfolio
from countermark.model import InvalidRecord
from countermark.signals.image.embeddings import EmbeddingStage, read_network_settings
from countermark.signals.image.seen import SeenPicture

onnx = pytest.importorskip("onnx", reason="needs the development group and the extra `pictures`")
pytest.importorskip("faiss", reason="needs the extra `pictures`")

RIGHTS = """
version: 1
group: Maison Aurelle
brands:
  - name: Corvane
    photos: [official.png]
"""


def pooling_network(path: Path) -> str:
    """Average pool to 4 x 4 a colour and flatten: 48 numbers. Gives its SHA-256."""
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [
            helper.make_node("AveragePool", ["pixels"], ["pooled"], kernel_shape=[8, 8], strides=[8, 8]),
            helper.make_node("Flatten", ["pooled"], ["vector"]),
        ],
        "pool",
        [helper.make_tensor_value_info("pixels", floats, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("vector", floats, [1, 48])],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(made.SerializeToString())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def picture(seed: int, quality: int | None = None) -> bytes:
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 5, 3), np.uint8)
    large = cv2.resize(coarse, (240, 240), interpolation=cv2.INTER_CUBIC)
    ending, options = (".png", []) if quality is None else (".jpg", [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imencode(ending, large, options)[1].tobytes()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "rights.yaml").write_text(RIGHTS, encoding="utf-8")
    (tmp_path / "official.png").write_bytes(picture(1))
    # The middle of the official photo: a fingerprint does not know it, a network does.
    cropped = np.asarray(cv2.imdecode(np.frombuffer(picture(1), np.uint8), 1))[20:220, 20:220]
    cv2.imwrite(str(tmp_path / "part.png"), cropped)
    (tmp_path / "other.png").write_bytes(picture(2))
    rows = "".join(f"{n},Elegant bag,60,EUR,shop,s,2026-11-01T10:00:00Z,{n}.png\n" for n in ("part", "other", "gone"))
    head = "id,title,price,currency,seller,seller_id,captured_at,images\n"
    (tmp_path / "listings.csv").write_text(head + rows, encoding="utf-8")
    settings(tmp_path)
    return tmp_path


def settings(folder: Path, **changed: object) -> Path:
    told = {
        "model": "pool.onnx",
        "sha256": pooling_network(folder / "pool.onnx"),
        "size": 32,
        "threshold": 0.8,
        **changed,
    }
    path = folder / "network.yaml"
    path.write_text("".join(f"{key}: {value}\n" for key, value in told.items()), encoding="utf-8")
    return path


def scanned(shop: Path, output: str, *more: str) -> bytes:
    command = ["scan", str(shop / "listings.csv"), "--rights", str(shop / "rights.yaml"), "--no-reading"]
    done = CliRunner().invoke(app, [*command, "-o", str(shop / output), *more])
    assert done.exit_code == 0, done.output
    return (shop / output).read_bytes()


def test_a_scan_names_the_network_and_the_photo_it_finds_alike_for_any_number_of_workers(shop: Path) -> None:
    told = ("--embeddings", str(shop / "network.yaml"))
    alone = scanned(shop, "one.jsonl", *told, "--workers", "1")
    findings = list(read_findings(str(shop / "one.jsonl")))
    assert [finding.external_id for finding in findings] == ["part"]
    reason = next(reason for reason in findings[0].reasons if reason.signal == "image.looks_like")
    assert reason.reference == "official.png"
    assert reason.facts["network"] == hashlib.sha256((shop / "pool.onnx").read_bytes()).hexdigest()[:16]
    assert 0.5 <= reason.value < 1
    assert findings[0].level == "low"
    assert scanned(shop, "two.jsonl", *told, "--workers", "2") == alone
    assert scanned(shop, "none.jsonl") == b""


def test_it_travels_and_says_the_same_there(shop: Path) -> None:
    reading = read_portfolio(shop / "rights.yaml")
    stage = EmbeddingStage.prepare(reading.portfolio, reading.images, read_network_settings(shop / "network.yaml"))
    seen = SeenPicture(0, "a.jpg", picture(1, quality=40))
    found = stage.look(seen)
    assert found[0].value > 0.9
    assert pickle.loads(pickle.dumps(stage)).look(seen) == found
    assert stage.look(SeenPicture(0, "b.png", picture(2))) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sha256": "00"}, "sha256"),
        ({"size": 4}, "size"),
        ({"threshold": 1}, "threshold"),
        ({"std": [0, 1, 1]}, "std"),
        ({"layout": "hwc"}, "layout"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_in_the_settings_is_named(shop: Path, changed: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidRecord, match=field):
        read_network_settings(settings(shop, **changed))


@pytest.mark.parametrize(("changed", "word"), [({"output": "logits"}, "vector"), ({"size": 64}, "cannot be run")])
def test_a_network_that_does_not_fit_its_settings_is_said_before_the_scan(
    shop: Path, changed: dict[str, object], word: str
) -> None:
    reading = read_portfolio(shop / "rights.yaml")
    with pytest.raises(InvalidRecord, match=word):
        EmbeddingStage.prepare(reading.portfolio, reading.images, read_network_settings(settings(shop, **changed)))
