"""Listings are recognised when they come again, with memory that does not grow."""

import gc
import resource

from countermark.formats.seen import Seen


def test_a_listing_seen_before_is_told_with_the_place_of_the_first() -> None:
    with Seen() as seen:
        assert seen.add("a.csv", [1, 2], ["Bazaar", "Bazaar"], ["x", "y"]) == {}
        assert seen.add("b.csv", [1, 2, 3], ["Bazaar", "Other", "Bazaar"], ["y", "y", "z"]) == {0: ("a.csv", 2)}
        assert seen.add("a.csv", [9], ["Bazaar"], ["z"]) == {0: ("b.csv", 3)}


def test_a_double_inside_one_call_is_told_too() -> None:
    with Seen() as seen:
        assert seen.add("a.csv", [4, 5, 6], ["B"] * 3, ["x", "x", "x"]) == {1: ("a.csv", 4), 2: ("a.csv", 4)}


def test_marketplace_and_id_do_not_run_into_each_other() -> None:
    with Seen() as seen:
        assert seen.add("a", [1, 2], ["ab", "a"], ["c", "bc"]) == {}


def test_memory_stays_where_it_is_while_listings_go_by() -> None:
    with Seen() as seen:
        for start in range(0, 200_000, 5_000):
            rows = list(range(start, start + 5_000))
            assert seen.add("big.csv", rows, ["Bazaar"] * 5_000, [f"id-{row}" for row in rows]) == {}
            if start == 50_000:
                gc.collect()
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 48 * 1024  # KiB; SQLite's cache is 32 MiB
