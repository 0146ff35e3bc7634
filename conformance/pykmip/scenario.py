"""
What a run does, step by step, one request each. `expected-steps.ts` has what has to come of it.

Keys are made under labels; one run leaves nothing but destroyed objects behind.
"""

import time

from kmip.core.enums import (
    BatchErrorContinuationOption,
    CryptographicAlgorithm,
    CryptographicUsageMask,
    ObjectType,
    Operation,
    QueryFunction,
    RevocationReasonCode,
    State,
)
from kmip.core.messages import payloads

from values import attribute

AES = CryptographicAlgorithm.AES
TRIPLE_DES = CryptographicAlgorithm.TRIPLE_DES
CIPHER = [CryptographicUsageMask.ENCRYPT, CryptographicUsageMask.DECRYPT]
KEYS = {
    "aes-128": (AES, 128, [*CIPHER, CryptographicUsageMask.WRAP_KEY]),
    "aes-192": (AES, 192, CIPHER),
    "aes-256": (AES, 256, CIPHER),
    "3des": (TRIPLE_DES, 192, CIPHER),
    "3des-168": (TRIPLE_DES, 168, CIPHER),  # the same, counted without the parity bits
}
ATTRIBUTES = [
    "Unique Identifier",
    "Name",
    "Object Type",
    "Cryptographic Algorithm",
    "Cryptographic Length",
    "Cryptographic Usage Mask",
    "State",
    "Initial Date",
    "Last Change Date",
]
LONG_AGO = 1_000_000_000  # 2001-09-09
LONG_AGO_TOO = LONG_AGO + 86_400
UNKNOWN = "8c2ae1ff-0000-4000-8000-000000000000"


