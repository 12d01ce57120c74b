"""What the text signals mean, how they can be wrong, and worked examples.

An example is a title, or `title | brand field: … | description: …`. It is measured against the houses Corvane (珂梵),
Ondrelle (昂黛儿), Halcyr (赫希尔, and the generic mark Meridian) and Maison Aurelle.
"""

from countermark.model import SignalExample, SignalSpec


def _example(given: str, low: float, high: float | None = None, note: str = "") -> SignalExample:
    return SignalExample(given=given, low=low, high=low if high is None else high, note=note)


MARK = SignalSpec(
    name="text.mark",
    version=1,
    speaks="for",
    unit=(
        "1 for a whole name in the title or the brand field, 0.8 when written apart or with another word, 0.5 for a "
        "distinctive word of a longer mark, 0.3 for a stretch of a Chinese one or a mark that is an everyday word; "
        "half of it in the description"
    ),
    meaning="A mark, another name or the name of the house is written plainly.",
    wrong_when=(
        "Wrong when the word means something else here, or when the goods are genuine, second-hand, "
        "or only fit the goods of the house."
    ),
    sentence="The {field} names “{found}”, {what} of {brand}.",
    examples=(
        _example("Corvane leather tote, black", 1.0),
        _example("CORVÁNE® Leather Tote", 1.0, note="case, accents and signs of protection do not matter"),
        _example("ＣＯＲＶＡＮＥ 手袋", 1.0, note="full width is how Chinese keyboards write Latin letters"),
        _example("新款珂梵手袋2024", 1.0, note="Chinese has no spaces"),
        _example("Black tote | brand field: Corvane", 1.0),
        _example("Black tote | description: fits next to your Corvane", 0.5, note="descriptions compare and explain"),
        _example("Maison-Aurelle scarf", 1.0, note="other separators than its own"),
        _example("MaisonAurelle scarf", 1.0, note="a mark of two words written as one"),
        _example("Ondr elle silk scarf", 0.8, note="one word written as two"),
        _example("New in #corvanebags", 0.8, note="grown together with an everyday word"),
        _example("Aurelle scarf", 0.5, note="a distinctive word of a longer mark"),
        _example("昂黛 丝巾", 0.3, note="the beginning of a Chinese mark"),
        _example("Halcyr Meridian watch", 1.0),
        _example("Meridian watch", 0.0, note="a generic mark needs a second clue of its house"),
        _example("Meridian watch | brand field: Meridian", 1.0, note="a brand field names a brand"),
        _example("Maison de vacances", 0.0, note="an everyday word of a longer mark"),
        _example("Corvanette hinge", 0.0, note="part of another word"),
        _example("Home corv anew poster", 0.0, note="letters of two words"),
    ),
)

DISGUISED = SignalSpec(
    name="text.disguised_mark",
    version=1,
    speaks="for",
    unit=(
        "how surely the spelling was meant to hide the mark: 0.95 for look-alike letters, 0.9 for hidden characters, "
        "figures or signs for letters and exact masks, down to 0.7 for styled letters; 0.3 when little shows; "
        "0.05 more for each further trick"
    ),
    meaning="The mark appears only after tricks of spelling are undone.",
    wrong_when=(
        "Wrong when styled letters are only fashion, when letters and signs fall together by chance, "
        "or when the whole title is in another script."
    ),
    sentence="The {field} writes “{found}”, which reads {mark}, {what} of {brand} ({tricks}).",
    examples=(
        _example("Соrvаnе bag", 0.95, note="Cyrillic С, о, а, е"),
        _example("Corvane\u200b bag C\u200borvane", 0.9, note="a zero-width space inside the word"),
        _example("C0rv@ne bag", 0.9, note="figures and signs for letters"),
        _example("HaIcyr watch", 0.85, note="a capital I for l"),
        _example("C.o.r.v.a.n.e bag", 0.8),
        _example("C o r v a n e bag", 0.8),
        _example("珂 梵 手袋", 0.8),
        _example("Corvaaane bag", 0.75, note="a letter three times"),
        _example("Onclrelle scarf", 0.85, note="cl for d"),
        _example("🅲🅾🆁🆅🅰🅽🅴 bag", 0.7),
        _example("𝐂𝐨𝐫𝐯𝐚𝐧𝐞 bag", 0.7, note="mathematical letters are also fashion"),
        _example("🇨🇴🇷🇻🇦🇳🇪 bag", 0.7),
        _example("\u202eenavroC\u202c bag", 0.9, note="drawn right to left"),
        _example("enavroC bag", 0.8, note="written backwards"),
        _example("𝐂0rvane bag", 0.95, note="two tricks"),
        _example("C*rvane bag", 0.9, note="one mask, one letter"),
        _example("Corv～ bag", 0.75, note="one mask for several letters"),
        _example("昂*儿 丝巾", 0.9),
        _example("珂* 手袋", 0.3, note="one ideograph shows: weak alone"),
        _example("珂*手袋 高仿", 0.7, note="and stronger beside a replica word"),
        _example("昂丨黛丨儿 丝巾", 0.8, note="strokes between the characters"),
        _example("昂代儿 丝巾", 0.7, note="another character of the same sound"),
        _example("柯梵 手袋", 0.3, note="two syllables: weak alone"),
        _example("柯梵 手袋 高仿", 0.7, note="and stronger beside a replica word"),
        _example("昂黛几 丝巾", 0.7, note="another character that looks alike"),
        _example("河梵 手袋", 0.3, note="of two characters: weak alone"),
        _example("angdaier 丝巾", 0.3, note="the sound in Latin letters"),
        _example("可烦 高兴", 0.0, note="two other characters of the same sound are no clue"),
        _example("Corvane bag", 0.0, note="plain"),
        _example("*NEW* sale* 38*40 cm", 0.0, note="stars that mask nothing"),
        _example("B055 pump, M3r1d1an bolt", 0.0, note="a generic mark needs a second clue, disguised or not"),
        _example("часы мужские", 0.0, note="another script is no disguise"),
    ),
)

