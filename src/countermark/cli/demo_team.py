"""Three nodes on one machine: folders, ports, environments, and the order in which they are prepared."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from countermark.cli.demo_cast import ALTO_PAY, AURELLE, BAZAAR, TEAM, Cast
from countermark.cli.demo_stage import DEMO_SETTINGS

#: Says which ports the nodes have: their addresses stand in signed agreements, so they stay.
PORTS = "ports.json"
#: Listings at the end of the market that the marketplace shares itself.
SHARED_BY_BAZAAR = 60
#: Of the organisations' keys in the demo; real ones are nobody's to print.
PASSPHRASE = "a key that signs nothing real"  # noqa: S105


@dataclass(frozen=True)
class Team:
    """The demo's three nodes.

    Attributes:
        folder: all of it.
        ports: by party.
    """

    folder: Path
    ports: dict[str, int]

    def home(self, cast: Cast) -> Path:
        """Folder of one node."""
        return self.folder / cast.party

    def environment(self, cast: Cast) -> dict[str, str]:
        """What the processes of one node are given."""
        return {
            "DJANGO_SETTINGS_MODULE": DEMO_SETTINGS,
            "COUNTERMARK_HOME": str(self.home(cast).resolve()),
            "COUNTERMARK_NODE_NAME": f"127.0.0.1:{self.ports[cast.party]}",
            "COUNTERMARK_ORGANISATION_KEY": str(self._key(cast)),
            "COUNTERMARK_DEMO_PASSPHRASE": PASSPHRASE,
        }

    def prepare(self, tell: Callable[[str], None], *, listings: int, seed: int) -> None:
        """Make what is missing, keep what is there, and tell the person who waits what is being done.

        Raises:
            subprocess.CalledProcessError: a stage failed; its own words stand on the terminal.
        """
        left_out = min(SHARED_BY_BAZAAR, listings // 4)
        names = ", ".join(cast.name for cast in TEAM)
        tell(f"Preparing three nodes: {names}. The first time this takes some minutes.")
        others = [self._start(cast, "--quiet") for cast in (BAZAAR, ALTO_PAY)]
        scan = ("--scan", str(listings), "--seed", str(seed), "--left-out", str(left_out))
        _wait([self._start(AURELLE, *scan), *others])
        market = str(self.home(AURELLE) / "market")
        tell(f"Bringing {BAZAAR.name} its listings.")
        stock = ("--stock-from", market, "--listings", str(listings), "--left-out", str(left_out), "--quiet")
        _wait([self._start(BAZAAR, *stock)])
        if not (self.folder / "offered").exists():
            tell("Offering the agreements.")
            self._offer(AURELLE, BAZAAR, ALTO_PAY)
            self._offer(BAZAAR, ALTO_PAY)
            (self.folder / "offered").touch()

    def logins(self, cast: Cast) -> dict[str, str]:
        """Passwords of one node's people, by e-mail."""
        told: dict[str, str] = json.loads((self.home(cast) / "logins.json").read_text())
        return told

    def address(self, cast: Cast) -> str:
        """Where a browser finds a node."""
        return f"http://127.0.0.1:{self.ports[cast.party]}/"

    def commands(self) -> list[tuple[list[str], dict[str, str]]]:
        """Everything that runs while people look: pages, worker and exchange of each node."""
        found = []
        for cast in TEAM:
            environment = self.environment(cast)
            found.append((["serve", "--port", str(self.ports[cast.party])], environment))
            found.append((["exchange"], environment))
            found.append((["work"], environment))
        return found

    def _offer(self, cast: Cast, *partners: Cast) -> None:
        homes = [str(self.home(partner)) for partner in partners]
        _wait([self._start(cast, "--quiet", "--offer-to", *homes)])

    def _start(self, cast: Cast, *arguments: str) -> "subprocess.Popen[bytes]":
        home = self.home(cast)
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        command = [sys.executable, "-m", "countermark.cli.demo_stage", cast.party, "--key", str(self._key(cast))]
        return subprocess.Popen([*command, *arguments], env=os.environ | self.environment(cast))

    def _key(self, cast: Cast) -> Path:
        return (self.folder / "organisation-keys" / f"{cast.party}.pem").resolve()


def team_in(folder: Path, first_port: int) -> Team | None:
    """The team of a folder, on the ports that it has had since its first start; None when one of them is taken.

    Args:
        folder: of the demo.
        first_port: where the search for three free ports begins, the first time.
    """
    kept = folder / PORTS
    if kept.exists():
        ports: dict[str, int] = json.loads(kept.read_text())
        return Team(folder, ports) if all(map(is_free, ports.values())) else None
    free = [port for port in range(first_port, first_port + 40) if is_free(port)][: len(TEAM)]
    if len(free) < len(TEAM):
        return None
    team = Team(folder, {cast.party: port for cast, port in zip(TEAM, free, strict=True)})
    kept.write_text(json.dumps(team.ports))
    return team


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _wait(children: "Sequence[subprocess.Popen[bytes]]") -> None:
    codes = [child.wait() for child in children]
    for child, code in zip(children, codes, strict=True):
        if code:
            raise subprocess.CalledProcessError(code, child.args)
