"""Nodes as processes: start, ask, kill, start again, put an old copy back."""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
#: Longest that a test waits for something that happens within a second or two on an idle machine.
PATIENCE = 180.0


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE, every: float = 0.05) -> None:
    """Wait until something is so; fails with its words when it is not in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"Not within {seconds} s: {what}")
        time.sleep(every)


@dataclass
class Node:
    """One organisation's node: a folder, a port, and its processes, forked from a nursery of its own.

    Attributes:
        home: its folder.
        party: id in agreements.
        name: of the organisation.
        kind: rights_holder, marketplace or payment.
        more: added to the environment of its processes.
        plain: whether the commands run as an operator runs them, and not forked.
    """

    home: Path
    party: str
    name: str
    kind: str
    more: dict[str, str] = field(default_factory=dict)
    plain: bool = False
    port: int = field(default_factory=free_port)
    _nursery: "subprocess.Popen[str] | None" = None
    _processes: dict[str, int] = field(default_factory=dict)
    _plain: dict[str, "subprocess.Popen[str]"] = field(default_factory=dict)
    _pipes: dict[str, tuple[IO[str], IO[str]]] = field(default_factory=dict)

    @property
    def node(self) -> str:
        """Its address, which is its name in logs."""
        return f"127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """Its SQLite file."""
        return self.home / "countermark.sqlite3"

    def environment(self) -> dict[str, str]:
        """Of all its processes."""
        dropped = ("COUNTERMARK", "DATABASE", "PYTHONDONTWRITE")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        return (
            kept
            | {
                "DJANGO_SETTINGS_MODULE": "countermark.node.config.settings.demo",
                "COUNTERMARK_HOME": str(self.home),
                "COUNTERMARK_NODE_NAME": self.node,
                "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
                # Compiling everything anew takes most of a start.
                "PYTHONPYCACHEPREFIX": f"{tempfile.gettempdir()}/countermark-compiled-{os.getuid()}",
            }
            | self.more
        )

    def warm(self) -> None:
        """Start loading, without waiting for it."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "nursery.log").open("a") as log:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.exchange.nursery"],
                env=self.environment(),
                cwd=ROOT,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def found(self) -> None:
        """Make its database, its organisation and its keys."""
        if "DATABASE_URL" not in self.more and not self.database.exists():
            shutil.copyfile(_empty_database(), self.database)
        self.ask("setup", name=self.name, kind=self.kind, party=self.party, node=self.node)

    def ask(self, act: str, by: str = "driver", twists: dict[str, str] | None = None, **given: Any) -> Any:
        """Call one of `driver`'s acts in a process of this node, named `by`."""
        self.tell(act, by, twists, **given)
        return self.hear(act, by)

    def tell(self, act: str, by: str = "driver", twists: dict[str, str] | None = None, **given: Any) -> None:
        """As `ask`, without waiting for the answer."""
        if by not in self._pipes or not self.running(by):
            self._start_driver(by, twists or {})
        asking, _ = self._pipes[by]
        asking.write(json.dumps({"act": act, "with": given}) + "\n")
        asking.flush()

    def hear(self, act: str = "", by: str = "driver") -> Any:
        """The answer to what was told."""
        line = self._pipes[by][1].readline()
        if not line:
            raise Died(f"{self.party} {act}: the process ended without an answer")
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(f"{self.party} {act}: {answer['error']}: {answer['detail']}")
        return answer["ok"]

    def serve(self, **twists: str) -> None:
        """Start answering, and wait until it does."""
        self._node("serve", ["serve", "--port", str(self.port)], twists)
        wait_until(lambda: self._answers() or not self.running("serve"), f"{self.party} answers")

    def exchange(self, **twists: str) -> None:
        """Start talking with partners."""
        self._node("exchange", ["exchange"], twists)

    def kill(self, *names: str) -> None:
        """Kill processes with no chance to tidy up."""
        for name in names or [*self._processes, *self._plain]:
            plain = self._plain.pop(name, None)
            if plain is not None:
                plain.kill()
                plain.wait()
            process = self._processes.pop(name, None)
            if process is not None:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
                wait_until(lambda process=process: not _lives(process), f"{name} ends")
            for pipe in self._pipes.pop(name, ()):
                with suppress(BrokenPipeError):
                    pipe.close()

    def running(self, name: str) -> bool:
        """Whether a process still runs."""
        if name in self._plain:
            return self._plain[name].poll() is None
        return name in self._processes and _lives(self._processes[name])

    def process(self, name: str) -> int:
        """Number of a process."""
        return self._processes[name]

    def put_back(self, copy: Path) -> None:
        """Stop everything, and put an old copy of the database in place of the present one."""
        self.kill()
        for file in self.home.glob(f"{self.database.name}*"):
            file.unlink()
        shutil.copyfile(copy, self.database)

    def close(self) -> None:
        """Stop everything."""
        self.kill()
        if self._nursery is not None:
            self._nursery.kill()
            self._nursery.communicate()

    def _node(self, name: str, arguments: list[str], twists: dict[str, str]) -> None:
        if not self.plain:
            self._fork(name, ["node", *arguments], twists)
            return
        with (self.home / f"{name}.log").open("a") as log:
            command = [sys.executable, "-m", "countermark.cli.main", "node", *arguments]
            self._plain[name] = subprocess.Popen(
                command, env=self.environment(), cwd=ROOT, text=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _start_driver(self, name: str, twists: dict[str, str]) -> None:
        self.kill(name)
        paths = [self.home / f"{name}.log.{way}" for way in ("in", "out")]
        for path in paths:
            path.unlink(missing_ok=True)
            os.mkfifo(path)
        self._fork(name, [], twists)
        # Each end waits for the other: in the order of the driver.
        self._pipes[name] = paths[0].open("w"), paths[1].open()

    def _fork(self, name: str, arguments: list[str], twists: dict[str, str]) -> None:
        if self._nursery is None:
            self.warm()
        nursery = self._nursery
        assert nursery is not None
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        asked = {"arguments": arguments, "twists": twists, "log": str(self.home / f"{name}.log")}
        nursery.stdin.write(json.dumps(asked) + "\n")
        nursery.stdin.flush()
        answer = nursery.stdout.readline()
        assert answer, (self.home / "nursery.log").read_text()[-2000:]
        self._processes[name] = int(answer)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Died(AssertionError):
    """A process ended before it answered."""


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


@cache
def _empty_database() -> Path:
    """A database with tables and no rows, made once a run."""
    folder = Path(tempfile.mkdtemp(prefix="countermark-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    node = Node(folder, "nobody", "Nobody", "marketplace")
    try:
        node.ask("migrate")
    finally:
        node.close()
    return node.database


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

    @property
    def ways(self) -> tuple[tuple[Node, Node], tuple[Node, Node]]:
        """Who speaks and who hears."""
        return self.nodes, self.nodes[::-1]

    def say(self, count: int = 1, **more: Any) -> None:
        """Both say something."""
        for node in self.nodes:
            node.ask("say", name=self.agreement, count=count, **more)

    def settled(self) -> bool:
        """Whether each has all of the other's feed."""
        return all(one.ask("entries", ours=True) == other.ask("entries", ours=False) for one, other in self.ways)

    def applied(self) -> bool:
        """Whether each has all of the other's feed, and has applied it."""
        return self.settled() and all(set(node.ask("applied")) <= {"done"} for node in self.nodes)

    def nothing_lost_nothing_twice(self) -> None:
        """Wait until all is applied; then compare what was said, what came, and what it did, on both sides."""
        wait_until(self.applied, "both have all and have applied it")
        for speaker, hearer in self.ways:
            said = speaker.ask("entries", ours=True)
            assert [seq for seq, _, _ in said] == list(range(1, len(said) + 1))
            effects = hearer.ask("effects")
            comments = [(entry_id, seq) for seq, entry_id, kind in said if kind == "case.commented"]
            assert sorted((one, seq) for one, _, seq in effects) == sorted(comments)
            for subject in {subject for _, subject, _ in effects}:
                places = [seq for _, of, seq in effects if of == subject]
                assert places == sorted(places), f"{subject} was applied out of order"
            assert speaker.ask("contradictions") == []


@contextmanager
def pair_of_nodes(folder: Path, *, talking: bool = True, plain: bool = False, **more: dict[str, str]) -> Iterator[Pair]:
    """Two fresh nodes that answer, and talk when asked to; killed at the end.

    Args:
        folder: an empty one.
        talking: whether both exchanges run from the start.
        plain: whether the commands run as an operator runs them.
        more: `brand` and `market`, added to the environment of either.
    """
    pair = Pair(
        Node(folder / "brand", "maison-aurelle", "Maison Aurelle", "rights_holder", more.get("brand", {}), plain),
        Node(folder / "market", "bazaar", "Bazaar", "marketplace", more.get("market", {}), plain),
    )
    try:
        for node in pair.nodes:
            node.warm()
        for node in pair.nodes:
            node.found()
        for node in pair.nodes:
            node.serve()
            if talking:
                node.exchange()
        yield pair
    finally:
        for node in pair.nodes:
            node.close()
