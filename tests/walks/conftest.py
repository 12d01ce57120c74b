"""A whole node in its own processes, as `countermark demo` starts it, and Debian's Chromium to walk through it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "var" / "walks"
CHROMIUM = Path("/usr/bin/chromium")
COMMAND = [sys.executable, "-m", "countermark.cli.main"]
LISTINGS = 150

#: Narrowest to widest: one for each band of the layout.
WIDTHS = (360, 700, 1000, 1400, 1900)


@dataclass(frozen=True)
class Node:
    """A running node: its address and who can log in with which password."""

    address: str
    logins: dict[str, str]

    def email(self, who: str) -> str:
        return f"{who}@aurelle.example"

    def password(self, who: str) -> str:
        return self.logins[self.email(who)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.walk)


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The demo's node over a small market, on a free loopback port, with one worker."""
    home = tmp_path_factory.mktemp("node")
    told = subprocess.run(
        [*COMMAND, "demo", "--alone", "--folder", str(home), "--listings", str(LISTINGS), "--no-serve", "--json"],
        check=True,
        capture_output=True,
        timeout=600,
        cwd=ROOT,
    )
    logins = json.loads(told.stdout)["logins"]
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "countermark.node.config.settings.demo",
        "COUNTERMARK_HOME": str(home),
    }
    commands = [["node", "serve", "--port", str(port)], ["node", "work"]]
    with running([[*COMMAND, *command] for command in commands], environment):
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{address}/health/ready")
        yield Node(address, logins)


@contextmanager
def running(commands: list[list[str]], environment: dict[str, str]) -> Iterator[None]:
    children = [subprocess.Popen(command, env=environment, cwd=ROOT) for command in commands]
    try:
        yield
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=60)


@contextmanager
def node_of_both_sides(module: str, home: Path, **more: str) -> Iterator[dict[str, Any]]:
    """A node that holds both sides, run by a module of this folder: what it tells of itself, and its address.

    Args:
        module: `rooms_node` for `python -m tests.walks.rooms_node PORT`.
        home: its folder.
        more: added to its environment.
    """
    port = free_port()
    own = {"DJANGO_SETTINGS_MODULE": "countermark.node.config.settings.demo", "COUNTERMARK_HOME": str(home)}
    command = [sys.executable, "-m", f"tests.walks.{module}", str(port)]
    child = subprocess.Popen(command, env=os.environ | own | more, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = json.loads(child.stdout.readline())
    address = f"http://127.0.0.1:{port}"
    wait_until_ready(f"{address}/health/ready")
    yield told | {"address": address}
    child.terminate()
    child.wait(timeout=60)
    child.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(address: str) -> None:
    last: Exception | None = None
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError as error:
            last = error
            time.sleep(0.25)
    raise AssertionError(f"the node did not become ready: {last}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("Debian's Chromium is not installed: apt-get install chromium")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def logged_in(node: Node, chromium: Browser) -> Callable[[str], dict[str, object]]:
    """Cookies of a person who logged in once; log-ins are limited, and so are walks."""
    kept: dict[str, dict[str, object]] = {}

    def cookies(who: str) -> dict[str, object]:
        if who not in kept:
            context = chromium.new_context()
            page = context.new_page()
            log_in(page, node, who)
            kept[who] = context.storage_state()  # type: ignore[assignment]
            context.close()
        return kept[who]

    return cookies


def log_in(page: Page, node: Node, who: str) -> None:
    page.goto(f"{node.address}/account/login/")
    page.get_by_label("Email").fill(node.email(who))
    page.get_by_label("Password").fill(node.password(who))
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/review/**")


@pytest.fixture
def walk(node: Node, chromium: Browser, logged_in: Callable[[str], dict[str, object]]) -> Iterator[Callable[..., Page]]:
    """A page of a person, logged in. When the walk is over, nothing may have broken in its console."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def page_of(who: str = "ana", *, width: int = 1400, height: int = 900, **more: object) -> Page:
        context = chromium.new_context(
            base_url=node.address,
            viewport={"width": width, "height": height},
            storage_state=logged_in(who) if who else None,  # type: ignore[arg-type]
            **more,  # type: ignore[arg-type]
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        return page

    page_of.trouble = trouble  # type: ignore[attr-defined]
    yield page_of
    for context in contexts:
        context.close()
    assert not trouble


def item_of(page: Page) -> str:
    """Id of the finding on the review screen."""
    return page.locator("#item").get_attribute("data-item") or ""


def until_another_item(page: Page, before: str) -> None:
    expect(page.locator("#item")).not_to_have_attribute("data-item", before)


@pytest.fixture
def items() -> tuple[Callable[[Page], str], Callable[[Page, str], None]]:
    """(the item on the screen, wait until it is another one)."""
    return item_of, until_another_item
