"""Fills and strokes of SVG elements: attributes, `style="..."` and plain class rules; no other CSS."""

import re
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

Ink = tuple[int, int, int]
_MOST_CSS = 100_000
_RULE = re.compile(r"([^{}]{1,200})\{([^{}]{0,500})\}")
_NAMED: dict[str, Ink] = {
    "black": (0, 0, 0), "white": (255, 255, 255), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "orange": (255, 165, 0), "gold": (255, 215, 0), "silver": (192, 192, 192),
    "gray": (128, 128, 128), "grey": (128, 128, 128), "navy": (0, 0, 128), "maroon": (128, 0, 0),
    "purple": (128, 0, 128), "teal": (0, 128, 128), "lime": (0, 255, 0), "aqua": (0, 255, 255), "pink": (255, 192, 203),
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """What an element inherits: inks (None: not painted), stroke width in its own units, fill rule, visibility."""

    fill: Ink | None = (0, 0, 0)
    stroke: Ink | None = None
    stroke_width: float = 1.0
    even_odd: bool = False
    hidden: bool = False


def styles_of_classes(root: Element) -> dict[str, dict[str, str]]:
    """Declarations of `.name { ... }` rules in `<style>` elements."""
    rules: dict[str, dict[str, str]] = {}
    for element in root.iter():
        if element.tag.rpartition("}")[2] != "style":
            continue
        for heads, body in _RULE.findall((element.text or "")[:_MOST_CSS]):
            for head in heads.split(","):
                if head.strip().startswith("."):
                    rules.setdefault(head.strip()[1:], {}).update(_declared(body))
    return rules


def style_of(element: Element, inherited: Style, classes: dict[str, dict[str, str]]) -> Style:
    """The style of an element: its attributes, then its classes, then its own `style`, over what it inherits."""
    said = {key: value for key, value in element.attrib.items() if "}" not in key}
    for name in element.get("class", "").split()[:20]:
        said |= classes.get(name, {})
    said |= _declared(element.get("style", "")[:_MOST_CSS])
    style = inherited
    if "fill" in said:
        style = replace(style, fill=_ink(said["fill"], inherited.fill))
    if "stroke" in said:
        style = replace(style, stroke=_ink(said["stroke"], inherited.stroke))
    if "stroke-width" in said:
        number = re.match(r"\s*(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})", said["stroke-width"])
        style = replace(style, stroke_width=float(number.group(1)) if number else inherited.stroke_width)
    if "fill-rule" in said:
        style = replace(style, even_odd=said["fill-rule"].strip() == "evenodd")
    gone = said.get("display", "").strip() == "none" or said.get("visibility", "").strip() == "hidden"
    unseen = any(said.get(key, "1").strip() in ("0", "0.0") for key in ("opacity", "fill-opacity"))
    return replace(style, hidden=inherited.hidden or gone or unseen)


def _declared(text: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in text.split(";")[:100])
    return {key.strip(): value.strip() for key, _, value in pairs if value}


def _ink(text: str, inherited: Ink | None) -> Ink | None:
    """An ink by name or number. A gradient or an unknown name counts as black: the shape is what matters."""
    text = text.strip().lower()
    if text in ("none", "transparent"):
        return None
    if text == "inherit":
        return inherited
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        return int(text[1] * 2, 16), int(text[2] * 2, 16), int(text[3] * 2, 16)
    if re.fullmatch(r"#[0-9a-f]{6}", text):
        return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
    numbers = re.fullmatch(r"rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)", text)
    if numbers:
        red, green, blue = (min(255, int(number)) for number in numbers.groups())
        return red, green, blue
    return _NAMED.get(text, (0, 0, 0))
