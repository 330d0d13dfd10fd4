"""What pyHanko says of a PDF's signatures, and what a receiver or an attacker may append to one.

Called by tests/support/pyhanko.rs: each line of standard input is a command with its arguments, a JSON list; each is answered
with one line, a JSON object: `found`, or `failed` with why. It ends with its input.
"""

import argparse
import io
import json
import logging
import sys
from datetime import datetime

from asn1crypto import cms, parser, pem, x509
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils import embed, generic, writer
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

NAME, TEXT, NUMBER = generic.NameObject, generic.TextStringObject, generic.NumberObject


def certificates(paths):
    """Every certificate in these PEM or DER files."""
    found = []
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        ders = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        found.extend(x509.Certificate.load(der) for der in ders)
    return found


def time_stamp(status):
    if status is None:
        return None
    return {
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
        "time": status.timestamp.isoformat(),
        "signer": status.signing_cert.subject.human_friendly,
    }


def validate(arguments):
    """Each signature in order, judged in strict mode with these roots alone and without the network."""
    moment = datetime.fromisoformat(arguments.at) if arguments.at else None

    def context(paths):
        return ValidationContext(trust_roots=certificates(paths), allow_fetching=False, moment=moment)

    found = []
    with open(arguments.file, "rb") as file:
        reader = PdfFileReader(file, strict=True)
        for signature in reader.embedded_signatures:
            stamped = signature.sig_object_type == "/DocTimeStamp"
            entry = {
                "field": signature.field_name,
                "kind": "document-time-stamp" if stamped else "signature",
                "filter": str(signature.sig_object.get("/SubFilter")),
            }
            try:
                if stamped:
                    status = validate_pdf_timestamp(signature, context(arguments.tsa))
                else:
                    status = validate_pdf_signature(
                        signature, context(arguments.trust), ts_validation_context=context(arguments.tsa)
                    )
            except Exception as error:  # whatever it is, it is a signature that does not stand
                entry["error"] = f"{type(error).__name__}: {error}"
                found.append(entry)
                continue
            level = status.modification_level
            entry.update(
                intact=status.intact,
                valid=status.valid,
                trusted=status.trusted,
                coverage=status.coverage.name,
                modification=level.name if level is not None else None,
                # None: nothing came after, so no policy was asked.
                docmdp_ok=status.docmdp_ok,
                bottom_line=getattr(status, "bottom_line", status.trusted),
                signer=status.signing_cert.subject.human_friendly,
                fingerprint="sha256:" + status.signing_cert.sha256.hex(),
                time_stamp=None if stamped else time_stamp(status.timestamp_validity),
                time=status.timestamp.isoformat() if stamped else None,
            )
            found.append(entry)
    return {"signatures": found}


def signer_of(arguments):
    return signers.SimpleSigner.load(
        arguments.key, arguments.certificate, ca_chain_files=tuple(arguments.chain), prefer_pss=False
    )


def stamper_of(arguments):
    return DummyTimeStamper(
        tsa_cert=load_cert_from_pemder(arguments.certificate),
        tsa_key=load_private_key_from_pemder(arguments.key, passphrase=None),
        certs_to_embed=SimpleCertificateStore.from_certs(certificates(arguments.chain)),
    )


def sign(arguments):
    """Appends a PAdES signature, as a receiver or a signing broker does."""
    with open(arguments.file, "rb") as file, open(arguments.out, "wb") as out:
        pdf = IncrementalPdfFileWriter(file)
        box = (30, 30, 230, 80) if arguments.visible else None
        field = fields.SigFieldSpec(arguments.field, box=box, on_page=0)
        meta = signers.PdfSignatureMetadata(
            field_name=arguments.field,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=arguments.certify,
        )
        stamper = None
        if arguments.tsa_key:
            tsa = argparse.Namespace(
                key=arguments.tsa_key, certificate=arguments.tsa_certificate, chain=arguments.tsa_chain
            )
            stamper = stamper_of(tsa)
        signers.sign_pdf(pdf, meta, signer_of(arguments), timestamper=stamper, new_field_spec=field, output=out)
    return {}


