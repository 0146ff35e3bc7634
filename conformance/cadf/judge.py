"""Judges events: their strict CADF form by pycadf, the form of the log by the published JSON Schema.

Reads the schema from the file that is named, and one JSON object a line from standard input:
{"event": ..., "cadf": ...}. Writes one JSON line for each: {"action": ..., "faults": [...]}.
"""

import json
import sys
import warnings

from jsonschema import Draft202012Validator
from pycadf import attachment, cadftaxonomy, credential, event, host, reason, resource

# CADF allows any URI as an identifier; pycadf recommends UUIDs.
warnings.filterwarnings("ignore", message="Invalid uuid")

RESOURCE_FIELDS = {"id", "typeURI", "name", "credential", "host"}


def resource_of(fields):
    unknown = set(fields) - RESOURCE_FIELDS
    if unknown:
        raise ValueError(f"a resource has {sorted(unknown)}")
    parts = dict(fields)
    if "credential" in parts:
        parts["credential"] = credential.Credential(**parts["credential"])
    if "host" in parts:
        parts["host"] = host.Host(**parts["host"])
    return resource.Resource(**parts)


def event_of(cadf):
    """Builds pycadf's own event, whose setters check each field."""
    made = event.Event(
        eventType=cadf["eventType"],
        id=cadf["id"],
        eventTime=cadf["eventTime"],
        action=cadf["action"],
        outcome=cadf["outcome"],
        name=cadf["name"],
        severity=cadf["severity"],
        reason=reason.Reason(**cadf["reason"]),
        initiator=resource_of(cadf["initiator"]),
        target=resource_of(cadf["target"]),
        observer=resource_of(cadf["observer"]),
    )
    for tag in cadf["tags"]:
        made.add_tag(tag)
    for fields in cadf["attachments"]:
        made.add_attachment(
            attachment.Attachment(
                typeURI=fields["contentType"], content=fields["content"], name=fields["name"]
            )
        )
    return made


def cadf_faults(cadf):
    try:
        made = event_of(cadf)
    except (ValueError, TypeError, KeyError) as error:
        return [f"pycadf: {error}"]
    faults = []
    if not made.is_valid():
        faults.append("pycadf: the event is not valid")
    if made.typeURI != cadf["typeURI"]:
        faults.append("pycadf: the typeURI is another")
    # pycadf takes whatever begins with a word of the taxonomy; nothing but a word is meant.
    if cadf["action"] not in cadftaxonomy.ACTION_TAXONOMY:
        faults.append(f"pycadf: {cadf['action']} is not in the taxonomy")
    return faults


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for line in sys.stdin:
        pair = json.loads(line)
        faults = cadf_faults(pair["cadf"])
        faults += [f"schema: {error.message}" for error in validator.iter_errors(pair["event"])]
        print(json.dumps({"action": pair["event"]["action"], "faults": faults}))


main()
