"""The shapes of personal data: each with the words without which it cannot occur, so that most texts cost nothing.

A pattern is only tried where one of its words occurs (one automaton finds them all in one pass), or beside a number.
"""

import re

#: Social insurance number of somebody born in Corsica: it holds a letter, so it is no run of digits.
CORSICAN_ID = re.compile(r"(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?2[AB] ?\d{3} ?\d{3} ?\d{2}(?!\d)")

#: Kind, pattern, and its words in lower case. Checked everywhere in a text in which a word occurs.
BY_WORD: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    (
        "mail",
        re.compile(
            r"[\w.+-]{1,64}(?:@|\s?[\[(]at[\])]\s?)[\w-]{1,63}(?:(?:\.|\s?[\[(]dot[\])]\s?)[\w-]{2,63}){1,4}", re.I
        ),
        ("@", "at]", "at)"),
    ),
    ("handle", re.compile(r"(?<![\w@.])@[A-Za-z][\w.]{2,30}"), ("@",)),
    (
        "handle",
        re.compile(r"\b(?:wechat|weixin|whatsapp|telegram|qq|微信|VX)\s*[:：]\s*\S{4,40}", re.I),
        ("wechat", "weixin", "whatsapp", "telegram", "qq", "微信", "vx"),
    ),
    (
        "telephone",
        re.compile(
            r"(?:\b(?:tel|t[ée]l[ée]phone|phone|telefon|mobile|portable|fax)\b|电话|手机)\.?\s*(?:no\.?|n°)?"
            r"\s*[:：]?\s*\(?\+?\d(?:[ ().\-/]{0,2}\d){5,14}",
            re.I,
        ),
        ("tel", "tél", "phone", "mobile", "portable", "fax", "电话", "手机"),
    ),
    (
        "id",
        re.compile(
            r"(?:passport|passeport|reisepass|identity card|id card|carte d'identit[ée]|personalausweis"
            r"|social security|ssn|tax id|steuer-?id|护照|身份证)(?: (?:no|number|num[ée]ro|nr))?\.?(?:号码?|n°)?"
            r"\s*[:：]?\s*(?=\w*\d)[A-Z0-9-]{6,20}",
            re.I,
        ),
        (
            *("passport", "passeport", "reisepass", "identity card", "id card", "d'identit", "personalausweis"),
            *("social security", "ssn", "tax id", "steuer", "护照", "身份证"),
        ),
    ),
    ("id", CORSICAN_ID, ("2a", "2b")),
    (
        "birth",
        re.compile(r"\b(?:born(?: on)?|date of birth|dob|n[ée]e? le|geboren(?: am)?|出生)\s*[:：]?\s*\d", re.I),
        ("born", "birth", "dob", "né", "nee le", "ne le", "geboren", "出生"),
    ),
    (
        "address",
        re.compile(r"\b[A-ZÄÖÜ][a-zäöüß]{2,40}(?:straße|strasse|str\.|weg|gasse|platz) \d{1,4}[a-z]?\b"),
        ("straße", "strasse", "str. ", "weg ", "gasse ", "platz "),
    ),
    (
        "address",
        re.compile(
            r"\b\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|bd|place|chemin|impasse|allée|quai|via|calle|plaza)\b"
            r" [\w'’ -]{3,60}"
        ),
        (
            *(" rue ", " avenue ", " boulevard ", " bd ", " place ", " chemin ", " impasse ", " allée ", " quai "),
            *(" via ", " calle ", " plaza "),
        ),
    ),
    (
        "address",
        re.compile(r"\b\d{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd)\b"),
        (" street", " st", " road", " rd", " avenue", " ave", " lane", " drive", " boulevard", " blvd"),
    ),
    ("address", re.compile(r"[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷)\d{1,5}号"), ("号",)),
    (
        "name",
        re.compile(
            r"\b(?:Mrs?|Ms|Miss|Dr|Prof|Mme|Mlle|M|Me|Monsieur|Madame|Herrn?|Frau|Signora?|Señora?|Sra?|Pan|Pani)\.? "
            r"(?:[A-ZÀ-Þ][\w'’-]+|[A-ZÀ-Þ]\.)(?: [A-ZÀ-Þ][\w'’-]+){0,3}"
        ),
        (
            *("mr. ", "mr ", "mrs", "ms. ", "ms ", "miss ", "dr. ", "dr ", "prof", "mme", "mlle", "m. ", " m ", "me "),
            *("monsieur", "madame", "herr", "frau", "signor", "señor", "sr. ", "sr ", "sra", "pan ", "pani "),
        ),
    ),
    (
        "name",
        re.compile(
            r"\b(?:named|called|name is|by the name of|on behalf of|operated by|run by|nommée?|s'appelle|namens"
            r"|exploitée? par) (?-i:[A-ZÀ-Þ][\w'’-]+ [A-ZÀ-Þ][\w'’-]+)",
            re.I,
        ),
        (
            *("named ", "called ", "name is ", "name of ", "behalf of ", "operated by ", "run by ", "nommé"),
            *("s'appelle ", "namens ", "exploité"),
        ),
    ),
    (
        "name",
        re.compile(r"[\u4e00-\u9fff]{1,4}(?:先生|女士|小姐)|(?:姓名|联系人|法定代表人)[:：]\s*[\u4e00-\u9fff]{2,4}"),
        ("先生", "女士", "小姐", "姓名", "联系人", "法定代表人"),
    ),
)

#: What is worth a closer look: a digit and six more characters of a number. One class of characters at the start, so
#: that a text without such a run costs next to nothing.
RUN = re.compile(r"\d[\d ().\-/]{6,}")
IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
#: Inside a run. The group names the kind; those with a checksum are computed before they count.
PERSON = re.compile(
    r"(?P<telephone>(?<![\w.])(?:\+\d{1,3}|00\d{1,3}[ ().\-/])(?:[ ().\-/]{0,2}\d){6,13}"  # 00… alone: register number
    r"|(?<!\d)1[3-9]\d(?:[ \-]?\d{4}){2}(?!\d)"  # Chinese mobile
    r"|(?<![\d.])0[1-9](?:[ .\-]\d{2}){4}(?!\d)"  # French, written in pairs
    r"|(?<!\d)\(?[2-9]\d{2}\)?[ .\-][2-9]\d{2}[ .\-]\d{4}(?!\d))"  # North American
    r"|(?P<american>(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-]))"
    r"|(?P<card>(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{2,4}(?!\d))"
    r"|(?P<chinese>(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\w))"
    r"|(?P<french>(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\d))"
)
#: A company is no person: what ends like one is not taken for a name.
COMPANY = re.compile(r"\b(?:SA|SAS|SARL|GmbH|AG|KG|Ltd|LLC|Inc|Co|BV|NV|SpA|SRL|PLC|Group|Company|Limited)\b\.?")
