"""The two ways of counting, for tests that hold for both."""

import pytest

from countermark.signals.image.index.halves import can_count

needs_faiss = pytest.mark.skipif(not can_count(), reason="needs the extra `pictures`")
WAYS = [pytest.param(False, id="numpy"), pytest.param(True, id="faiss", marks=needs_faiss)]
both_ways = pytest.mark.parametrize("faiss", WAYS)
