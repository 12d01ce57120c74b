"""A person with a keyboard and no mouse: goes to things with Tab, writes, chooses, presses Enter."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

#: Stops of the Tab key on one page, at most.
_MOST_STOPS = 250


class Hands:
    """Nothing here clicks, fills or focuses by itself: what the keyboard does not reach is not reached."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, wanted: Locator) -> None:
        """Tab until the focus is there, and see that it shows; says so when it never comes there."""
        expect(wanted).to_be_attached()
        for _ in range(_MOST_STOPS):
            if wanted.evaluate("one => one === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"the keyboard never reaches {wanted}")
        assert wanted.evaluate(_SEEN), f"the focus on {wanted} is under something, or out of sight"

    def write(self, label: str, words: str) -> None:
        """Write into a field, in place of what stood there."""
        field = self.page.get_by_label(label).locator("visible=true").first
        self.to(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(words)

    def day(self, label: str, year: int, month: int, day: int) -> None:
        """Write a day digit by digit into a field of a browser in English."""
        self.to(self.page.get_by_label(label).locator("visible=true").first)
        self.page.keyboard.type(f"{month:02}{day:02}{year}")

    def choose(self, label: str, words: str) -> None:
        """Choose in a list by its first letters."""
        field = self.page.get_by_label(label).locator("visible=true").first
        self.to(field)
        self.page.keyboard.type(words)
        assert words.casefold() in str(field.evaluate("one => one.selectedOptions[0].text")).casefold()

    def tick(self, label: str) -> None:
        """Tick a box."""
        self.to(self.page.get_by_label(label).first)
        self.page.keyboard.press("Space")

    def press(self, name: str, role: Any = "button") -> None:
        """Go to a button or link, press Enter, and wait for the next page."""
        self.to(self.page.get_by_role(role, name=name, exact=True).locator("visible=true").first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def unfold(self, words: str) -> None:
        """Open what is folded."""
        self.to(self.page.locator("summary", has_text=words).first)
        self.page.keyboard.press("Enter")

    def bring(self, label: str, *files: dict[str, Any]) -> None:
        """Bring files through the dialogue that the space bar opens."""
        self.to(self.page.get_by_label(label, exact=False).first)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(list(files))  # type: ignore[arg-type]


#: The middle of what has the focus lies in the window, and nothing else lies over it.
_SEEN = """one => {
  const box = one.getBoundingClientRect();
  const x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 20);
  const there = document.elementFromPoint(x, y);
  return there !== null && (there === one || one.contains(there) || there.contains(one));
}"""
