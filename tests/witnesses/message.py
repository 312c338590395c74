"""What Python's own mail library, at its strictest, understands of messages: `mail.py FILE...` prints a JSON list."""

import email
import email.policy
import json
import sys


def part(found):
    if found.get_content_maintype() != "text":
        return {"type": found.get_content_type(), "name": found.get_filename(), "bytes": len(found.get_content())}
    return {
        "type": found.get_content_type(),
        "charset": found.get_content_charset(),
        "text": found.get_content().replace("\r\n", "\n"),
    }


def message(path):
    # A defect of the message or of a header raises here, or when the header is read.
    with open(path, "rb") as file:
        found = email.message_from_binary_file(file, policy=email.policy.strict)
    defects = [str(defect) for part in found.walk() for defect in part.defects]
    defects += [str(defect) for value in found.values() for defect in value.defects]
    return {
        "type": found.get_content_type(),
        "headers": [[name, str(value)] for name, value in found.items()],
        "to": [address.addr_spec for address in found["To"].addresses],
        "instant": found["Date"].datetime.isoformat(),
        "defects": defects,
        "parts": [part(found) for found in found.walk() if not found.is_multipart()],
    }


json.dump([message(path) for path in sys.argv[1:]], sys.stdout)
