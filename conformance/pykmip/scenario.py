"""
What a run does, step by step, one request each. `expected-steps.ts` has what has to come of it.

Keys are made under labels; a run leaves nothing but destroyed objects behind.
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
WRAPPING = [CryptographicUsageMask.WRAP_KEY]
KEYS = {
    "aes-128": (AES, 128, CIPHER + WRAPPING),
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
RETIRED = RevocationReasonCode.CESSATION_OF_OPERATION
COMPROMISED = RevocationReasonCode.KEY_COMPROMISE
LONG_AGO = 1_000_000_000  # 2001-09-09
A_DAY_LATER = LONG_AGO + 86_400
UNKNOWN = "8c2ae1ff-0000-4000-8000-000000000000"


class Scenario:
    """The steps that both layers can do."""

    def __init__(self, layer, report, run):
        self._layer = layer
        self._report = report
        self._step = report.step
        self._run = run
        self._started = int(time.time())
        self._uids = {}
        self._materials = {}

    def run(self):
        self.make_keys()
        self.find_keys()
        self.get_keys()
        self.read_attributes()
        self.live()
        self.compromise()
        self.ask_for_nobody()
        self.clean_up()

    # A Name belongs to one object for good, so each run has its own.
    def _name(self, label):
        return f"{self._run} {label}"

    def _uid(self, label):
        return self._uids.get(label, UNKNOWN)

    def _create(self, label, *arguments):
        uid = self._layer.create(self._name(label), *arguments)
        self._uids[label] = self._report.label(uid, label)
        return uid

    def _locate(self, *attributes, **page):
        return self._layer.locate([attribute(*pair) for pair in attributes], **page)

    def _get(self, label):
        """Everything about a key but the key; instead whether it is the same as the first time."""
        key = self._layer.get(self._uid(label))
        first = self._materials.setdefault(label, key.material)
        return {
            "algorithm": key.algorithm,
            "length": key.length,
            "format": key.format,
            "bytes": len(key.material),
            "unchanged": key.material == first,
        }

    def make_keys(self):
        step = self._step
        for label, key in KEYS.items():
            step(f"create {label}", self._create, label, *key)
        step("create with a name that is taken", self._create, "aes-128", AES, 128, CIPHER)
        step("create with a length that AES lacks", self._create, "odd", AES, 100, CIPHER)

    def find_keys(self):
        def step(name, *attributes, **page):
            self._step(name, self._locate, *attributes, **page)

        algorithm = ("Cryptographic Algorithm", AES)
        now = int(time.time())
        step("locate all")
        step("locate by name", ("Name", self._name("aes-256")))
        step("locate by an unknown name", ("Name", self._name("nobody")))
        step("locate by algorithm", algorithm)
        step("locate by algorithm and length", algorithm, ("Cryptographic Length", 192))
        step("locate by usage", ("Cryptographic Usage Mask", WRAPPING))
        step("locate by type", ("Object Type", ObjectType.SYMMETRIC_KEY))
        step("locate by another type", ("Object Type", ObjectType.CERTIFICATE))
        step("locate by state", ("State", State.PRE_ACTIVE))
        step("locate by another state", ("State", State.COMPROMISED))
        step(
            "locate by a range of initial dates",
            ("Initial Date", self._started),
            ("Initial Date", now),
        )
        step(
            "locate by a range before",
            ("Initial Date", LONG_AGO),
            ("Initial Date", self._started - 1),
        )
        step("locate two", maximum=2)
        step("locate two after the first", maximum=2, offset=1)

    def get_keys(self):
        for label in KEYS:
            self._step(f"get {label}", self._get, label)

    def read_attributes(self):
        step, layer, uid = self._step, self._layer, self._uid("aes-256")
        step("list attributes", layer.attribute_names, uid)
        step("get all attributes", layer.attributes, uid)
        step("get attributes by name", layer.attributes, uid, ATTRIBUTES)
        step("get an attribute that is not set", layer.attributes, uid, ["Destroy Date"])

    def live(self):
        """aes-256 goes the regular way."""
        step, layer, uid = self._step, self._layer, self._uid("aes-256")
        dates = ["State", "Activation Date", "Deactivation Date", "Destroy Date"]
        step("activate", layer.activate, uid)
        step("activate again", layer.activate, uid)
        step("get an active key", self._get, "aes-256")
        step("destroy an active key", layer.destroy, uid)
        step("revoke as no longer used", layer.revoke, uid, RETIRED, "retired")
        step("get dates after that", layer.attributes, uid, dates)
        step("get the reason", layer.attributes, uid, ["Revocation Reason"])
        step("get a deactivated key", self._get, "aes-256")
        step("destroy", layer.destroy, uid)
        step("destroy again", layer.destroy, uid)
        step("get a destroyed key", self._get, "aes-256")
        step("get dates of a destroyed key", layer.attributes, uid, dates)
        step("locate a destroyed key", self._locate, ("Name", self._name("aes-256")))

    def compromise(self):
        """aes-192 falls into the wrong hands."""
        step, layer, uid = self._step, self._layer, self._uid("aes-192")
        dates = ["State", "Compromise Date", "Compromise Occurrence Date"]
        step("revoke a key that was never used", layer.revoke, uid, RETIRED)
        step("revoke as compromised", layer.revoke, uid, COMPROMISED, "lost", LONG_AGO)
        step("get dates of a compromised key", layer.attributes, uid, dates)
        step("destroy a compromised key", layer.destroy, uid)
        step("get its state", layer.attributes, uid, ["State"])

    def ask_for_nobody(self):
        step, layer = self._step, self._layer
        step("get an unknown key", layer.get, UNKNOWN)
        step("get attributes of an unknown key", layer.attributes, UNKNOWN, ["State"])
        step("activate an unknown key", layer.activate, UNKNOWN)
        step("destroy an unknown key", layer.destroy, UNKNOWN)

    def clean_up(self):
        for label in ("aes-128", "3des", "3des-168"):
            self._step(f"destroy {label}", self._layer.destroy, self._uid(label))
        self._step("locate all at the end", self._locate)


class LowLevelScenario(Scenario):
    """And those for which the high-level API has no methods."""

    def run(self):
        self.negotiate()
        self.use_more_attributes()
        self.batches()
        super().run()

    def negotiate(self):
        step, layer = self._step, self._layer
        step("discover versions", layer.discover_versions)
        step("discover common versions", layer.discover_versions, (3, 0), (1, 2))
        step("query", layer.query, "OPERATIONS", "OBJECTS", "SERVER_INFORMATION")

    def use_more_attributes(self):
        step, layer = self._step, self._layer
        dated = {
            "Activation Date": LONG_AGO,
            "Object Group": self._run,
            "Contact Information": "keys@example.org",
        }
        purpose = ("x-Purpose", "conformance")
        step("create with more attributes", self._create, "dated", AES, 256, CIPHER, dated)
        step("get more attributes", layer.attributes, self._uid("dated"), ["State", *dated])
        step("locate by group", self._locate, ("Object Group", self._run))
        step(
            "locate by a range of activation dates",
            self._locate,
            ("Activation Date", 0),
            ("Activation Date", A_DAY_LATER),
        )
        step("create without a length", self._create, "endless", AES, None, CIPHER)
        step(
            "create with a custom attribute",
            self._create,
            "custom",
            AES,
            128,
            CIPHER,
            dict([purpose]),
        )
        step("locate by a custom attribute", self._locate, purpose)
        step("get a custom attribute", layer.attributes, self._uid("custom"), ["x-Purpose"])
        for label in ("dated", "custom"):
            if label in self._uids:
                step(f"revoke {label}", layer.revoke, self._uid(label), COMPROMISED)
                step(f"destroy {label}", layer.destroy, self._uid(label))

    def batches(self):
        stop, go_on = BatchErrorContinuationOption.STOP, BatchErrorContinuationOption.CONTINUE
        query = (Operation.QUERY, payloads.QueryRequestPayload([QueryFunction.QUERY_OBJECTS]))
        lost = (Operation.GET, payloads.GetRequestPayload(unique_identifier=UNKNOWN))
        self._step("batch a life, by the placeholder", self._batch_a_life)
        self._step("batch that stops", self._batch, [lost, query], stop)
        self._step("batch that goes on", self._batch, [lost, query], go_on)

    def _batch(self, items, on_error):
        return [outcome for outcome, _ in self._layer.batch(items, on_error)]

    def _batch_a_life(self):
        """No item but the first says which key is meant."""
        template = self._layer.template(AES, 256, CIPHER)
        answers = self._layer.batch(
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
        # Some payloads of PyKMIP have a text there, others an object around it.
        uids = {
            getattr(payload.unique_identifier, "value", payload.unique_identifier)
            for _, payload in answers
        }
        return {"items": [outcome for outcome, _ in answers], "objects": len(uids)}
