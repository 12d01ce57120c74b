#!/usr/bin/env python3
"""Check an extract or a bag of Countermark without Countermark: Python 3.11 and `cryptography` are enough.

    python countermark_verify.py FILE [KEY-ID ...]

Prints what holds, line by line, and stops at the first thing that does not (exit 1). KEY-IDs are those of the
organisations you trust, as printed on the signed agreement; without them, compare the printed ids yourself.
What is checked: both organisations signed the agreement; it names the keys; each entry is signed by a key that could;
neighbours follow one another; data beside entries fit; entries and receipts stand in their signers' logs, under
checkpoints that the other side has witnessed; nothing claims a time after it was seen.
FILE may be an evidence bag, a folder or a ZIP: then also that it holds the files that it lists and no others,
unchanged; that the seal is for them; that custody hangs together. For timestamps the commands for OpenSSL are printed.
"""

import base64
import hashlib
import json
import os
import re
import struct
import sys
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

P, Y8 = 2**255 - 19, 2707385501144840649318225287225658788936804267575313519463743609750303402022
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
DEVICE = re.compile(r"(^|/)((con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|/|$)|[^/]*\.(/|$))")
WRONG = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError, struct.error)


def need(condition, words):
    if not condition:
        raise ValueError(words)


def sha(data):
    return hashlib.sha256(data).digest()


def unb64(text):
    need(isinstance(text, str), "base64url expected")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text, "base64url in a second spelling")
    return data


