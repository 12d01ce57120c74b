import numpy as np
import pytest

from countermark.signals.image.logos.svg import RefusedSvg, draw_svg


def drawn(inside, attributes='viewBox="0 0 24 24"', side=96):
    return draw_svg(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode(), side)


def share(inside, **kwargs):
    return drawn(inside, **kwargs)[..., 3].mean() / 255


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ('<rect x="6" y="6" width="12" height="12"/>', 0.25),
        ('<rect x="0" y="0" width="24" height="24" rx="12"/>', np.pi / 4),
        ('<circle cx="12" cy="12" r="6"/>', np.pi * 36 / 576),
        ('<ellipse cx="12" cy="12" rx="12" ry="6"/>', np.pi * 72 / 576),
        ('<polygon points="0,0 24,0 0,24"/>', 0.5),
        ('<line x1="0" y1="12" x2="24" y2="12" stroke="black" stroke-width="4"/>', 4 / 24),
        ('<path fill-rule="evenodd" d="M0 0h24v24H0zM6 6h12v12H6z"/>', 0.75),
        ('<g transform="translate(12 12) scale(0.5)"><rect x="-12" y="-12" width="24" height="24"/></g>', 0.25),
        ('<rect x="6" y="6" width="12" height="12" transform="rotate(90 12 12)"/>', 0.25),
        ('<rect x="6" y="6" width="12" height="12" transform="matrix(1 0 0 1 3 3)"/>', 0.25),
        ('<defs><rect width="24" height="24"/></defs><rect width="12" height="12"/>', 0.25),
    ],
)
def test_shapes_cover_their_share(shape, expected):
    assert share(shape) == pytest.approx(expected, abs=0.02)


def test_inks_come_from_attributes_classes_and_styles():
    marks = '<style>.a{fill:#0f0}</style><rect class="a" width="8" height="24"/>'
    marks += (
        '<rect x="8" width="8" height="24" style="fill:rgb(0,0,255)"/><rect x="16" width="8" height="24" fill="red"/>'
    )
    row = drawn(marks)[48]
    assert [row[at].tolist() for at in (10, 48, 86)] == [[0, 255, 0, 255], [0, 0, 255, 255], [255, 0, 0, 255]]


def test_what_is_not_painted_stays_transparent():
    hidden = '<rect width="24" height="24" fill="none"/><g display="none"><rect width="24" height="24"/></g>'
    assert share(hidden + '<rect width="12" height="24"/>') == pytest.approx(0.5, abs=0.02)


def test_without_a_viewbox_width_and_height_count():
    assert drawn('<rect width="20" height="10"/>', 'width="40" height="10"').shape == (24, 96, 4)


def test_a_doctype_as_drawing_programs_write_it_is_read():
    head = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://example.invalid/svg11.dtd">'
    assert draw_svg(head + b'<svg viewBox="0 0 2 2"><rect width="2" height="2"/></svg>', 16)[..., 3].min() == 255


BOMB = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg viewBox="0 0 9 9"><path d="&b;"/></svg>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (BOMB, "entities"),
        (b"<!DOCTYPE svg [<!ELEMENT x ANY>]><svg/>", "entities"),
        (b"<svg><script>alert(1)</script></svg>", "script"),
        (b'<svg><image href="file:///etc/passwd"/></svg>', "picture"),
        (b'<svg><use href="http://example.invalid/#x"/></svg>', "reference"),
        (b"<svg><foreignObject/></svg>", "foreign"),
        (b"<svg><text>Corvane</text></svg>", "outlines"),
        (b"<svg><g></svg>", "well-formed"),
        (b"", "well-formed|no SVG"),
        (b"<html/>", "no SVG"),
        (b"<svg/>", "nothing is drawn"),
        (b'<svg viewBox="0 0 0 5"><rect width="1" height="1"/></svg>', "viewBox"),
        (b'<svg viewBox="0 0 1 1e9"><rect width="1" height="1"/></svg>', "viewBox"),
        (b'<svg viewBox="0 0 1 1e999"><rect width="1" height="1"/></svg>', "viewBox"),
        (b"<svg>" + b"<g>" * 60 + b"</g>" * 60 + b"</svg>", "nested"),
        (b"<svg>" + b"<g/>" * 6_000 + b"</svg>", "nested"),
        (b"<svg>" + b" " * (1 << 20) + b"</svg>", "larger"),
        (
            b'<svg><g transform="scale(1e300)"><g transform="scale(1e300)"><rect width="1" height="1"/></g></g></svg>',
            "bounds",
        ),
    ],
)
def test_hostile_or_unreadable_files_are_refused_with_a_reason(data, why):
    with pytest.raises(RefusedSvg, match=why):
        draw_svg(data, 32)


def test_coordinates_far_outside_do_no_harm():
    path = '<path d="M-1e12 -1e12H1e12V1e12H-1e12z"/>'
    assert share(path) == 1.0
