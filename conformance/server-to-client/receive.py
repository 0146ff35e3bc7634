"""A client that is told of objects: it takes KMIP requests over mutual TLS, with nothing but Python's library.

Prints a line of JSON for each request, and answers Success. Of key material it prints the SHA-256 alone.
"""

import argparse
import hashlib
import json
import socket
import ssl
import struct
import time

REQUEST_MESSAGE, RESPONSE_MESSAGE = 0x420078, 0x42007B
REQUEST_HEADER, RESPONSE_HEADER = 0x420077, 0x42007A
PROTOCOL_VERSION, MAJOR, MINOR = 0x420069, 0x42006A, 0x42006B
BATCH_COUNT, BATCH_ITEM, OPERATION = 0x42000D, 0x42000F, 0x42005C
TIME_STAMP, RESULT_STATUS, RESPONSE_PAYLOAD = 0x420092, 0x42007F, 0x42007C
REQUEST_PAYLOAD, UNIQUE_IDENTIFIER, KEY_MATERIAL = 0x420079, 0x420094, 0x420043
ATTRIBUTE, ATTRIBUTE_NAME = 0x420008, 0x42000A
STRUCTURE, INTEGER, ENUMERATION, TEXT, DATE_TIME = 1, 2, 5, 7, 9
NAMES = {0x1B: "Notify", 0x1C: "Put"}


def items(data):
    """The items of a structure: tag, type and value; a structure's value is its items."""
    found = []
    while data:
        tag, length = int.from_bytes(data[:3], "big"), struct.unpack(">I", data[4:8])[0]
        value = data[8 : 8 + length]
        found.append((tag, data[3], items(value) if data[3] == STRUCTURE else value))
        data = data[8 + (length + 7) // 8 * 8 :]
    return found


def every(tag, tree):
    """All values under a tag, at any depth."""
    for found, kind, value in tree:
        if found == tag:
            yield value
        if kind == STRUCTURE:
            yield from every(tag, value)


def item(tag, kind, value):
    padding = b"\0" * (-len(value) % 8)
    return tag.to_bytes(3, "big") + bytes([kind]) + struct.pack(">I", len(value)) + value + padding


def number(tag, kind, value):
    return item(tag, kind, struct.pack(">i", value))


def answer(version, operation):
    header = (
        item(PROTOCOL_VERSION, STRUCTURE, number(MAJOR, INTEGER, version[0]) + number(MINOR, INTEGER, version[1]))
        + item(TIME_STAMP, DATE_TIME, struct.pack(">q", int(time.time())))
        + number(BATCH_COUNT, INTEGER, 1)
    )
    batch_item = (
        number(OPERATION, ENUMERATION, operation)
        + number(RESULT_STATUS, ENUMERATION, 0)
        + item(RESPONSE_PAYLOAD, STRUCTURE, b"")
    )
    return item(
        RESPONSE_MESSAGE, STRUCTURE, item(RESPONSE_HEADER, STRUCTURE, header) + item(BATCH_ITEM, STRUCTURE, batch_item)
    )


def read(stream, count):
    data = stream.read(count)
    if len(data) != count:
        raise EOFError
    return data


def serve(stream, write):
    while True:
        head = read(stream, 8)
        tree = items(head + read(stream, struct.unpack(">I", head[4:])[0]))
        version = [int.from_bytes(next(every(tag, tree)), "big") for tag in (MAJOR, MINOR)]
        operation = int.from_bytes(next(every(OPERATION, tree)), "big")
        told = {
            "operation": NAMES.get(operation, hex(operation)),
            "version": ".".join(map(str, version)),
            "uniqueIdentifier": next(every(UNIQUE_IDENTIFIER, tree)).decode(),
            "attributes": [name.decode() for name in every(ATTRIBUTE_NAME, tree)],
            "material": [hashlib.sha256(key).hexdigest() for key in every(KEY_MATERIAL, tree)],
        }
        print(json.dumps(told), flush=True)
        write(answer(version, operation))


def main():
    parser = argparse.ArgumentParser()
    for name in ("port", "cert", "key", "ca"):
        parser.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(given.cert, given.key)
    context.load_verify_locations(given.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", int(given.port))) as listener:
        while True:
            connection, _ = listener.accept()
            try:
                with context.wrap_socket(connection, server_side=True) as tls:
                    serve(tls.makefile("rb"), tls.sendall)
            except (EOFError, OSError):
                continue


main()