def unb64pad(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64 in a second spelling")
    return data


def no_twice(pairs):
    need(len({key for key, _ in pairs}) == len(pairs), "a key stands twice in an object")
    return dict(pairs)


def whole(text):
    need(len(text) < 18 and text != "-0" and abs(int(text)) < 2**53, f"{text} is too large or in a second spelling")
    return int(text)


def read(data):
    text = data.decode("utf-8")
    found = json.loads(text, object_pairs_hook=no_twice, parse_float=whole, parse_constant=whole, parse_int=whole)
    json.dumps(found, ensure_ascii=False).encode("utf-8")  # half a character has no UTF-8
    need(isinstance(found, dict), "an object is expected")
    return found


def fields(found, needed, optional=()):
    need(isinstance(found, dict), "an object is expected")
    need(set(needed) <= set(found) <= set(needed) | set(optional), f"other fields than {', '.join(needed)}")
    return found


def moment(text):
    found = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    need(f"{found:%Y-%m-%dT%H:%M:%S}.{found.microsecond // 1000:03d}Z" == text, f"{text} is not a time")
    return found


def check(key, signature, message):
    raw = unb64(key)
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    need(len(raw) == 32 and y < P and y not in {0, 1, P - 1, Y8, P - Y8}, "a weak key")
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
    except Exception:
        raise ValueError("the signature does not fit") from None


def kid(key):
    said = f'{{"crv":"Ed25519","kty":"OKP","x":"{key}"}}'
    return base64.urlsafe_b64encode(sha(said.encode())).rstrip(b"=").decode()


class Ring:
    """Keys by id, feeds and agreements, as signed agreements and changes of keys give them."""

    def __init__(self):
        self.keys, self.feeds, self.agreements = {}, {}, set()

    def add(self, party, node, key):
        fields(key, ("purpose", "key", "valid_from", "valid_until"))
        known = {**key, "party": party, "node": node, "revoked": None}
        old = self.keys.setdefault(kid(key["key"]), known)
        need((old["party"], old["purpose"]) == (party, key["purpose"]), "one key serves two purposes")

    def agreement(self, signed, trusted):
        fields(signed, ("agreement", "signatures"))
        data = unb64(signed["agreement"])
        said = fields(read(data), ("v", "id", "version", "parties", "terms"))
        need(len(said["parties"]) == 2 and len({one["key"] for one in said["parties"]}) == 2, "two parties differ")
        need(set(signed["signatures"]) == {one["id"] for one in said["parties"]}, "both parties sign, nobody else")
        for one in said["parties"]:
            fields(one, ("id", "name", "node", "key", "keys"))
            check(one["key"], unb64(signed["signatures"][one["id"]]), b"countermark-agreement/1\n" + data)
            need(not trusted or kid(one["key"]) in trusted, f"the key of {one['name']} is not among those you trust")
            print(f"  holds  {one['name']} signed {said['id']} version {said['version']} with key {kid(one['key'])}")
            self.feeds[f"{said['id']}:{one['id']}"] = one["id"]
            for key in one["keys"]:
                self.add(one["id"], one["node"], key)
        self.agreements.add(hashlib.sha256(data).hexdigest())

    def open(self, token):
        header, payload, signature = (unb64(part) for part in token.split("."))
        said, entry = read(header), read(payload)
        need(said == {"alg": "Ed25519", "kid": said.get("kid"), "typ": "acx+jws"}, "another header")
        need(entry.get("v") == 1 and (entry.get("data") is None) != (entry.get("data_ref") is None), "no entry")
        known = self.keys.get(said["kid"])
        need(known and known["purpose"] == "entries", "no known key for entries has this id")
        need(self.feeds.get(entry["feed"]) == known["party"], "the key's owner does not speak in this feed")
        need(entry["agreement"] in self.agreements, "another agreement")
        need(moment(known["valid_from"]) <= moment(entry["time"]) < moment(known["valid_until"]), "key not valid then")
        signed = token.rpartition(".")[0].encode()
        check(known["key"], signature, signed)
        return {"entry": entry, "known": known, "id": sha(header + payload), "digest": sha(signed).hex()}

    def change(self, token):
        found = self.open(token)
        entry, known = found["entry"], found["known"]
        if entry["type"] == "key.rotated":
            key = fields(entry["data"], ("key", "possession"))["key"]
            said = [key[one] for one in ("purpose", "key", "valid_from", "valid_until")]
            said = "\n".join(["countermark-key/1", entry["feed"], *said])
            check(key["key"], unb64(entry["data"]["possession"]), said.encode())
            self.add(known["party"], known["node"], key)
        else:
            need(entry["type"] == "key.revoked", "this entry changes no key")
            lost = self.keys[fields(entry["data"], ("kid", "revoked"))["kid"]]
            need(lost["party"] == known["party"], "only its owner revokes a key")
            lost["revoked"] = min(filter(None, (lost["revoked"], moment(entry["data"]["revoked"]))))


def climb(leaf, index, size, path, root):
    need(0 <= index < size and all(len(one) == 32 for one in (*path, root)), "the proof has a wrong form")
    last, seen = size - 1, sha(b"\0" + leaf)
    for sibling in path:
        need(last, "the proof is too long")
        if index & 1 or index == last:
            seen = sha(b"\1" + sibling + seen)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            seen = sha(b"\1" + seen + sibling)
        index, last = index >> 1, last >> 1
    need(last == 0 and seen == root, "the proof does not lead to the root")


def witnessed(ring, speaker, entry_id, logged):
    """When a witness had seen a checkpoint of the speaker's log that holds the entry."""
    head, _, note = fields(logged, ("salt", "proof"))["proof"].partition("\n\n")
    first, *lines = head.split("\n")
    need(first == "c2sp.org/tlog-proof@v1" and lines[0].startswith("index "), "no proof of a log")
    origin, size, root, seen = checkpoint(ring, note)
    need(origin == speaker["node"], "the checkpoint of another log")
    climb(
        sha(unb64(logged["salt"]) + entry_id),
        int(lines[0][6:]),
        size,
        [unb64pad(x) for x in lines[1:]],
        root,
    )
    need(seen, "nobody else has witnessed the checkpoint")
    return min(seen)


def checkpoint(ring, note):
    """Log, size, root, and when others had witnessed them; its log has signed."""
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    origin, size, root, rest = text.split("\n")
    need(rest == "" and size.isascii() and size.isdigit(), "no checkpoint")
    signed, seen = False, []
    for line in signatures.rstrip("\n").split("\n"):
        dash, name, encoded = line.split(" ")
        need(dash == "\u2014", "no line of a signature")
        data = unb64pad(encoded)
        for known in ring.keys.values():
            mark = {"log": b"\1", "witness": b"\4"}.get(known["purpose"])
            if mark is None or known["node"] != name:
                continue
            if sha(f"{name}\n".encode() + mark + unb64(known["key"]))[:4] != data[:4]:
                continue
            if mark == b"\1":
                check(known["key"], data[4:], text.encode())
                signed = signed or name == origin
            elif name != origin:
                stamp = int.from_bytes(data[4:12], "big")
                check(known["key"], data[12:], f"cosignature/v1\ntime {stamp}\n{text}".encode())
                seen.append(datetime.fromtimestamp(stamp, UTC))
    need(signed, "the log has not signed the checkpoint")
    return origin, int(size), unb64pad(root), seen


def contradiction(ring, one):
    """Two signed statements for one place: one log with two roots, or one place of a feed with two entries."""
    fields(one, ("what", "first", "second"))
    if one["what"] == "entry":
        first, second = ring.open(one["first"]), ring.open(one["second"])
        places = [(found["entry"]["feed"], found["entry"]["seq"]) for found in (first, second)]
        differ = first["id"] != second["id"]
    else:
        need(one["what"] == "checkpoint", "entries and checkpoints can contradict one another, nothing else")
        first, second = checkpoint(ring, one["first"]), checkpoint(ring, one["second"])
        places, differ = [first[:2], second[:2]], first[2] != second[2]
    need(places[0] == places[1] and differ, "the two do not contradict one another")
    print(f"  holds  two different signed statements for {places[0][0]} at {places[0][1]}")


def timely(found, seen):
    revoked = found["known"]["revoked"]
    need(revoked is None or (seen and seen < revoked), "its key was revoked before a witness had seen it")
    late = seen and moment(found["entry"]["time"]) > seen + timedelta(minutes=5)
    need(not late, "it says a time after it was seen")


def one_entry(ring, heads, one):
    fields(one, ("token",), ("beside", "logged", "receipt"))
    found = ring.open(one["token"])
    entry, feed = found["entry"], found["entry"]["feed"]
    seq, digest = heads.get(feed, (0, None))
    need(entry["seq"] > seq, "this place of the feed is taken")
    need(digest is None or entry["seq"] > seq + 1 or entry["prev"] == digest, "it does not follow the entry before it")
    need((entry["seq"] == 1) == (entry["prev"] == "0" * 64), "only the first entry has nothing before it")
    heads[feed] = entry["seq"], found["digest"]
    if one.get("beside"):
        beside, said = fields(one["beside"], ("data", "salt", "media_type")), entry["data_ref"] or {}
        data, salt = unb64(beside["data"]), unb64(beside["salt"])
        fit = len(salt) == 32 and (len(data), beside["media_type"]) == (said.get("size"), said.get("media_type"))
        fit = fit and sha(salt + data) == unb64(said.get("commitment"))
        need(fit, "the data beside it are not those that were signed for")
    seen = [witnessed(ring, found["known"], found["id"], one["logged"])] if one.get("logged") else []
    receipt = one.get("receipt")
    if receipt:
        fields(receipt, ("token", "index", "path"), ("logged",))
        answer = ring.open(receipt["token"])
        said = fields(answer["entry"]["data"], ("feed", "seq", "root"))
        need(answer["entry"]["type"] == "receipt" and answer["known"]["party"] != found["known"]["party"], "no receipt")
        need(said["feed"] == feed and receipt["index"] + 1 == entry["seq"], "a receipt for something else")
        path = [unb64(x) for x in receipt["path"]]
        climb(found["id"], receipt["index"], said["seq"], path, bytes.fromhex(said["root"]))
        logged = receipt.get("logged")
        there = witnessed(ring, answer["known"], answer["id"], logged) if logged else None
        timely(answer, there)
        seen += filter(None, [there])
    timely(found, min(seen, default=None))
    shown = [f"seen by a witness at {min(seen):%Y-%m-%d %H:%M:%S} UTC" if seen else "no witness shown"]
    shown += ["receipted by the other side" if receipt else "no receipt shown"]
    print(f"  holds  {found['known']['party']} signed {entry['type']}, {entry['seq']} of {feed}; {', '.join(shown)}")


def plain(names, where=""):
    small = {name.lower() for name in names}
    for name in small:
        plainly = NAME.fullmatch(name) and len(name) <= 200 and name.count("/") < 8 and not DEVICE.search(name)
        need(plainly, f"{name!a} is no plain name{where}")
    folders = {name[:place] for name in small for place, letter in enumerate(name) if letter == "/"}
    need(len(small) == len(names) and not folders & small, f"two names are one on some machines{where}")


def from_folder(root):
    """Name -> (path, place, size) of each file; links are refused."""
    found, waiting = {}, [""]
    while waiting:
        before = waiting.pop()
        for entry in os.scandir(os.path.join(root, before)):
            name = before + entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(name + "/")
            else:
                need(entry.is_file(follow_symlinks=False), f"{name!a} is a link or a device")
                found[name] = (entry.path, 0, entry.stat(follow_symlinks=False).st_size)
            need(len(found) + len(waiting) <= 10_000 and before.count("/") < 9, "too many files, or too deep")
    return found


def from_zip(path):
    """The same of a ZIP in the one spelling of bags: stored, in order, headers that follow from name and content."""
    found, at, whole = {}, 0, os.path.getsize(path)
    with open(path, "rb") as file:
        file.seek(max(0, whole - 22))
        tail = file.read(22)
        count, length, start = struct.unpack("<10xH2I2x", tail)
        same = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, length, start, 0) == tail
        need(same and start + length + 22 == whole and count <= 10_000, "the end of the ZIP is spelled otherwise")
        file.seek(start)
        directory, read = file.read(length), 0
        for _ in range(count):
            crc, size, long = struct.unpack_from("<16xI4xIH", directory, read)
            name = directory[read + 46 : read + 46 + long]
            fixed = struct.pack("<5H3I2H", 20, 0, 0, 0, 0x21, crc, size, size, long, 0)
            central = b"PK\1\2" + struct.pack("<H", 20) + fixed + struct.pack("<3H2I", 0, 0, 0, 0, at) + name
            file.seek(at)
            fits = directory[read : read + len(central)] == central
            fits = fits and file.read(30 + long) == b"PK\3\4" + fixed + name
            need(fits and name.decode() not in found, f"the ZIP spells {name!a} otherwise")
            found[name.decode("ascii")] = (path, at + 30 + long, size)
            at, read = at + 30 + long + size, read + len(central)
    need(at == start and read == length and list(found) == sorted(found), "the ZIP has gaps or another order")
    return found


