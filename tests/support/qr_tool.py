"""Reads the QR codes in a grey picture (PGM), or draws one: zxing's word, not that of what made the picture.

    qr_tool.py read PICTURE         prints what each code says, as a JSON list
    qr_tool.py draw TEXT PICTURE
"""

import json
import sys

import zxingcpp


def read(path):
    with open(path, "rb") as file:
        kind, size, greatest, pixels = file.read().split(b"\n", 3)
    assert (kind, greatest) == (b"P5", b"255")
    width, height = map(int, size.split())
    view = zxingcpp.ImageView(pixels, width, height, zxingcpp.ImageFormat.Lum)
    print(json.dumps([code.text for code in zxingcpp.read_barcodes(view, zxingcpp.BarcodeFormat.QRCode)]))


def draw(text, path):
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    pixels = memoryview(zxingcpp.write_barcode_to_image(code, scale=4))
    height, width = pixels.shape
    with open(path, "wb") as file:
        file.write(b"P5\n%d %d\n255\n" % (width, height) + bytes(pixels))


{"read": read, "draw": draw}[sys.argv[1]](*sys.argv[2:])
