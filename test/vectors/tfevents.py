"""Checks the event files of a run folder with the standard library alone, sharing no code with the program
that wrote them: the length and both CRC-32C of every record, the version that comes first, and every value
against metrics.csv and the test figures of summary.json. Values are float32 there.

Run: python3 test/vectors/tfevents.py RUN
"""

import csv
import json
import math
import pathlib
import re
import struct
import sys


def fail(text):
    sys.exit(f"tfevents: {text}")


def crc32c(data):
    """Bit by bit, as RFC 3720 defines it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(crc):
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path, newest):
    """A training that was killed may have torn the last record; one that goes on has begun a newer file."""
    data = path.read_bytes()
    at = 0
    while at < len(data):
        if at + 12 > len(data):
            if not newest:
                return
            fail(f"{path}: byte {at}: the head of a record is torn")
        length, head_sum = struct.unpack_from("<QI", data, at)
        if masked(crc32c(data[at : at + 8])) != head_sum:
            fail(f"{path}: byte {at}: the length has another CRC-32C")
        end = at + 12 + length
        if end + 4 > len(data):
            if not newest:
                return
            fail(f"{path}: byte {at}: a record of {length} bytes is torn")
        content = data[at + 12 : end]
        if masked(crc32c(content)) != struct.unpack_from("<I", data, end)[0]:
            fail(f"{path}: byte {at}: the data has another CRC-32C")
        yield content
        at = end + 4


def fields(data):
    """The fields of a message: number, and value (int, bytes of a fixed width, or bytes)."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        wire = key & 7
        if wire == 0:
            yield key >> 3, varint()
            continue
        width = {1: 8, 5: 4}.get(wire)
        if width is None:
            if wire != 2:
                fail(f"a field of the unknown kind {wire}")
            width = varint()
        if at + width > len(data):
            fail("a field is longer than its message")
        yield key >> 3, data[at : at + width]
        at += width


def plugin_of(metadata):
    for number, plugin in fields(dict(fields(metadata)).get(1, b"")):
        if number == 1:
            return plugin.decode()
    return ""


def read(run):
    """Scalars by step and tag, in the order of the files; what a later start makes void is left out."""
    scalars, others, count = {}, [], 0
    paths = sorted(run.glob("events.out.tfevents.*"))
    if not paths:
        fail(f"{run}: no event files")
    for path in paths:
        for index, content in enumerate(records(path, path == paths[-1])):
            count += 1
            event = {1: b"", 2: 0}
            event.update(fields(content))
            wall, step = struct.unpack("<d", event[1])[0], event[2]
            if not 1e9 < wall < 1e11:
                fail(f"{path}: record {index}: the time {wall} is none")
            if (index == 0) != (event.get(3) == b"brain.Event:2"):
                fail(f"{path}: record {index}: the version comes first, and only there")
            if 7 in event and dict(fields(event[7])).get(1) == 1:
                scalars = {key: value for key, value in scalars.items() if key[0] < step}
            for number, value in fields(event.get(5, b"")):
                value = dict(fields(value))
                tag = value[1].decode()
                if 2 in value:
                    scalars[step, tag] = struct.unpack("<f", value[2])[0]
                else:
                    others.append(f"{tag} ({plugin_of(value[9])})")
    return scalars, others, len(paths), count


def float32(text):
    return struct.unpack("<f", struct.pack("<f", float(text)))[0]


def main():
    run = pathlib.Path(sys.argv[1])
    scalars, others, files, count = read(run)
    expected = {}
    with open(run / "metrics.csv", newline="") as table:
        rows = list(csv.DictReader(table))
    by_updates = re.search(r"^\s*steps: \d", (run / "config.yaml").read_text(), re.M)
    steps = sorted({step for step, tag in scalars if tag == "loss/train"})
    if len(steps) != len(rows):
        fail(f"{run}: {len(rows)} rows in metrics.csv, {len(steps)} steps in the events")
    for row, step in zip(rows, steps):
        per_epoch = steps[-1] / float(rows[-1]["epoch"]) if by_updates else 1
        if abs(step - per_epoch * float(row["epoch"])) > 1e-6:
            fail(f"{run}: expected the step of epoch {row['epoch']}, got {step}")
        for column, text in row.items():
            if column == "epoch" or text == "":
                continue
            head, _, name = column.partition("_")
            tag = f"{name}/{head}" if head in ("train", "val") else column
            expected[step, tag] = float32(text)
    summary = run / "summary.json"
    test = json.loads(summary.read_text())["test"] if summary.exists() else None
    for name, value in (test or {}).items():
        if name != "columns":
            expected[steps[-1], f"{name}/test"] = float32(value)
    for key, value in expected.items():
        got = scalars.pop(key, None)
        same = got == value or (got is not None and math.isnan(got) and math.isnan(value))
        if not same:
            fail(f"{run}: step {key[0]}, {key[1]}: expected {value}, got {got}")
    rest = {tag for _, tag in scalars} - {"samples_per_second"}
    if rest:
        fail(f"{run}: values that metrics.csv has not: {', '.join(sorted(rest))}")
    print(json.dumps({"files": files, "records": count, "values": len(expected), "plugins": sorted(others)}))


main()