def whole_file(files, name):
    need(name in files, f"{name} is missing")
    path, place, size = files[name]
    with open(path, "rb") as file:
        file.seek(place)
        return file.read(size)


def hashed(files, name):
    path, place, size = files[name]
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        file.seek(place)
        while piece := file.read(min(size, 1 << 20)):
            digest.update(piece)
            size -= len(piece)
    return digest.hexdigest()


def listed(files, name):
    lines = whole_file(files, name).decode("latin-1").split("\n")
    found = [re.fullmatch(r"([0-9a-f]{64})  ([!-~]+)", line) for line in lines[:-1]]
    need(found and all(found) and not lines[-1], f"{name} is spelled otherwise")
    plain([one[2] for one in found], f" in {name}")
    return {one[2]: one[1] for one in found}


def same(there, listed, name):
    odd = sorted(set(there) ^ set(listed))
    need(not odd, f"{name} and the bag differ at {(odd or [''])[0]}")


def check_files(files):
    """SHA-256 of each file in data/, after everything that the bag lists was compared."""
    plain(files)
    declared = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    need(whole_file(files, "bagit.txt") == declared, "bagit.txt is spelled otherwise, or this is no bag")
    tags, payload = listed(files, "tagmanifest-sha256.txt"), listed(files, "manifest-sha256.txt")
    there = set(files) - {"tagmanifest-sha256.txt"}
    inside = {name for name in there if name.startswith("data/")}
    same(inside, payload, "manifest-sha256.txt")
    same(there - inside, tags, "tagmanifest-sha256.txt")
    for name, said in {**tags, **payload}.items():
        by = "manifest-sha256.txt" if name in payload else "tagmanifest-sha256.txt"
        need(hashed(files, name) == said, f"{name} is not what {by} says that it was")
    oxum = f"Payload-Oxum: {sum(files[name][2] for name in payload)}.{len(payload)}\n"
    need(whole_file(files, "bag-info.txt").decode().endswith(oxum), "Payload-Oxum in bag-info.txt is wrong")
    print(f"  holds  {len(there)} files are those that the bag lists, unchanged")
    return payload


