"""The main job, by keyboard, by mouse, without JavaScript, on other keyboards."""

import re
from pathlib import Path

from playwright.sync_api import expect


def press_and_wait(page, items, *keys):
    item, until_another = items
    before = item(page)
    for key in keys:
        page.keyboard.press(key)
    until_another(page, before)
    return before


def dispatch(page, **key):
    """A key as other keyboards and input methods send it."""
    page.evaluate(
        "key => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...key}))",
        key,
    )


def test_a_wrong_password_is_told_and_the_right_one_leads_to_review(walk, node):
    page = walk("")
    page.goto("/")
    page.get_by_label("Email").fill(node.email("ana"))
    page.get_by_label("Password").fill("not-the-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password").fill(node.password("ana"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/**")


def test_ten_items_are_reviewed_by_keyboard_alone(walk, items):
    page = walk("ana")
    page.goto("/review/")
    verdicts = [["i", "Enter"], ["i", "2", "Enter"], ["u", "Enter"]] * 3 + [["i", "Enter"]]
    seen = [press_and_wait(page, items, *keys) for keys in verdicts]
    assert len(set(seen)) == 10
    expect(page.locator("#live")).to_contain_text(re.compile(r"Saved: infringing\. \d+ of \d+\. Next: "))
    expect(page.locator("#item-title")).to_be_focused()
    assert items[0](page) in page.url
    assert page.locator(".rail a[aria-current]").get_attribute("data-item") == items[0](page)


def test_undo_brings_the_item_back_and_its_decision_is_withdrawn(walk, items):
    page = walk("ana")
    page.goto("/review/")
    first = press_and_wait(page, items, "i", "Enter")
    press_and_wait(page, items, "z")
    assert items[0](page) == first
    expect(page.locator("#live")).to_contain_text("Taken back")
    page.goto(f"/findings/{first}/")
    expect(page.locator("#history")).to_contain_text("Taken back")
    expect(page.locator("#history")).to_contain_text("taken back")


def test_a_skip_is_put_aside_and_can_be_taken_back(walk, items):
    page = walk("ana")
    page.goto("/review/")
    skipped = press_and_wait(page, items, "s")
    before = items[0](page)
    page.get_by_role("button", name="Take it back").click()
    items[1](page, before)
    assert items[0](page) == skipped


def test_one_moves_on_and_back_without_deciding(walk, items):
    page = walk("ana")
    page.goto("/review/")
    first = press_and_wait(page, items, "j")
    assert items[0](page) in page.url
    press_and_wait(page, items, "k")
    assert items[0](page) == first


def test_a_note_that_is_needed_is_asked_for_and_saved(walk, items):
    page = walk("ana")
    page.goto("/review/")
    before = items[0](page)
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    expect(page.locator("#note-needed")).to_be_visible()
    note = page.get_by_role("textbox", name="Note")
    expect(note).to_be_focused()
    page.keyboard.type("Large seller; counsel should see it. i n u")
    assert items[0](page) == before
    page.keyboard.press("Control+Enter")
    items[1](page, before)
    expect(page.get_by_role("textbox", name="Note")).to_have_value("")
    expect(page.locator("#live")).to_contain_text("Saved: escalated.")


def test_a_note_survives_leaving_the_page(walk, items):
    page = walk("ana")
    page.goto("/review/")
    page.keyboard.press("c")
    page.keyboard.type("Compare the clasp.")
    page.reload()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Compare the clasp.")


def test_digits_of_an_azerty_keyboard_and_an_input_method_do_what_they_should(walk, items):
    page = walk("ana")
    page.goto("/review/")
    dispatch(page, key="i", code="KeyI", isComposing=True)
    dispatch(page, key="i", code="KeyI", ctrlKey=True)
    dispatch(page, key="Process", code="KeyI")
    expect(page.locator("details.verdict[open]")).to_have_count(0)
    page.keyboard.press("i")
    expect(page.locator("details.verdict[open]")).to_have_count(1)
    dispatch(page, key="é", code="Digit2")
    expect(page.locator("details.verdict[open] input").nth(1)).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("details.verdict[open]")).to_have_count(0)
    expect(page.locator("details.verdict summary").first).to_be_focused()


def test_a_key_that_is_held_down_acts_once(walk, items):
    page = walk("ana")
    page.goto("/review/")
    before = items[0](page)
    page.keyboard.press("i")
    for _ in range(4):
        dispatch(page, key="i", code="KeyI", repeat=True)
    expect(page.locator("details.verdict[open]")).to_have_count(1)
    assert items[0](page) == before


def test_with_single_keys_off_the_whole_job_still_goes_by_keyboard(walk, items):
    page = walk("officer")
    page.goto("/me/")
    page.get_by_label("Single keys").select_option("off")
    page.get_by_role("button", name="Save the preferences").click()
    page.goto("/review/")
    before = items[0](page)
    page.keyboard.press("i")
    expect(page.locator("details.verdict[open]")).to_have_count(0)
    expect(page.locator("details.verdict kbd").first).to_be_hidden()
    page.locator("details.verdict summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.verdict[open] input:checked")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Confirm: infringing")).to_be_focused()
    page.keyboard.press("Enter")
    items[1](page, before)
    # Enter on a reason confirms it as well.
    before = items[0](page)
    page.locator("details.verdict summary").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.verdict[open] input:checked")).to_be_focused()
    page.keyboard.press("Enter")
    items[1](page, before)
    page.goto("/me/")
    page.get_by_label("Single keys").select_option("on")
    page.get_by_role("button", name="Save the preferences").click()


def test_without_javascript_one_decides_and_undoes(walk, items):
    page = walk("ana", java_script_enabled=False)
    page.goto("/review/")
    before = items[0](page)
    page.locator("details.verdict summary").first.click()
    page.locator("details.verdict[open] input").nth(1).check()
    # Enter in a field must choose nothing by itself.
    page.keyboard.press("Enter")
    expect(page.get_by_text("No verdict was chosen.")).to_be_visible()
    assert items[0](page) == before
    page.locator("details.verdict summary").first.click()
    page.get_by_role("button", name="Confirm: infringing").click()
    expect(page.get_by_text("Saved: infringing.")).to_be_visible()
    assert items[0](page) != before
    page.get_by_role("button", name="Undo").click()
    assert items[0](page) == before
    walk.trouble[:] = [line for line in walk.trouble if "422" not in line]


def test_two_browsers_never_hold_one_item(walk, items):
    ana, oscar = walk("ana"), walk("officer")
    ana.goto("/review/")
    oscar.goto("/review/")
    assert items[0](ana) != items[0](oscar)
    oscar.goto(f"/review/{items[0](ana)}/")
    expect(oscar.locator(".item-head")).to_contain_text("Being reviewed by Ana Duval")
    expect(oscar.locator("#decide")).to_have_count(0)


def test_pictures_flip_zoom_and_change(walk):
    page = walk("ana")
    page.goto("/review/")
    page.locator(".frame img").first.wait_for()
    page.keyboard.press("f")
    expect(page.locator("image-pair")).to_have_attribute("data-view", "offered")
    page.keyboard.press("f")
    expect(page.locator("image-pair")).to_have_attribute("data-view", "protected")
    page.keyboard.press("+")
    expect(page.locator("[data-zoom]")).to_have_text("150 %")
    page.keyboard.press("-")
    expect(page.locator("[data-zoom]")).to_have_text("100 %")


def test_the_key_sheet_opens_over_the_page_and_gives_focus_back(walk):
    page = walk("ana")
    page.goto("/review/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Undo your last decision")
    page.keyboard.press("i")
    expect(page.locator("details.verdict[open]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_filters_are_chosen_by_key_and_stand_in_the_address(walk):
    page = walk("ana")
    page.goto("/review/")
    page.keyboard.press("/")
    page.get_by_label("Risk", exact=True).select_option("high")
    page.get_by_role("button", name="Show these").click()
    page.wait_for_url(re.compile("level=high"))
    expect(page.locator("a.chip[aria-current=true]")).to_contain_text("Risk: High")


def test_every_form_that_a_part_sends_carries_the_token_in_its_head_too(walk, items):
    page = walk("ana")
    page.goto("/review/")
    before = items[0](page)
    with page.expect_request(lambda request: request.method == "POST" and "/decide/" in request.url) as sent:
        page.keyboard.press("i")
        page.keyboard.press("Enter")
    items[1](page, before)
    assert sent.value.headers["x-csrftoken"]
    assert sent.value.headers["hx-request"] == "true"


def test_what_was_recognised_is_outlined_and_the_outlines_move_and_hide_with_the_picture(walk):
    page = walk("ana")
    page.goto("/gallery/review/")
    outlines = page.locator("svg.outlines:not([hidden])")
    expect(outlines).to_have_count(2)
    expect(outlines.first).to_be_visible()
    page.keyboard.press("+")
    assert outlines.first.evaluate("drawn => drawn.style.transform").endswith("scale(1.5)")
    page.screenshot(path=str(Path("var/walks/outlines.png")))
    page.keyboard.press("o")
    expect(outlines.first).to_be_hidden()
    page.keyboard.press("o")
    expect(outlines.first).to_be_visible()
    page.keyboard.press("]")
    expect(page.locator("[data-side=offered] svg.outlines")).to_be_hidden()