LOOKALIKE = SignalSpec(
    name="text.lookalike",
    version=1,
    speaks="for",
    unit="1 − 1.5 × edits / letters of the mark; edits: a letter added, dropped or changed, neighbours exchanged",
    meaning="A word of the title or brand field is close to a mark but not the mark.",
    wrong_when=(
        "Wrong when the word is another maker's own name, a surname, a place, a word of another language, or a slip."
    ),
    sentence="The {field} writes “{found}”, {distance} letters away from {mark}, {what} of {brand}.",
    examples=(
        _example("Corvanne bag", 0.78, 0.79, note="one letter more"),
        _example("Korvane bag", 0.78, 0.79, note="another first letter"),
        _example("Haclyr watch", 0.75, note="neighbours exchanged"),
        _example("Ondrele scarf", 0.81, 0.82, note="one of eight"),
        _example("Ondrallle scarf", 0.62, 0.63, note="two of eight"),
        _example("Ondre scarf", 0.43, 0.44, note="cut short by three"),
        _example("Corvane bag", 0.0, note="the mark itself"),
        _example("Carving knife, caravan, corvette", 0.0, note="everyday words"),
        _example("Korvanne bag", 0.0, note="two edits in seven letters are too many"),
        _example("REF CORVA1NE77", 0.0, note="an article number"),
    ),
)

NAME_PART = SignalSpec(
    name="text.name_part",
    version=1,
    speaks="for",
    unit=(
        "0.5 for a piece that is rare in titles and company names, 0.25 for an everyday word, a first name, a sound "
        "or a letter and a mask; shared among the houses with a name that it fits"
    ),
    meaning="A piece of a name stands beside words for goods: a hint, which counts only beside other evidence.",
    wrong_when=(
        "Wrong when the word is a person, a place, another maker or means itself; most such words do. "
        "By itself it opens no finding."
    ),
    sentence=(
        "The {field} writes “{found}” with “{goods}”: {how}, of {mark}, {what} of {brand}. "
        "How rare: {rarity}. Houses with such a name: {houses}."
    ),
    examples=(
        _example("珂～ 手袋包邮", 0.0, note="a mask beside no word for goods we know is no hint"),
        _example("黛儿 女包", 0.5, note="the end of a name of three characters"),
        _example("新款昂儿手提包", 0.5, note="its first and last character"),
        _example("昂带 手提包", 0.25, note="the sound of its beginning, in one other character"),
        _example("新款 Halc 手表", 0.5, note="cut short, the only Latin word of a Chinese title"),
        _example("Co* 包包", 0.25, note="two letters and a mask"),
        _example("C珂 女包", 0.5, note="a first letter and a first character"),
        _example("黛儿的信", 0.0, note="beside no goods"),
        _example("黛儿娜 女包", 0.0, note="part of another name"),
        _example("Halc watch", 0.0, note="in a title of its own script it may be any word"),
        _example("Maison 包包", 0.0, note="an everyday word of the trade"),
        _example("昂黛儿 黛儿 女包", 0.0, note="the whole name says more"),
        _example("黛儿 女包 | description: 黛儿 女包", 0.5, note="descriptions are not searched"),
    ),
)