def check_proofs(files, payload):
    """Hashes of the seal and of lines that name files, after seal and custody were checked."""
    seal, before, named, papers, acts = None, "0" * 64, False, set(), set()
    singles = {name for name in files if re.fullmatch(r"proof/line-[0-9]{4,9}\.json", name)}
    if "proof/seal.json" in files:
        data = whole_file(files, "proof/seal.json")
        said, seal = read(data), sha(data).hex()
        sealed = {one["name"]: (one["sha256"], one["size"]) for one in said["files"]}
        need(sealed == {name: (one, files[name][2]) for name, one in payload.items()}, "the seal is for other files")
        print(f"  holds  {said['sealer']} sealed them as {said['evidence']}, and says that it was {said['sealed']}")
    if "proof/custody.jsonl" in files:
        for place, line in enumerate(whole_file(files, "proof/custody.jsonl").splitlines(), start=1):
            said = read(line)
            need((said["seq"], said["prev"]) == (place, before), f"line {place} of custody does not follow")
            before, named = sha(line).hex(), named or said["detail"].get("seal") == seal
            for name in (name for name in said["detail"] if name.startswith("data/")):
                need(payload.get(name) == said["detail"][name], f"{name} is not the file that line {place} names")
                acts.add(before)
            alone = f"proof/line-{place:04d}.json"
            need(alone not in files or whole_file(files, alone) == line, f"{alone} is not line {place} of custody")
            singles.discard(alone)
            if said["action"] == "exhibit":
                papers.add(("exhibit/" + said["detail"]["file"], said["detail"]["sha256"]))
        need(not singles, "a file in proof/ is no line of custody")
        need(named or not seal, "no line of custody says that the seal was set")
        print("  holds  custody hangs together")
    for name in sorted(name for name in files if name.startswith("exhibit/") and not name.endswith(".pem")):
        need((name, sha(whole_file(files, name)).hex()) in papers, f"custody does not name {name} with its hash")
        print(f"  holds  custody names {name} with its hash; a PDF is signed besides: countermark verify, or pyhanko")
    return {seal, *acts} - {None}


