"""Why a large logo is not found more often than a small one: ink that merges with what is under it (dev split only).

The prints are those of `logo_recall`, one a photo, at 30, 20 and 12 % of the width. The ink of a print differs from the
mean of the cloth under it. The larger the print, the more it lies over two grounds at once, a shirt and the wall behind
it, and takes the colour of one of them. `merged` is the share of a mark's inked pixels that the print changed by less
than 40 units of RGB. Recall is told for prints of which at most 2 % merged and for the others, with 95 % Wilson
intervals. Test is not touched: what is learnt here is why, not how well.

Run: `python -m benchmarks logo_merging [--full]`, with ../shared/data beside the checkout: 30 prints a width, or 100.
"""

import json

import cv2
import numpy as np

from benchmarks.logo_recall import DATA, WIDTHS, prints, references, score_of
from countermark.evaluate import Share
from countermark.signals.image.logos import LogoFinder
from countermark.signals.image.logos.plain import plain_shape
from countermark.signals.image.logos.training.datasets import read_marks, read_photos

SIZES = {"small": 30, "full": 100}
REFERENCES = 300
#: Units of RGB by which a print must change a pixel for its ink to be seen there.
SEEN = 40.0
#: Share of the ink from which a print counts as merged.
MERGED = 0.02


def merged(photo, shown, mark, matrix):
    """Share of a mark's inked pixels that look as they did before; `matrix` carries mark units to the photo."""
    height, width = mark.alpha.shape
    x, y = mark.aspect
    to_unit = np.array([[2 * x / width, 0, -x], [0, 2 * y / height, -y], [0, 0, 1.0]])
    size = (photo.shape[1], photo.shape[0])
    inked = cv2.warpPerspective(mark.alpha.astype(np.float32) / 255, matrix @ to_unit, size) > 0.5
    changed = np.linalg.norm(shown.astype(float) - photo.astype(float), axis=2)
    return float((changed[inked] < SEEN).mean()) if inked.any() else 1.0


def _told(found):
    share = Share.of(sum(found), len(found))
    return {"prints": share.n, "found": share.value, "from": share.low, "to": share.high}


def run(size: str = "full") -> dict | None:
    if not (DATA / "logos" / "all-icons.tar.gz").exists():
        return None
    cv2.setNumThreads(1)
    marks = read_marks(DATA / "logos" / "all-icons.tar.gz", "dev")
    names = sorted(np.random.default_rng(1).permutation(list(marks))[:REFERENCES])
    marks = {str(name): marks[name] for name in names if not plain_shape(marks[name].alpha)}
    photos = [photo for _, photo in read_photos(DATA / "photos", "dev", SIZES[size])]
    finder = LogoFinder(references(marks))
    result: dict = {"split": "dev", "references": len(marks), "merged_from": MERGED}
    for share in WIDTHS:
        found: dict[str, list[bool]] = {"all": [], "seen": [], "merged": []}
        drawn = prints(photos, marks, share, 1000 + int(share * 100))
        for photo, (shown, name, centre, long, matrix, _) in zip(photos, drawn, strict=True):
            hit = score_of(finder.find(shown), name, centre, long) > 0
            kind = "merged" if merged(photo, shown, marks[name], matrix) > MERGED else "seen"
            found["all"].append(hit)
            found[kind].append(hit)
        result[f"at_{share:.0%}"] = {kind: _told(hits) for kind, hits in found.items() if hits}
        print(json.dumps({f"{share:.0%}": result[f"at_{share:.0%}"]}), flush=True)
    return result


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
