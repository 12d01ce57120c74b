"""Why a signed thing is not accepted: one code for each reason, so that a partner and a court read the same word."""

#: Code -> what it means, in words for a person. Published in docs/reference/proof.md.
REASONS = {
    "not-json": "The text is not JSON, or not the strict kind: one meaning, whole numbers only, text in UTF-8.",
    "too-large": "It is larger than any honest one.",
    "not-a-token": "It is not three parts of unpadded base64url, each in its only spelling.",
    "header": "The protected header is not exactly the one that entries carry.",
    "not-an-entry": "The payload lacks a field of an entry, has one too many, or holds a wrong value.",
    "newer-version": "The entry is written in a newer version of the exchange than this one reads.",
    "unknown-key": "No known key has this id.",
    "wrong-purpose": "The key is known, but not for this purpose.",
    "wrong-signer": "The key is known, but belongs to another organisation than the one that is said to speak.",
    "key-not-valid": "The key was not valid at the time that the entry names.",
    "key-revoked": "The key was revoked, and no witness had seen the entry before that.",
    "later-than-seen": "It says that it happened after a witness had seen it: a clock is wrong, or a time was made up.",
    "weak-key": "The public key is not a proper point of the curve: any signature could be made to fit.",
    "bad-signature": "The signature does not fit the bytes and the key.",
    "wrong-feed": "The entry belongs to another feed.",
    "wrong-agreement": "The entry names another agreement.",
    "gap": "An entry between is missing.",
    "broken-chain": "The entry does not follow the one before it: one of the two was changed.",
    "equivocation": "Two different signed statements stand for one place.",
    "not-equivocation": "The two statements do not contradict one another.",
    "wrong-data": "The data do not fit the commitment that was signed.",
    "proof-form": "The proof has a wrong number of hashes, or hashes of a wrong length.",
    "not-in-log": "The proof does not lead from the entry to the root that the checkpoint names.",
    "not-consistent": "The newer log does not contain the older one unchanged.",
    "not-a-note": "The text is not a signed note.",
    "not-a-checkpoint": "The note is not a checkpoint: origin, size, root.",
    "unsigned-note": "No known key has signed the note.",
    "not-witnessed": "No other known party has cosigned the checkpoint.",
    "not-an-extract": "The file is not an extract of a feed, or a part of it has the wrong form.",
    "no-receipt": "The file holds no receipt of the other side for this entry.",
    "wrong-receipt": "The receipt is for something else.",
    "not-a-timestamp": "The file is not an answer of a timestamp authority (RFC 3161), or it grants nothing.",
    "wrong-timestamp": "The timestamp is for other bytes, or answers another request.",
    "untrusted-timestamp": "The timestamp is not signed by an authority whose certificate was given.",
    "not-a-bag": "It is not an evidence bag (BagIt 1.0 with SHA-256, in the one spelling that Countermark writes).",
    "bag-name": "A name in the bag is unsafe, or two names are one on some machine.",
    "bag-archive": "The ZIP file is not spelled as bags are: another program could read something else out of it.",
    "bag-link": "The bag holds a link or a device in place of a file.",
    "bag-missing": "A file that the bag lists is not in it.",
    "bag-extra": "A file is in the bag that it does not list.",
    "bag-changed": "A file is not what it was when the bag was made.",
    "not-a-seal": "The seal lacks a field, has one too many, or holds a wrong value.",
    "not-sealed": "The seal is for other files than those in the bag.",
    "broken-custody": "The record of custody does not hold together: a line of it was changed, left out or put in.",
    "not-a-signed-pdf": "The file is not a PDF with the one signature that an exhibit has.",
    "wrong-pdf-signature": "The PDF is not, byte for byte, what its key signed.",
    "exhibit-unknown": "An exhibit lies beside the evidence that custody does not name with this hash.",
}


class Refused(ValueError):
    """A signed thing that is not accepted.

    Attributes:
        code: a key of `REASONS`.
        detail: what was seen, in words; holds no personal data and no key material.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in REASONS:
            raise KeyError(code)
        super().__init__(f"{REASONS[code]} {detail}".strip())
        self.code = code
        self.detail = detail
