"""What dkimpy says of signed messages: `signatures.py RECORDS MESSAGE...`, where RECORDS is a zone file of TXT records.

For each message: for each of its signatures the size of the key, or null where it does not hold; and the names of headers of
which one more can be added without breaking every signature.
"""

import json
import re
import sys

import dkim

ADDED = ["From", "To", "Subject", "Date", "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Content-Type",
         "MIME-Version", "Message-ID"]

records = {}
for line in open(sys.argv[1], encoding="ascii"):
    name, text = line.split(" IN TXT ")
    records[name.encode()] = "".join(re.findall('"([^"]*)"', text)).encode()


def holds(raw):
    sizes = []
    for index in range(raw.split(b"\r\n\r\n")[0].count(b"DKIM-Signature:")):
        judge = dkim.DKIM(raw)
        try:
            found = judge.verify(idx=index, dnsfunc=lambda name, timeout=5: records.get(name))
        except dkim.DKIMException:
            found = False
        sizes.append(judge.keysize if found else None)
    return sizes


said = []
for file in sys.argv[2:]:
    raw = open(file, "rb").read()
    # A Maildir has the line ends of the system.
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    added = [name for name in ADDED if any(holds(name.encode() + b": other\r\n" + raw))]
    said.append({"keys": holds(raw), "addable": added, "changed": holds(raw[:-60] + b"x" + raw[-60:])})
json.dump(said, sys.stdout)
