"""Nodes as processes: start, ask, kill, start again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: Longest that a test waits for something that happens within a second or two on an idle machine.
PATIENCE = 180.0


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait until something is so; fails with its words when it is not in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"Not within {seconds} s: {what}")
        time.sleep(0.05)


@dataclass
class Node:
    """One organisation's node: a folder, a port, and its processes.

    Attributes:
        home: its folder.
        party: id in agreements.
        name: of the organisation.
        kind: rights_holder, marketplace or payment.
        more: added to the environment of its processes.
    """

    home: Path
    party: str
    name: str
    kind: str
    more: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _processes: dict[str, "subprocess.Popen[str]"] = field(default_factory=dict)

    @property
    def node(self) -> str:
        """Its address, which is its name in logs."""
        return f"127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Of all its processes."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("COUNTERMARK", "DATABASE"))}
        return (
            kept
            | {
                "DJANGO_SETTINGS_MODULE": "countermark.node.config.settings.demo",
                "COUNTERMARK_HOME": str(self.home),
                "COUNTERMARK_NODE_NAME": self.node,
                "COUNTERMARK_CHECKPOINT_SECONDS": "1",
                "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            }
            | self.more
        )

    def ask(self, act: str, **given: Any) -> Any:
        """Call one of `driver`'s acts in a process of this node."""
        driver = self._processes.get("driver")
        if driver is None or driver.poll() is not None:
            driver = self._start("driver", [sys.executable, "-m", "tests.exchange.driver"])
        assert driver.stdin is not None
        assert driver.stdout is not None
        driver.stdin.write(json.dumps({"act": act, "with": given}) + "\n")
        driver.stdin.flush()
        answer = json.loads(driver.stdout.readline())
        if "error" in answer:
            raise AssertionError(f"{self.party} {act}: {answer['error']}: {answer['detail']}")
        return answer["ok"]

    def serve(self) -> None:
        """Start answering, and wait until it does."""
        self._node("serve", "serve", "--port", str(self.port))
        wait_until(self._answers, f"{self.party} answers")

    def exchange(self, **more: str) -> None:
        """Start talking with partners."""
        self._node("exchange", "exchange", **more)

    def kill(self, *names: str) -> None:
        """Kill processes with no chance to tidy up."""
        for name in names or list(self._processes):
            process = self._processes.pop(name, None)
            if process is not None:
                process.send_signal(signal.SIGKILL)
                process.wait()
                for pipe in (process.stdin, process.stdout):
                    if pipe is not None:
                        pipe.close()

    def running(self, name: str) -> bool:
        """Whether a process still runs."""
        return name in self._processes and self._processes[name].poll() is None

    def close(self) -> None:
        """Stop everything."""
        self.kill()

    def _node(self, name: str, *arguments: str, **more: str) -> None:
        self._start(name, [sys.executable, "-m", "countermark.cli.main", "node", *arguments], more)

    def _start(self, name: str, command: list[str], more: dict[str, str] | None = None) -> "subprocess.Popen[str]":
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                command,
                env=self.environment() | (more or {}),
                cwd=ROOT,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if name == "driver" else log,
                stderr=log,
            )
        self._processes[name] = process
        return process

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass
class Pair:
    """A brand's node and a marketplace's, with an agreement in force."""

    brand: Node
    market: Node
    agreement: str = ""

    @property
    def nodes(self) -> tuple[Node, Node]:
        """Both."""
        return self.brand, self.market

    def agree(self, terms: dict[str, Any] | None = None) -> None:
        """Draft, offer, sign on both sides, over the wire."""
        self.agreement = self.brand.ask("draft_and_offer", card_text=self.market.ask("card"), terms=terms or {})
        wait_until(lambda: self.agreement in self.market.ask("agreements"), "the offer arrives")
        for node in self.nodes:
            node.ask("sign", name=self.agreement)
        wait_until(lambda: all(node.ask("agreements").get(self.agreement) == "agreed" for node in self.nodes), "agreed")

    def settled(self) -> bool:
        """Whether each has all of the other's feed."""
        return all(
            one.ask("entries", ours=True) == other.ask("entries", ours=False)
            for one, other in (self.nodes, self.nodes[::-1])
        )


@contextmanager
def pair_of_nodes(folder: Path, *, talking: bool = True, **more: dict[str, str]) -> Iterator[Pair]:
    """Two fresh nodes that answer, and talk when asked to; killed at the end.

    Args:
        folder: an empty one.
        talking: whether both exchanges run from the start.
        more: `brand` and `market`, added to the environment of either.
    """
    pair = Pair(
        Node(folder / "brand", "maison-aurelle", "Maison Aurelle", "rights_holder", more.get("brand", {})),
        Node(folder / "market", "bazaar", "Bazaar", "marketplace", more.get("market", {})),
    )
    try:
        for node in pair.nodes:
            node.ask("setup", name=node.name, kind=node.kind, party=node.party, node=node.node)
            node.serve()
            if talking:
                node.exchange()
        yield pair
    finally:
        for node in pair.nodes:
            node.close()