class Scenario:
    def __init__(self, layer, report, run):
        self._layer = layer
        self._report = report
        self._step = report.step
        self._run = run
        self._started = int(time.time())
        self._uids = {}
        self._materials = {}

    # Names belong to one object of an adapter, also after its end.
    def _name(self, label):
        return f"{self._run} {label}"

    def _made(self, label, uid):
        self._uids[label] = self._report.label(uid, label)
        return uid

    def _locate(self, *attributes, **page):
        return self._layer.locate([attribute(*one) for one in attributes], **page)

    def _get(self, label):
        """Everything about the key but the key; whether it is the same as the first time instead."""
        key = self._layer.get(self._uids[label])
        first = self._materials.setdefault(label, key.material)
        return {
            "algorithm": key.algorithm,
            "length": key.length,
            "format": key.format,
            "bytes": len(key.material),
            "unchanged": key.material == first,
        }

    def make_keys(self):
        step, layer = self._step, self._layer
        for label, (algorithm, length, usage) in KEYS.items():
            step(
                f"create {label}",
                lambda: self._made(label, layer.create(self._name(label), algorithm, length, usage)),
            )
        step(
            "create with a name that is taken",
            lambda: layer.create(self._name("aes-128"), AES, 128, CIPHER),
        )
        step(
            "create with a length that AES lacks",
            lambda: layer.create(self._name("odd"), AES, 100, CIPHER),
        )

    def find_keys(self):
        step, locate = self._step, self._locate
        now = int(time.time())
        step("locate all", lambda: locate())
        step("locate by name", lambda: locate(("Name", self._name("aes-256"))))
        step("locate by an unknown name", lambda: locate(("Name", self._name("nobody"))))
        step("locate by algorithm", lambda: locate(("Cryptographic Algorithm", AES)))
        step(
            "locate by algorithm and length",
            lambda: locate(("Cryptographic Algorithm", AES), ("Cryptographic Length", 192)),
        )
        step(
            "locate by usage",
            lambda: locate(("Cryptographic Usage Mask", [CryptographicUsageMask.WRAP_KEY])),
        )
        step("locate by type", lambda: locate(("Object Type", ObjectType.SYMMETRIC_KEY)))
        step("locate by another type", lambda: locate(("Object Type", ObjectType.CERTIFICATE)))
        step("locate by state", lambda: locate(("State", State.PRE_ACTIVE)))
        step("locate by another state", lambda: locate(("State", State.COMPROMISED)))
        step(
            "locate by a range of initial dates",
            lambda: locate(("Initial Date", self._started), ("Initial Date", now)),
        )
        step(
            "locate by a range before",
            lambda: locate(("Initial Date", LONG_AGO), ("Initial Date", self._started - 1)),
        )
        step("locate two", lambda: locate(maximum=2))
        step("locate two after the first", lambda: locate(maximum=2, offset=1))

    def get_keys(self):
        for label in KEYS:
            self._step(f"get {label}", lambda: self._get(label))

    def read_attributes(self):
        step, layer, uid = self._step, self._layer, self._uids["aes-256"]
        step("list attributes", lambda: layer.attribute_names(uid))
        step("get all attributes", lambda: layer.attributes(uid))
        step("get attributes by name", lambda: layer.attributes(uid, ATTRIBUTES))
        step("get an attribute that is not set", lambda: layer.attributes(uid, ["Destroy Date"]))

    def live(self):
        """aes-256 goes the regular way."""
        step, layer, uid = self._step, self._layer, self._uids["aes-256"]
        dates = ["State", "Activation Date", "Deactivation Date", "Destroy Date"]
        step("activate", lambda: layer.activate(uid))
        step("activate again", lambda: layer.activate(uid))
        step("get an active key", lambda: self._get("aes-256"))
        step("destroy an active key", lambda: layer.destroy(uid))
        step(
            "revoke as no longer used",
            lambda: layer.revoke(uid, RevocationReasonCode.CESSATION_OF_OPERATION, "retired"),
        )
        step("get dates after that", lambda: layer.attributes(uid, dates))
        step("get the reason", lambda: layer.attributes(uid, ["Revocation Reason"]))
        step("get a deactivated key", lambda: self._get("aes-256"))
        step("destroy", lambda: layer.destroy(uid))
        step("destroy again", lambda: layer.destroy(uid))
        step("get a destroyed key", lambda: self._get("aes-256"))
        step("get dates of a destroyed key", lambda: layer.attributes(uid, dates))
        step("locate a destroyed key", lambda: self._locate(("Name", self._name("aes-256"))))

    def compromise(self):
        """aes-192 falls into wrong hands."""
        step, layer, uid = self._step, self._layer, self._uids["aes-192"]
        dates = ["State", "Compromise Date", "Compromise Occurrence Date"]
        step(
            "revoke a key that was never used",
            lambda: layer.revoke(uid, RevocationReasonCode.CESSATION_OF_OPERATION),
        )
        step(
            "revoke as compromised",
            lambda: layer.revoke(uid, RevocationReasonCode.KEY_COMPROMISE, "lost", LONG_AGO),
        )
        step("get dates of a compromised key", lambda: layer.attributes(uid, dates))
        step("destroy a compromised key", lambda: layer.destroy(uid))
        step("get its state", lambda: layer.attributes(uid, ["State"]))

    def ask_for_nobody(self):
        step, layer = self._step, self._layer
        step("get an unknown key", lambda: layer.get(UNKNOWN))
        step("get attributes of an unknown key", lambda: layer.attributes(UNKNOWN, ["State"]))
        step("activate an unknown key", lambda: layer.activate(UNKNOWN))
        step("destroy an unknown key", lambda: layer.destroy(UNKNOWN))

    def clean_up(self):
        step, layer = self._step, self._layer
        for label in ("aes-128", "3des", "3des-168"):
            step(f"destroy {label}", lambda: layer.destroy(self._uids[label]))
        step("locate all at the end", lambda: self._locate())

    # The rest is for the low-level API; the other has no methods for it.

    def negotiate(self):
        step, layer = self._step, self._layer
        step("discover versions", lambda: layer.discover_versions())
        step("discover common versions", lambda: layer.discover_versions((3, 0), (1, 2)))
        step("query", lambda: layer.query("OPERATIONS", "OBJECTS", "SERVER_INFORMATION"))

    def use_more_attributes(self):
        """A key with everything that PyKMIP can set on it."""
        step, layer = self._step, self._layer
        label = "dated"
        dated = [
            attribute("Activation Date", LONG_AGO),
            attribute("Object Group", self._run),
            attribute("Contact Information", "keys@example.org"),
        ]
        step(
            "create with more attributes",
            lambda: self._made(label, layer.create(self._name(label), AES, 256, CIPHER, dated)),
        )
        uid = self._uids[label]
        names = ["State", "Activation Date", "Object Group", "Contact Information"]
        step("get more attributes", lambda: layer.attributes(uid, names))
        step("locate by group", lambda: self._locate(("Object Group", self._run)))
        step(
            "locate by a range of activation dates",
            lambda: self._locate(("Activation Date", 0), ("Activation Date", LONG_AGO_TOO)),
        )
        step(
            "create without a length",
            lambda: layer.create(self._name("endless"), AES, None, CIPHER),
        )
        label = "custom"
        purpose = ("x-Purpose", "conformance")
        step(
            "create with a custom attribute",
            lambda: self._made(
                label, layer.create(self._name(label), AES, 128, CIPHER, [attribute(*purpose)])
            ),
        )
        step("locate by a custom attribute", lambda: self._locate(purpose))
        step(
            "get a custom attribute",
            lambda: layer.attributes(self._uids.get(label, uid), ["x-Purpose"]),
        )
        for label in ("dated", "custom"):
            if label in self._uids:
                revoked = RevocationReasonCode.KEY_COMPROMISE
                step(f"revoke {label}", lambda: layer.revoke(self._uids[label], revoked))
                step(f"destroy {label}", lambda: layer.destroy(self._uids[label]))

    def batches(self):
        step, layer = self._step, self._layer
        template = layer.template(AES, 256, CIPHER)
        query = (Operation.QUERY, payloads.QueryRequestPayload([QueryFunction.QUERY_OBJECTS]))
        lost = (Operation.GET, payloads.GetRequestPayload(unique_identifier=UNKNOWN))
        on_error = BatchErrorContinuationOption

        def outcomes(answers):
            return [
                {"operation": operation, "item": number, "outcome": outcome}
                for operation, number, outcome, _ in answers
            ]

        def whole_life():
            answers = layer.batch(
                [
                    (
                        Operation.CREATE,
                        payloads.CreateRequestPayload(ObjectType.SYMMETRIC_KEY, template),
                    ),
                    (Operation.GET, payloads.GetRequestPayload()),
                    (
                        Operation.GET_ATTRIBUTES,
                        payloads.GetAttributesRequestPayload(attribute_names=["State"]),
                    ),
                    (Operation.DESTROY, payloads.DestroyRequestPayload()),
                ]
            )
            uids = {
                str(getattr(payload.unique_identifier, "value", payload.unique_identifier))
                for *_, payload in answers
            }
            return {"items": outcomes(answers), "objects": len(uids)}

        step("batch a life, by the placeholder", whole_life)
        step("batch that stops", lambda: outcomes(layer.batch([lost, query], on_error.STOP)))
        step("batch that goes on", lambda: outcomes(layer.batch([lost, query], on_error.CONTINUE)))


def run(layer, report, name):
    """Runs all that the layer can do."""
    scenario = Scenario(layer, report, name)
    low_level = layer.name == "proxy"
    if low_level:
        scenario.negotiate()
    scenario.make_keys()
    scenario.find_keys()
    scenario.get_keys()
    scenario.read_attributes()
    scenario.live()
    scenario.compromise()
    scenario.ask_for_nobody()
    if low_level:
        scenario.use_more_attributes()
        scenario.batches()
    scenario.clean_up()
