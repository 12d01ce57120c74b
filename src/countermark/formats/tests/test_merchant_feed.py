"""Google Merchant feeds: RSS, Atom and tab-separated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats import Limits, ListingFormat, UnreadableSource

ITEM = """<item><g:id>{id}</g:id><title>plain</title><g:title><![CDATA[Corvane tote & more]]></g:title>
<link>https://shop.example/{id}</link><g:image_link>https://shop.example/a.jpg</g:image_link>
<g:additional_image_link>https://shop.example/b.jpg</g:additional_image_link>
<g:additional_image_link>https://shop.example/c.jpg</g:additional_image_link>
<g:price>129.00 EUR</g:price><g:sale_price>99.00 EUR</g:sale_price><g:condition>used</g:condition>
<g:availability>in_stock</g:availability><g:gtin>1234567890123</g:gtin><g:brand>Corvane</g:brand>
<g:shipping><g:country>FR</g:country><g:price>5.00 EUR</g:price></g:shipping></item>"""


def rss(*items: str, head: str = "") -> str:
    return (
        '<?xml version="1.0"?>' + head + '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
        "<title>Shop</title><language>fr</language>" + "".join(items) + "</channel></rss>"
    )


def test_an_rss_item_becomes_a_listing(write, read) -> None:
    found = read(write("feed.xml", rss(ITEM.format(id="A1"))))
    assert found.problems == []
    (listing,) = found.listings
    assert (listing.external_id, listing.title.value, listing.title.language) == ("A1", "Corvane tote & more", "fr")
    assert str(listing.price) == "99.00 EUR"
    assert [image.uri[-5:] for image in listing.images] == ["a.jpg", "b.jpg", "c.jpg"]
    assert (listing.condition, listing.product_code, listing.stock) == ("used", "1234567890123", None)
    assert listing.url == "https://shop.example/A1"


def test_an_atom_entry_becomes_a_listing(write, read) -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0" xml:lang="en">'
        '<entry><id>tag:x</id><g:id>A1</g:id><title>Tote</title><link href="https://shop.example/1"/>'
        "<g:price>12 EUR</g:price></entry></feed>"
    )
    (listing,) = read(write("feed.xml", text)).listings
    assert (listing.external_id, listing.title.language, listing.url) == ("A1", "en", "https://shop.example/1")


def test_a_tab_separated_feed_has_the_same_names(write, read) -> None:
    text = (
        "id\ttitle\tlink\tprice\tsale price\timage link\tadditional image link\tavailability\n"
        "1\tTote\thttps://x.example/1\t129.00 EUR\t\thttps://x.example/a.jpg\t"
        "https://x.example/b.jpg,https://x.example/c.jpg\tin stock\n"
        "2\tScarf\thttps://x.example/2\t129,00 EUR\t99,00 EUR\t\t\tout of stock\n"
    )
    found = read(write("feed.tsv", text))
    assert found.problems == []
    assert [str(x.price) for x in found.listings] == ["129.00 EUR", "99.00 EUR"]
    assert [len(x.images) for x in found.listings] == [3, 0]
    assert [x.stock for x in found.listings] == [None, 0]
    assert len(read(write("feed.txt", text), wanted=ListingFormat.MERCHANT_TSV).listings) == 2


def test_a_bad_item_is_told_by_its_number(write, read) -> None:
    found = read(write("feed.xml", rss("<item><title>a</title></item>", ITEM.format(id="2"))))
    assert found.ids == ["2"]
    assert found.codes == [(1, "missing-id")]


def test_an_item_beyond_the_limit_is_passed_over(write, read) -> None:
    huge = f"<item><g:id>1</g:id><title>{'x' * 5000}</title></item>"
    found = read(write("feed.xml", rss(huge, ITEM.format(id="2"))), limits=Limits(record_bytes=2000))
    assert found.ids == ["2"]
    assert found.codes == [(1, "row-too-long")]


def test_a_feed_that_breaks_off_gives_its_whole_items(write, read) -> None:
    found = read(write("feed.xml", rss(ITEM.format(id="1"), ITEM.format(id="2"))[:-200]))
    assert found.ids == ["1"]
    assert [code for _, code in found.codes] == ["broken-xml"]


def test_items_are_given_in_batches(write, read) -> None:
    found = read(write("feed.xml", rss(*(ITEM.format(id=n) for n in range(50)))), limits=Limits(batch_rows=7))
    assert found.ids == [str(n) for n in range(50)]


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (rss("<item><g:id>1</g:id><title>&c;</title></item>", head=BOMB), "forbidden-xml"),
        (rss(head='<!DOCTYPE r SYSTEM "file:///etc/passwd">'), "forbidden-xml"),
        ("<?xml version='1.0'?><rss><channel><item></channel></rss>", "broken-xml"),
        ("<?xml version='1.0'?>" + "<a>" * 500, "xml-too-deep"),
        ("<?xml version='1.0'?><a b='" + "x" * 600_000, "broken-xml"),
    ],
)
def test_hostile_xml_is_refused(write, read, text: str, code: str) -> None:
    with pytest.raises(UnreadableSource) as refused:
        read(write("feed.xml", text), limits=Limits(record_bytes=50_000))
    assert refused.value.problem.code == code


def test_one_tag_without_end_does_not_fill_memory(write, read) -> None:
    text = rss(ITEM.format(id="1")).removesuffix("</channel></rss>") + "<!--" + "x" * 3_000_000
    found = read(write("feed.xml", text), limits=Limits(record_bytes=50_000))
    assert found.ids == ["1"]
    assert [code for _, code in found.codes] == ["broken-xml"]


@given(st.text(alphabet=st.sampled_from("<>/&;!-[]?=' gidtemrsxC"), max_size=150))
def test_no_feed_whatever_brings_the_reader_down(soup: str) -> None:
    import io

    from countermark.formats import read_listings

    try:
        for _ in read_listings(io.BytesIO(b"<rss>" + soup.encode()), format=ListingFormat.MERCHANT_XML):
            pass
    except UnreadableSource as refused:
        assert refused.problem.mend