REPLICA = SignalSpec(
    name="text.replica_word",
    version=1,
    speaks="for",
    unit="weights of the distinct entries found, each closing its share of what is left to 1",
    meaning="The listing uses words of the replica trade.",
    wrong_when="Wrong when the words are quoted, denied in a way we do not know, or mean something else in this trade.",
    sentence="The {field} says “{found}”: the listing {meaning}.",
    examples=(
        _example("Halcyr replica watch", 0.9, 1.0),
        _example("Corvane tote AAA quality, mirror quality", 0.9, 1.0),
        _example("sac Corvane copie conforme", 0.85),
        _example("赫希尔 高仿 1:1", 0.95, 0.96),
        _example("r e p l i c a Halcyr", 0.9, 1.0, note="pulled apart"),
        _example("A replica, parchment on oak", 0.0, note="what it is about excuses it"),
        _example("replica watch", 0.45, note="no house is named"),
        _example("Imitation Halcyr watch", 0.7, note="a word that says much only beside a house"),
        _example("Imitation pearl necklace", 0.0),
        _example("Not a replica, original Halcyr", 0.0, note="denied"),
        _example("pas une réplique", 0.0, note="denied"),
        _example("非高仿 支持专柜验货", 0.0, note="denied"),
        _example("1:1 scale model kit", 0.0),
        _example("AAA batteries, pack of 8", 0.0),
        _example("Home replica shirt 2024", 0.0, note="what official football shirts are called"),
    ),
)

CONTACT = SignalSpec(
    name="text.contact_outside",
    version=1,
    speaks="for",
    unit="weights of the distinct entries found, each closing its share of what is left to 1",
    meaning="The listing asks buyers to talk outside the platform.",
    wrong_when="Wrong when the goods themselves have to do with messengers or telephones, or the platform allows it.",
    sentence="The {field} says “{found}”: the listing {meaning}.",
    examples=(
        _example("More photos on WhatsApp", 0.8),
        _example("看货加微信", 0.8),
        _example("V❤信 看主页", 0.9, note="two entries"),
        _example("联系 138****8000", 0.6),
        _example("Smartwatch with WhatsApp notifications", 0.0),
        _example("Size 42.5 DM", 0.0),
        _example("EAN 1380013800012", 0.0),
    ),
)

GENUINE = SignalSpec(
    name="text.genuine_context",
    version=1,
    speaks="against",
    unit="weights of the distinct entries found, each closing its share of what is left to 1",
    meaning="The listing says something that lawful offers say: second-hand, compatible with, in the style of.",
    wrong_when="Wrong when a counterfeiter writes it to be believed; it costs nothing.",
    sentence="The {field} says “{found}”: the listing {meaning}.",
    examples=(
        _example("Pre-owned Corvane tote", 0.6),
        _example("Sac Corvane d'occasion, très bon état", 0.6),
        _example("珂梵 二手 手袋 支持专柜验货", 0.8),
        _example("Strap compatible with Halcyr 40 mm", 0.7),
        _example("Not a replica", 0.4, 0.7, note="counterfeiters deny, too"),
        _example("Dress for every occasion", 0.0),
        _example("Watch with sweeping second hand", 0.0),
        _example("Suitable for women", 0.0),
    ),
)

WORDING = SignalSpec(
    name="text.wording",
    version=1,
    speaks="for",
    unit=(
        "share of offers of imitations among labelled texts that read so, from 0.5 on; half of those texts were "
        "honest ones chosen because they are easily accused, so among all listings of a market the share is lower"
    ),
    meaning="The words of the title and description together read like those of offers of imitations.",
    wrong_when=(
        "Wrong when an honest seller happens to write as such offers are written: weights of words were learned from "
        "examples, and nobody weighed the sense of the sentence."
    ),
    sentence=(
        "The words of the listing ({field}) read like those of offers of imitations, above all “{found}”: of labelled "
        "texts that read so, {share} of 100 were such offers."
    ),
    examples=(
        _example("Corvane tote, my friends can't tell it from hers, 45", 0.5, 1.0, note="no word of the trade"),
        _example("珂梵包 跟专柜的放一起看不出来 280", 0.5, 1.0),
        _example("Sac Ondrelle, on voit pas la différence avec celui de la boutique, 40 €", 0.5, 1.0),
        _example("Halcyr watch | description: same weight, same dial, ask for the album", 0.5, 1.0),
        _example("Corvane leather tote, black, worn twice, with receipt", 0.0),
        _example("Sac Ondrelle cuir noir, acheté en boutique en 2019, facture", 0.0),
        _example("珂梵 手袋 专柜购入 小票齐全 九成新", 0.0),
        _example("Halcyr chrono 40 mm steel H32612555", 0.0, note="nouns and numbers say nothing"),
        _example("Elegant bag", 0.0, note="too few words"),
        _example("Halcyr replica watch", 0.0, note="the lexicon says that by itself"),
    ),
)

SPECS = (MARK, DISGUISED, LOOKALIKE, NAME_PART, REPLICA, CONTACT, GENUINE, WORDING)
#: Signals that add to a finding about a house and never open one.
HINTS = frozenset({NAME_PART.name})
