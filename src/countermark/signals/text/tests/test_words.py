"""The list of everyday words: large enough, without our invented houses, and read folded."""

import pytest

from countermark.signals.text.words import common_words, is_common


@pytest.mark.parametrize("word", ["leather", "montre", "montres", "chaine", "mirror", "petite", "手表", "joseph"])
def test_everyday_words_of_three_languages_are_known(word: str):
    assert is_common(word)


@pytest.mark.parametrize("word", ["corvane", "ondrelle", "halcyr", "aurelle", "珂梵", "昂黛儿", "赫希尔"])
def test_invented_houses_are_no_everyday_words(word: str):
    assert not is_common(word)


def test_the_list_is_folded_and_not_small():
    assert len(common_words()) > 3_000
    assert all(word == word.casefold() for word in common_words())