def check_bag(path, trusted):
    try:
        need(not os.path.islink(path), "the bag is a link")
        files = from_folder(path) if os.path.isdir(path) else from_zip(path)
        named = check_proofs(files, check_files(files))
        for token in sorted(name for name in files if name.endswith(".tsr")):
            about, pem = re.sub(r"\.stamp-[0-9]+\.tsr$", "", token), token[:-3] + "pem"
            print(f"  open   check by hand, with certificates of the authority that you trust in place of {pem}:")
            print(f"         openssl ts -verify -data {about} -in {token} -CAfile {pem}")
        if "proof/extract.json" in files:
            extract = whole_file(files, "proof/extract.json")
            told = [read(unb64(one["token"].split(".")[1])).get("data") or {} for one in read(extract)["entries"]]
            told = [one.get("seal") or (one.get("fields") or {}).get("seal") for one in told]
            need(named & set(told), "no entry in proof/extract.json names the seal, or a line of custody with files")
            return check_extract(extract, trusted)
    except WRONG as wrong:
        print(f"  FAILS  {path}: {wrong}")
        return 1
    print("Everything that was checked in this bag holds.")
    return 0


def main(path, *trusted):
    with open(os.devnull if os.path.isdir(path) else path, "rb") as file:
        begins = file.read(64 << 20)
    return check_extract(begins, trusted) if begins.lstrip()[:1] == b"{" else check_bag(path, trusted)


def check_extract(data, trusted):
    ring, heads, part = Ring(), {}, "file"
    try:
        extract = fields(read(data), ("format", "agreements"), ("key_changes", "entries", "contradictions"))
        need(extract["format"] == "countermark-extract/1", "not an extract")
        need(extract.get("entries") or extract.get("contradictions"), "it holds no entry")
        for part, look, each in (
            ("agreements", lambda one: ring.agreement(one, trusted), extract["agreements"]),
            ("key_changes", ring.change, extract.get("key_changes", ())),
            ("entries", lambda one: one_entry(ring, heads, one), extract.get("entries", ())),
            ("contradictions", lambda one: contradiction(ring, one), extract.get("contradictions", ())),
        ):
            for place, one in enumerate(each):
                part = f"{part.partition('[')[0]}[{place}]"
                look(one)
    except WRONG as wrong:
        print(f"  FAILS  {part}: {wrong}")
        return 1
    print("Everything in this file holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if sys.argv[1:] else __doc__)