def stamp(arguments):
    """Appends a document time stamp."""
    with open(arguments.file, "rb") as file, open(arguments.out, "wb") as out:
        pdf = IncrementalPdfFileWriter(file)
        PdfTimeStamper(stamper_of(arguments)).timestamp_pdf(pdf, "sha256", output=out)
    return {}


def page_of(pdf, number=0):
    return pdf.find_page_for_modification(number)[0].get_object()


def resources():
    font = {NAME("/Type"): NAME("/Font"), NAME("/Subtype"): NAME("/Type1"), NAME("/BaseFont"): NAME("/Helvetica")}
    fonts = generic.DictionaryObject({NAME("/F1"): generic.DictionaryObject(font)})
    return generic.DictionaryObject({NAME("/Font"): fonts})


def new_page(pdf, text):
    box = (0, 0, 595, 842)
    pdf.insert_page(writer.PageObject(contents=content(pdf, text), media_box=box, resources=resources()))


def content(pdf, text, **extra):
    data = f"q 1 1 1 rg 0 0 595 842 re f Q BT /F1 20 Tf 100 500 Td ({text}) Tj ET".encode("latin-1")
    entries = {NAME("/" + key): value for key, value in extra.items()}
    return pdf.add_object(generic.StreamObject(entries, stream_data=data))


def annotate(pdf, subtype, **extra):
    page = page_of(pdf)
    entries = {
        NAME("/Type"): NAME("/Annot"),
        NAME("/Subtype"): NAME(subtype),
        NAME("/Rect"): generic.ArrayObject(map(NUMBER, (30, 300, 560, 800))),
        NAME("/F"): NUMBER(4),
    }
    entries.update({NAME("/" + key): value for key, value in extra.items()})
    reference = pdf.add_object(generic.DictionaryObject(entries))
    if "/Annots" in page:
        page["/Annots"].append(reference)
        pdf.update_container(page["/Annots"])
    else:
        page[NAME("/Annots")] = generic.ArrayObject([reference])
    pdf.update_container(page)
    return reference


def harm_page(pdf):
    new_page(pdf, "A page more")


def harm_content(pdf):
    page = page_of(pdf)
    page[NAME("/Contents")] = content(pdf, "Erased, all of it")
    pdf.update_container(page)


def harm_free_text(pdf):
    annotate(pdf, "/FreeText", Contents=TEXT("Not erased"), DA=TEXT("/Helv 12 Tf 0 g"))


def harm_stamp(pdf):
    box = generic.ArrayObject(map(NUMBER, (0, 0, 530, 500)))
    look = content(pdf, "Paid", Type=NAME("/XObject"), Subtype=NAME("/Form"), BBox=box)
    annotate(pdf, "/Stamp", AP=generic.DictionaryObject({NAME("/N"): look}))


def harm_link(pdf):
    action = {NAME("/S"): NAME("/URI"), NAME("/URI"): TEXT("http://127.0.0.1/")}
    annotate(pdf, "/Link", A=generic.DictionaryObject(action))


def harm_attachment(pdf):
    """Puts other bytes in the place of the first attachment."""
    names = pdf.root["/Names"]["/EmbeddedFiles"]
    while "/Names" not in names:
        names = names["/Kids"][0]
    file = names["/Names"][1]["/EF"]
    reference = file.raw_get("/F")
    old = reference.get_object()
    entries = {k: old.raw_get(k) for k in old if k not in ("/Length", "/Filter", "/DecodeParms")}
    other = old.data.replace(b"fulfilled", b"Fulfilled").replace(b"sanitized", b"sAnitized")
    replaced = generic.StreamObject(entries, stream_data=other if other != old.data else old.data[::-1])
    replaced.container_ref = reference.reference if hasattr(reference, "reference") else reference
    pdf.objects[(replaced.container_ref.generation, replaced.container_ref.idnum)] = replaced


def harm_second_attachment(pdf):
    file = embed.EmbeddedFileObject.from_file_data(pdf, b'{"status":"sanitized"}', mime_type="application/json")
    embed.embed_file(pdf, embed.FileSpec(file_spec_string="another.json", embedded_data=file))


def harm_script(pdf):
    action = {NAME("/S"): NAME("/JavaScript"), NAME("/JS"): TEXT("app.alert('Erased')")}
    pdf.root[NAME("/OpenAction")] = pdf.add_object(generic.DictionaryObject(action))
    pdf.update_root()


