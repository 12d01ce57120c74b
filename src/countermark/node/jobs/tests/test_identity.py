import os
import subprocess
import sys

from countermark.node.jobs import identity


def test_a_running_process_is_not_dead():
    assert not identity.surely_dead(identity.my_name())


def test_a_process_that_was_killed_is_surely_dead():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    name = f"{identity.machine()}/{child.pid}/{identity._began(child.pid)}"
    assert not identity.surely_dead(name)
    child.kill()
    child.communicate()
    assert identity.surely_dead(name)


def test_a_zombie_is_dead_before_anyone_collects_it():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    name = f"{identity.machine()}/{child.pid}/{identity._began(child.pid)}"
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert identity.surely_dead(name)
    child.communicate()


def test_another_process_with_the_same_number_is_not_the_worker_that_died():
    assert identity.surely_dead(f"{identity.machine()}/{os.getpid()}/1")


def test_nothing_is_known_about_workers_of_another_machine():
    assert not identity.surely_dead("elsewhere-0-0/1/1")


def test_a_name_that_is_not_one_of_ours_is_never_dead():
    for name in (
        "",
        "/",
        "//",
        f"{identity.machine()}",
        f"{identity.machine()}/x/1",
        f"{identity.machine()}/1/unknown",
    ):
        assert not identity.surely_dead(name)
