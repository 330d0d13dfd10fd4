#!/usr/bin/env python3
"""Checks a sanitization record without radera: Python's standard library and the openssl program are all it needs.
Says nothing of the record's inner consistency (see docs/certificate-format.md). Exit 0: all that was asked for holds."""
import argparse, hashlib, json, os, ssl, subprocess, sys, tempfile

def fail(why):
    sys.exit(f"check-record: {why}")

def openssl(*arguments, stdin=b""):
    return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True)

def verify(path, trust):
    """The signer's fingerprint, once the signature holds for the bytes of `path` (and the signer is trusted)."""
    with tempfile.TemporaryDirectory() as directory:
        signer = os.path.join(directory, "signer.pem")
        command = ["cms", "-verify", "-binary", "-inform", "DER", "-in", path + ".p7s", "-content", path,
                   "-signer", signer, "-purpose", "any", "-out", os.devnull]
        if openssl(*command, "-noverify").returncode != 0:
            fail("the signature does not hold: the record was changed, or is signed by nobody")
        with open(signer) as file:
            found = hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).hexdigest()
        if trust and os.path.exists(trust):
            # -partial_chain: the file may hold the signing certificate itself or its issuer's.
            if openssl(*command, "-CAfile", trust, "-partial_chain", "-no_check_time").returncode != 0:
                fail(f"{trust} neither is nor issued the signing certificate sha256:{found}")
        elif trust and trust.lower().removeprefix("sha256:").replace(":", "").replace(" ", "") != found:
            fail(f"signed by sha256:{found}, not by the key that is trusted")
    return found

def block(entry, offset, length):
    """What a pass wrote at `offset` from the first byte of its scope."""
    if entry["bytes_hex"]:
        fixed = bytes.fromhex(entry["bytes_hex"])
        return bytes(fixed[(offset + i) % len(fixed)] for i in range(length))
    stream, skip = entry["stream"], offset % 16
    if (stream["algorithm"], stream["counter"]) != ("aes-128-ctr", "big-endian-128(offset/16)"):
        fail("the stream is of an algorithm that this script does not know")
    keystream = openssl("enc", "-aes-128-ctr", "-K", stream["key"], "-iv", f"{offset // 16:032x}",
                        stdin=bytes(skip + length)).stdout[skip:]
    return bytes(b ^ 0xFF for b in keystream) if entry["inverted"] else keystream

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("record", help="<id>.json, with <id>.json.p7s beside it")
parser.add_argument("--trust", help="fingerprint of the signing certificate, or a PEM file with it or its issuer's")
parser.add_argument("--image", help="the target itself, device or image: compare a block with what the last pass wrote")
parser.add_argument("--offset", type=int, default=0, help="offset of that block from the target's first byte")
parser.add_argument("--length", type=int, default=4096)
options = parser.parse_args()
signer = verify(options.record, options.trust)
with open(options.record, "rb") as file:
    record = json.load(file)
if record["signer"]["fingerprint"] != "sha256:" + signer:
    fail(f"the record names another signing certificate than the one it is signed with, sha256:{signer}")
print(f"{record['status']}, claim {record['claim']}; signed by sha256:{signer}{' (trusted)' if options.trust else ''}")
if options.image:
    with open(options.image, "rb") as file:
        found = os.pread(file.fileno(), options.length, options.offset)
    if not found or found != block(record["passes"][-1], options.offset, len(found)):
        fail(f"the block at byte {options.offset} is not what the last pass wrote")
    print(f"{len(found)} bytes at {options.offset} are what the last pass wrote")