def harm_pages_gone(pdf):
    pages = pdf.root["/Pages"]
    pages["/Kids"].pop()
    pages[NAME("/Count")] = NUMBER(pages["/Count"] - 1)
    pdf.update_container(pages)


def harm_field_gone(pdf):
    """Takes the signature out of the form: the document looks as if nobody had signed."""
    form = pdf.root["/AcroForm"]
    form[NAME("/Fields")] = generic.ArrayObject()
    pdf.update_container(form)
    pdf.update_root()


def harm_empty_field(pdf):
    """A field that a receiver may add, which nobody signs, and which covers the page."""
    box = generic.ArrayObject(map(NUMBER, (0, 0, 530, 500)))
    look = content(pdf, "Purged", Type=NAME("/XObject"), Subtype=NAME("/Form"), BBox=box)
    looks = generic.DictionaryObject({NAME("/N"): look})
    field = annotate(pdf, "/Widget", FT=NAME("/Sig"), T=TEXT("Later"), AP=looks)
    form = pdf.root["/AcroForm"]
    form["/Fields"].append(field)
    pdf.update_container(form["/Fields"])
    pdf.update_root()


HARMS = {
    "empty-field": harm_empty_field,
    "page": harm_page,
    "content": harm_content,
    "free-text": harm_free_text,
    "stamp": harm_stamp,
    "link": harm_link,
    "attachment": harm_attachment,
    "second-attachment": harm_second_attachment,
    "script": harm_script,
    "page-gone": harm_pages_gone,
    "field-gone": harm_field_gone,
}


def harm(arguments):
    """Appends a change that nobody may make after signing."""
    with open(arguments.file, "rb") as file, open(arguments.out, "wb") as out:
        pdf = IncrementalPdfFileWriter(file)
        HARMS[arguments.how](pdf)
        pdf.write(out)
    return {}


def hole(data):
    """Where the first signature's hexadecimal digits are, from the byte after `<` to that before `>`."""
    signature = PdfFileReader(io.BytesIO(data), strict=True).embedded_signatures[0]
    _, before, after, _ = signature.byte_range
    return before + 1, after - 1


def in_file(path):
    with open(path, "rb") as file:
        data = file.read()
    if not data.startswith(b"%PDF"):
        return data, None, data
    start, end = hole(data)
    return data, (start, end), bytes.fromhex(data[start:end].decode())


def out_file(path, data, place, signature):
    if place is not None:
        start, end = place
        digits = signature.hex().encode()
        if len(digits) > end - start:
            sys.exit("no room for the signature")
        data = data[:start] + digits.ljust(end - start, b"0") + data[end:]
    else:
        data = signature
    with open(path, "wb") as file:
        file.write(data)


STAMP = "1.2.840.113549.1.9.16.2.14"


def parse(signature):
    return cms.ContentInfo.load(signature)


def members(data):
    """The DER values that follow each other in `data`."""
    while data:
        length = parser.peek(data)
        yield data[:length]
        data = data[length:]


# ContentInfo, [0], SignedData, signerInfos, SignerInfo (RFC 5652): each is the last member of the one before.
LEVELS = 4


def unsigned(signature, levels=LEVELS):
    """The unsigned attributes of the last signer."""
    content = parser.parse(signature)[4]
    if levels:
        return unsigned(list(members(content))[-1], levels - 1)
    return [a for part in members(content) if part[0] == 0xA1 for a in members(parser.parse(part)[4])]


def with_unsigned(signature, attributes, levels=LEVELS):
    """The signature with these unsigned attributes. By hand, since asn1crypto writes anew all that lies around a change, twice at each
    level: a minute for a chain of RSA certificates."""
    kind, method, tag, _, content, _ = parser.parse(signature)
    parts = list(members(content))
    if levels:
        parts[-1] = with_unsigned(parts[-1], attributes, levels - 1)
    else:
        parts = [part for part in parts if part[0] != 0xA1]
        parts += [parser.emit(2, 1, 1, b"".join(attributes))] if attributes else []
    return parser.emit(kind, method, tag, b"".join(parts))


