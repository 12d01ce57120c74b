"""Several threads may meet a type at the same moment."""

import subprocess
import sys
from typing import Any

import msgspec
import pytest

from countermark.model.decoding import convert, decode

#: Makes types that nobody has met, and has four threads meet each at the same moment. `msgspec` itself ends such a
#: process at once, so it is a process of its own.
_MEET = """
import sys, threading, types
from countermark.model.decoding import convert, decode

sys.setswitchinterval(1e-6)


def new_type(number):
    lines = ["from __future__ import annotations", "import msgspec", "class Inner(msgspec.Struct):"]
    lines += [f"    f{place}: str = ''" for place in range(30)]
    lines += ["class Outer(msgspec.Struct):", "    inner: Inner"]
    lines += [f"    g{place}: tuple[Inner, ...] = ()" for place in range(30)]
    module = types.ModuleType(f"met{number}")
    sys.modules[module.__name__] = module
    exec("\\n".join(lines), module.__dict__)
    return module.Outer


def meet(kind, start, place):
    start.wait()
    if place % 2:
        convert({"inner": {}, "g1": [{}]}, kind)
    else:
        decode(b'{"inner": {}, "g1": [{}]}', kind)


for number in range(200):
    kind, start = new_type(number), threading.Barrier(4)
    threads = [threading.Thread(target=meet, args=(kind, start, place)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print("all read")
"""


class Named(msgspec.Struct, frozen=True):
    name: str
    parts: tuple["Named", ...] = ()


def test_four_threads_that_meet_a_type_at_once_all_read() -> None:
    ended = subprocess.run([sys.executable, "-c", _MEET], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "all read\n"), ended.stderr


def test_it_reads_as_msgspec_does() -> None:
    plain: Any = {"name": "a", "parts": [{"name": "b"}]}
    read = Named("a", (Named("b"),))
    assert convert(plain, Named) == decode(msgspec.json.encode(plain), Named) == read
    assert decode(b"[1, 2]", tuple[int, ...]) == (1, 2)
    assert convert({1: "a"}, dict[int, str]) == {1: "a"}
    assert convert("3", int, strict=False) == 3


def test_what_does_not_fit_says_where() -> None:
    for read in (lambda: convert({"name": 1}, Named), lambda: decode(b'{"name": 1}', Named)):
        with pytest.raises(msgspec.ValidationError, match=r"\$\.name"):
            read()
