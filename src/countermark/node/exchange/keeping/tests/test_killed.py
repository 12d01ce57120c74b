"""Killed at any system call, the folder is as before or as after, and the next command goes on."""

import errno
import os
from functools import partial

import pytest

from countermark.node.exchange.keeping import files, keyring
from countermark.node.exchange.keeping.passphrases import Passphrase
from countermark.node.exchange.keeping.pems import make_organisation_key, read_organisation_key
from countermark.node.exchange.keeping.problems import NotWritten
from countermark.node.exchange.keeping.tests.conftest import NOW, PASSPHRASE, open_folder
from countermark.proof import Purpose

CALLS = ("open", "write", "fsync", "replace", "link", "unlink", "fchmod", "mkdir", "close")


class Killed(BaseException):
    """The process is gone; no handler of it runs to any effect."""


class KilledSystem:
    """`os`, whose n-th call and all later ones do not happen."""

    def __init__(self, lasts: int) -> None:
        self.left = lasts

    def __getattr__(self, name: str):
        real = getattr(os, name)
        return self._guard(real, name) if name in CALLS else real

    def _guard(self, real, name):
        def call(*arguments, **more):
            if self.left <= 0:
                if name == "close":  # a dead process has no open files
                    real(*arguments)
                raise Killed
            self.left -= 1
            return real(*arguments, **more)

        return call


def killed_after(calls: int, monkeypatch, action) -> bool:
    system = KilledSystem(calls)
    with monkeypatch.context() as patched:
        patched.setattr(files, "os", system)
        patched.setattr(keyring, "os", system)
        try:
            action()
        except Killed:
            return True
    return False


def test_a_renewal_that_is_killed_anywhere_leaves_the_old_keys_or_also_the_new_one(tmp_path, monkeypatch):
    outcomes = set()
    for calls in range(200):
        path = tmp_path / str(calls)
        folder = open_folder(path)
        folder.make_operational_keys(NOW)
        before = folder.all_keys()
        killed = killed_after(calls, monkeypatch, lambda path=path: open_folder(path).renew(Purpose.LOG, NOW))
        after = open_folder(path)
        outcomes.add(len(after.all_keys()))
        assert after.all_keys()[:5] == before
        # Whatever is listed can be used, and the next command clears up.
        for kept in after.all_keys():
            assert after.open(kept).public == kept.public.public
        after.renew(Purpose.HTTP, NOW)
        lying = {file.name for file in path.iterdir()}
        assert lying == {"keys.json", ".lock"} | {f"{kept.kid}.pem" for kept in after.all_keys()}
        if not killed:
            break
    else:
        pytest.fail("a renewal never came to its end")
    assert outcomes == {5, 6}
    assert calls > 12


def test_the_first_keys_that_are_killed_anywhere_are_all_there_or_none(tmp_path, monkeypatch):
    for calls in range(300):
        path = tmp_path / str(calls)
        killed = killed_after(calls, monkeypatch, lambda path=path: open_folder(path).make_operational_keys(NOW))
        after = open_folder(path)
        if after.exists():
            assert len(after.all_keys()) == 5
        after.make_operational_keys(NOW)
        assert len(after.all_keys()) == 5
        assert {after.open(kept).public.kid for kept in after.all_keys()} == {kept.kid for kept in after.all_keys()}
        if not killed:
            return
    pytest.fail("making keys never came to its end")


def test_an_organisations_key_that_is_killed_anywhere_is_whole_or_absent(tmp_path, monkeypatch):
    for calls in range(50):
        file = tmp_path / f"{calls}.pem"
        killed = killed_after(calls, monkeypatch, partial(make_organisation_key, file, Passphrase(PASSPHRASE)))
        if file.exists():
            assert read_organisation_key(file, Passphrase(PASSPHRASE)).public.kid
        if not killed:
            assert file.exists()
            return
    pytest.fail("making the key never came to its end")


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open"])
def test_a_full_or_broken_disk_is_said_and_leaves_the_old_keys(folder, monkeypatch, call):
    before = folder.all_keys()
    real = getattr(os, call)

    def full(*arguments, **more):
        if call == "open" and "part" not in str(arguments[0]):
            return real(*arguments, **more)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(f"countermark.node.exchange.keeping.files.os.{call}", full)
        with pytest.raises(NotWritten, match="No space left on device"):
            folder.renew(Purpose.LOG, NOW)
    assert open_folder(folder.path).all_keys() == before
    assert not list(folder.path.glob(".*.part"))
    open_folder(folder.path).renew(Purpose.LOG, NOW)