def strip_stamp(arguments):
    """Takes the time stamp out of the first signature of a PDF, or out of a detached one, and leaves the rest."""
    data, place, signature = in_file(arguments.file)
    attributes = unsigned(signature)
    kept = [a for a in attributes if cms.CMSAttribute.load(a)["type"].dotted != STAMP]
    out_file(arguments.out, data, place, with_unsigned(signature, kept))
    return {"stripped": len(kept) < len(attributes)}


def stamp_token(arguments):
    """Writes the time-stamp token of the first signature, and the signature value that it stamps."""
    _, _, signature = in_file(arguments.file)
    signer = parse(signature)["content"]["signer_infos"][0]
    tokens = [a for a in signer["unsigned_attrs"] if a["type"].dotted == STAMP] if signer["unsigned_attrs"] else []
    if not tokens:
        return {"stamped": False}
    with open(arguments.out, "wb") as file:
        file.write(tokens[0]["values"][0].dump())
    with open(arguments.out + ".stamped", "wb") as file:
        file.write(signer["signature"].native)
    return {"stamped": True}


def swap_stamp(arguments):
    """Puts the time stamp of another file's first signature into this one's."""
    data, place, signature = in_file(arguments.file)
    attributes = unsigned(in_file(arguments.other)[2])
    out_file(arguments.out, data, place, with_unsigned(signature, attributes))
    return {}


def swap_signature(arguments):
    """Puts the first signature of another file into this one."""
    data, place, _ = in_file(arguments.file)
    _, _, signature = in_file(arguments.other)
    out_file(arguments.out, data, place, parse(signature).dump())
    return {}


def extract(arguments):
    """Writes the first signature's CMS without its padding, and the bytes that it covers."""
    data, place, signature = in_file(arguments.file)
    with open(arguments.out, "wb") as file:
        file.write(parse(signature).dump())
    start, end = place
    with open(arguments.out + ".content", "wb") as file:
        first, before, after, last = PdfFileReader(io.BytesIO(data)).embedded_signatures[0].byte_range
        file.write(data[first : first + before] + data[after : after + last])
    return {"hole": [start - 1, end + 1], "end": after + last}


def sample(arguments):
    """A PDF of two pages with one attachment, for the tests of this file's own promises."""
    pdf = writer.PdfFileWriter()
    for number in (1, 2):
        new_page(pdf, f"Page {number}")
    with open(arguments.file, "rb") as file:
        data = file.read()
    stored = embed.EmbeddedFileObject.from_file_data(pdf, data, mime_type="application/json", compress=False)
    embed.embed_file(pdf, embed.FileSpec(file_spec_string="sample.json", embedded_data=stored))
    with open(arguments.out, "wb") as out:
        pdf.write(out)
    return {}


def main():
    # What it finds is in its answer; the log would only tell it again.
    logging.disable(logging.CRITICAL)
    words = argparse.ArgumentParser()
    commands = words.add_subparsers(required=True)

    def command(function, *names):
        sub = commands.add_parser(function.__name__.replace("_", "-"))
        sub.set_defaults(function=function)
        for name in names:
            sub.add_argument(name)
        return sub

    sub = command(validate, "file")
    sub.add_argument("--trust", action="append", default=[])
    sub.add_argument("--tsa", action="append", default=[])
    sub.add_argument("--at")
    for function in (sign, stamp):
        sub = command(function, "file", "out")
        sub.add_argument("--key", required=True)
        sub.add_argument("--certificate", required=True)
        sub.add_argument("--chain", action="append", default=[])
        if function is sign:
            sub.add_argument("--field", default="Receiver")
            sub.add_argument("--visible", action="store_true")
            sub.add_argument("--certify", action="store_true")
            sub.add_argument("--tsa-key")
            sub.add_argument("--tsa-certificate")
            sub.add_argument("--tsa-chain", action="append", default=[])
    command(harm, "file", "out").add_argument("--how", required=True, choices=HARMS)
    command(strip_stamp, "file", "out")
    command(stamp_token, "file", "out")
    command(extract, "file", "out")
    command(sample, "file", "out")
    command(swap_signature, "file", "other", "out")
    command(swap_stamp, "file", "other", "out")
    for line in sys.stdin:
        try:
            arguments = words.parse_args(json.loads(line))
            answer = {"found": arguments.function(arguments)}
        except (Exception, SystemExit) as error:  # told to the test, which decides
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
