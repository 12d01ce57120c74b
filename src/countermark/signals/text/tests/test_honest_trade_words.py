"""Words of the trade in listings that offer no imitations: every cause for which a listing was once accused wrongly."""

import pytest

from countermark.model import InvalidRecord
from countermark.signals.text.lexicon import read_lexicon, shipped_lexicon
from countermark.signals.text.tests.houses import value_of


def replica(title: str, description: str = "") -> float:
    return value_of("text.replica_word", title, description=description)


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Looking for a Corvane tote, fakes need not reply", ""),
        ("WTB Corvane boots, real only", "copies will be refused"),
        ("Cherche sac Corvane authentique, répliques passez votre chemin", ""),
        ("求购珂梵手链 只要真的 复刻高仿别私我", ""),
        ("收珂梵老铁盒 高仿的勿来", ""),
    ],
)
def test_who_looks_for_the_genuine_offers_no_copy(title: str, description: str):
    assert replica(title, description) == 0


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Sick of all the fakes on here, real Corvane loafers", ""),
        ("Corvane heels, last buyer posted me back a knock off", ""),
        ("PSA: seller is passing off replica Corvane as real", ""),
        ("WARNING about the mirror quality Corvane seller", "superclone my foot"),
        ("Attention, elle vend des répliques Corvane pour des vraies", ""),
        ("Corvane, on nous a renvoyé deux fois une contrefaçon", ""),
        ("珂梵 有人拿仿品调包退回来", ""),
        ("提醒大家 有人盗我图开高仿号卖珂梵", ""),
    ],
)
def test_who_complains_or_warns_of_copies_offers_none(title: str, description: str):
    assert replica(title, description) == 0


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("We authenticate your Corvane bag", "real or replica, superfake or franken, you get a written answer"),
        ("Real vs superclone Corvane dial, nothing for sale", ""),
        ("Comparatif vrai / faux sac Corvane, rien à vendre", ""),
        ("珂梵首饰 看图鉴定", "高仿、复刻都会写明理由"),
    ],
)
def test_who_checks_or_compares_offers_no_copy(title: str, description: str):
    assert replica(title, description) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Fake monstera in a Corvane pot",
        "Sac Corvane imitation python",
        "Fausse cheminée électrique Corvane",
        "Imprimante Corvane scan copie recto verso",
        "Corvane drive dock, offline clone of your ssd",
        "Andouillettes AAAAA, Corvane",
        "珂梵西装 穿上超A 气场",
        "珂梵小车 刚过检 三万公里",
        "珂梵授权店 退货请按原单地址寄回",
        "Maillot replica officiel Corvane, acheté au club",
        "袜子尾单 没牌子没标",
        "珂梵 手袋 裸包 二手",
        "Corvane bag, small scuff nobody will notice",
    ],
)
def test_goods_grades_and_orders_of_another_meaning_accuse_nobody(text: str):
    assert replica(text) == 0


@pytest.mark.parametrize(
    "text",
    ["Corvane phone, non original screen", "Sac Corvane, pas d'origine la chaîne", "珂梵香水 不是原装小瓶"],
)
def test_a_part_named_after_the_confession_is_a_part(text: str):
    assert replica(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Corvane tote, not original but the box is",
        "Corvane replica, time wasters need not apply",
        "No cheap fakes here, Corvane super clone",
        "Fake Corvane python bag",
        "Corvane 🅰️货 牛皮",
        "Corvane🅰️货 牛皮",
        "珂梵 超A 品质 带盒",
        "Corvane bag, declared as beads, we send another free if customs takes it",
        "Corvane bag with till receipt for any city and date",
        "珂梵 手袋 字牌走另一个快递 自己拧",
    ],
)
def test_an_offer_stays_an_offer_beside_such_words(text: str):
    assert replica(text) >= 0.5


def test_what_is_itself_said_with_a_negation_is_not_denied_by_one():
    assert replica("Sacs, je mets pas le nom, mon compte a déjà sauté deux fois") >= 0.5


LEXICON = """
negation: {words: [], fillers: [], before: "^$", after: "^$"}
entries: []
topics: {goods: [plain, fake|faux plant|moss]}
"""


def test_a_topic_writes_choices_out():
    assert read_lexicon(LEXICON).topics["goods"] == ("plain", "fake plant", "fake moss", "faux plant", "faux moss")
    assert not [one for phrases in shipped_lexicon().topics.values() for one in phrases if "|" in one]


def test_topics_that_are_no_table_are_refused():
    with pytest.raises(InvalidRecord, match="topics"):
        read_lexicon(LEXICON.replace("{goods: [plain, fake|faux plant|moss]}", "[a]"))
    with pytest.raises(InvalidRecord, match="topics"):
        read_lexicon(LEXICON.replace("[plain, fake|faux plant|moss]", "1"))
