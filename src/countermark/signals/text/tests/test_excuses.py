"""What takes the meaning of a word of the trade away, and what must not."""

import pytest

from countermark.model import InvalidRecord
from countermark.signals.text.lexicon import read_lexicon, shipped_lexicon
from countermark.signals.text.tests.houses import value_of


def replica(title: str, description: str = "") -> float:
    return value_of("text.replica_word", title, description=description)


@pytest.mark.parametrize(
    "title",
    [
        "Corvane watch super clone, white dial with Roman numerals",
        "Montre Corvane réplique, film de protection encore dessus",
        "Sac Corvane copie conforme, poche zippée",
        "Réplique sac Corvane très classe",
        "Corvane replica charm, knight motif",
        "Corvane replica tote, expert authentication cannot detect",
        "珂梵 复刻 手袋 比例完美",
        "珂梵 复刻 电影同款",
        "珂梵 复刻 著名设计师款",
        "珂梵 高仿 测评第一",
    ],
)
def test_an_ordinary_word_of_offers_hides_no_replica_of_a_house(title: str):
    assert replica(title) >= 0.5


@pytest.mark.parametrize("title", ["Knight replica sword", "Réplique, moulage du musée", "复刻 帆船 摆件"])
def test_the_same_words_excuse_where_no_house_is_named(title: str):
    assert replica(title) == 0


def test_a_title_says_what_its_description_is_about_and_no_description_excuses_a_title():
    assert replica("How to spot a false Corvane", "Super copies and originals side by side.") == 0
    assert replica("教你鉴别珂梵", "高仿与正品逐项对比") == 0
    assert replica("Corvane super copy", "How to spot the difference? You cannot.") >= 0.5


def test_a_word_that_settles_the_sense_of_another_reaches_no_further_than_its_field():
    assert replica("Corvane slides, unbranded box", "perfect dupe, logo and all") >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Corvane coat. All other offers with these pictures are fakes",
        "Corvane coat. If you see this coat at 40 pounds it is a counterfeit",
        "Corvane. Un sac à 50 euros est forcément un faux",
        "Corvane. Les autres annonces sont des contrefaçons",
        "珂梵 市面上几十块的都是仿品",
        "Corvane tote, full refund if our tote is a replica",
        "Corvane, remboursé si c'est une réplique",
    ],
)
def test_what_is_said_of_the_goods_of_others_or_of_a_case_accuses_nobody(text: str):
    assert replica(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Corvane tote. Other sellers ask 400, this is a replica",
        "Corvane tote. Elsewhere 400, it is a replica",
        "Corvane replica, full refund if it is not identical",
        "Corvane bag at 40 pounds is a counterfeit",
        "Corvane. Les autres sont chers, celui-ci est une réplique",
        "珂梵 市面上最强 高仿",
    ],
)
def test_naming_others_or_a_promise_excuses_no_goods_of_ones_own(text: str):
    assert replica(text) >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Corvane tote, I have never owned a replica",
        "Corvane clutch, I thought it was fake, the boutique says otherwise",
        "Pochette Corvane, je la croyais fausse",
        "珂梵手包 一度以为是假的 专柜确认",
        "珂梵 从没卖过高仿",
    ],
)
def test_what_was_never_had_or_only_believed_accuses_nobody(text: str):
    assert replica(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Corvane sunglasses, lenses replaced by non original ones",
        "Bottes Corvane, semelles refaites et non authentiques",
        "Corvane watch, strap is sadly not genuine",
        "珂梵 眼镜 镜片非正品",
    ],
)
def test_a_part_that_is_not_original_is_no_confession(text: str):
    assert replica(text) == 0


@pytest.mark.parametrize(
    "text",
    ["Corvane bracelet - not genuine but lovely", "Corvane with box, not original", "Corvane belt not authentic, box"],
)
def test_a_part_that_is_only_named_beside_a_confession_excuses_nothing(text: str):
    assert replica(text) >= 0.5


@pytest.mark.parametrize("text", ["Corvane c o p y", "sac Corvane f.a.u.x", "Corvane mirr0r grade", "Corvane f-a-k-e"])
def test_short_words_letter_by_letter_and_long_phrases_with_figures_are_read(text: str):
    assert replica(text) >= 0.5


def test_asides_belong_to_topics_and_repeat_none_of_their_words():
    with pytest.raises(InvalidRecord, match="asides"):
        read_lexicon(
            "negation: {words: [], fillers: [], before: '', after: ''}\nentries: []\nasides: {strange: [word]}"
        )
    lexicon = shipped_lexicon()
    assert [name for name, words in lexicon.asides.items() if set(words) & set(lexicon.topics[name])] == []
