"""What a program does with IBM's client: root keys, adapters, certificates, objects made over KMIP."""

import base64
import json
import os
import uuid

from ibm_cloud_sdk_core.authenticators import IAMAuthenticator
from keyprotect.ibm_key_protect_api_v2 import IbmKeyProtectApiV2

NOBODY = "00000000-0000-4000-8000-000000000000"


class Scenario:
    def __init__(self, given, report):
        self._given = given
        self._instance = given["instance"]
        self._step = report.step
        self._api = self._client(given["manager"])

    def build_up(self):
        self._access()
        root_key = self._root_keys()
        self._adapters(root_key)
        self._certificates()

    def take_down(self):
        keys = self._step("list keys", self._api.get_keys, self._instance, read=_names)
        root_keys = {key["name"]: key["id"] for key in keys["resources"]}
        self._objects(root_keys["disks"])
        self._ends(root_keys)

    def _client(self, api_key):
        client = IbmKeyProtectApiV2(IAMAuthenticator(api_key, url=self._given["url"]))
        client.set_service_url(self._given["url"])
        return client

    def _access(self):
        stranger = self._client("not-an-api-key")
        self._step("log in with a wrong API key", stranger.get_kmip_adapters, self._instance)
        reader = self._client(self._given["reader"])
        self._step("list adapters as a Reader", reader.get_kmip_adapters, self._instance)

    def _create_key(self, step, name, extractable=False, **more):
        resource = {"type": "application/vnd.ibm.kms.key+json", "name": name, **more}
        body = json.dumps(_collection("key", {**resource, "extractable": extractable}))
        return self._step(step, self._api.create_key, self._instance, body.encode(), read=_names)

    def _root_keys(self):
        material = base64.b64encode(os.urandom(32)).decode()
        root_key = _one(self._create_key("create a root key", "disks"))["id"]
        imported = _one(self._create_key("import a root key", "imported", payload=material))["id"]
        self._create_key("create a standard key", "standard", extractable=True)
        rotate = self._api.rotate_key
        self._step("rotate", rotate, root_key, self._instance)
        self._step("rotate again at once", rotate, root_key, self._instance)
        self._step("rotate an imported key without a new one", rotate, imported, self._instance)
        return root_key

    def _create_adapter(self, step, root_key, name=None, **options):
        resource = {"profile": "native_1.0", "profile_data": {"crk_id": root_key}}
        body = _collection("kmip_adapter", {**resource, **({"name": name} if name else {})})
        return self._step(step, self._api.create_kmip_adapter, self._instance, **body, **options)

    def _adapters(self, root_key):
        made = _one(self._create_adapter("create an adapter", root_key, "first", read=_names))
        get = self._api.get_kmip_adapter
        for by in ("name", "id"):
            step = f"get the adapter by {by}"
            self._step(step, get, made[by], self._instance, read=_equals(made))
        create = self._create_adapter
        create("create one without a name", root_key, read=_start_of_name)
        create("create one with a name that is taken", root_key, "first")
        create("create one over an unknown root key", NOBODY, "other")
        create("create one whose name is a UUID", root_key, str(uuid.uuid4()))
        create("create one whose name has a space", root_key, "a b")
        self._step("get an unknown adapter", get, NOBODY, self._instance)

        def listed(step, **options):
            self._step(step, self._api.get_kmip_adapters, self._instance, read=_page, **options)

        listed("list adapters")
        listed("list one adapter after the first", limit=1, offset=1, total_count=True)
        listed("list those over a root key", crk_id=root_key, total_count=True)
        listed("list those over an unknown root key", crk_id=NOBODY, total_count=True)
        listed("list no adapters", limit=0)
        listed("list 201 adapters", limit=201)

    def _add_certificate(self, step, adapter, pem, name=None, **options):
        body = _collection(
            "kmip_client_certificate", {"certificate": pem, **({"name": name} if name else {})}
        )
        add = self._api.add_kmip_client_certificate
        return self._step(step, add, adapter, self._instance, **body, **options)

    def _certificates(self):
        host, spare, third = (self._given["certificates"][n] for n in ("host", "spare", "third"))
        add = self._add_certificate
        made = _one(add("add a certificate", "first", host, "host", read=_echoes(host)))
        crlf = spare.replace("\n", "\r\n")
        unnamed = _one(add("add one with CRLF", "first", crlf, read=_echoes(crlf)))
        add("add one that is there", "first", host, "again")
        add("add one with a name that is taken", "first", third, "host")
        add("add what is no PEM", "first", "not a certificate", "other")
        add("add two in one", "first", host + third, "other")
        add("add a private key", "first", self._given["privateKey"], "other")
        add("add one to an unknown adapter", "unknown", third)
        get = self._api.get_kmip_client_certificate

        def got(step, name, **options):
            self._step(step, get, "first", name, self._instance, **options)

        got("get the certificate by name", "host", read=_equals(made))
        got("get the certificate by id", made["id"], read=_equals(made))
        got("get the one without a name", unnamed["id"], read=_start_of_name)
        got("get an unknown certificate", "unknown")

        def listed(step, **options):
            method = self._api.get_kmip_client_certificates
            self._step(step, method, "first", self._instance, **options)

        listed("list one certificate", limit=1, total_count=True, read=_page)
        listed("list certificates, without PEM", read=_has("certificate"))
        listed("list no certificates", limit=0)
        listed("list 201 certificates", limit=201)

    def _objects(self, root_key):
        objects = self._given["objects"]
        name_of = {uid: name for name, uid in objects.items()}

        def states(body):
            return {name_of[found["id"]]: found["state"] for found in body["resources"]}

        def listed(step, read=states, **options):
            method = self._api.get_kmip_objects
            self._step(step, method, "first", self._instance, read=read, **options)

        get = self._api.get_kmip_client_certificate
        maker = _one(self._step("get the certificate", get, "first", "host", self._instance))["id"]

        def made_by_it(body):
            return [found["created_by_kmip_client_cert_id"] == maker for found in body["resources"]]

        listed("list whether it made the objects", read=made_by_it)
        listed("list objects")
        listed("list one object after the first", limit=1, offset=1, total_count=True, read=_page)
        listed("list active objects", state=[2])
        listed("list destroyed objects, none yet", state=[5, 6])
        listed("list a state that is none", state=[7])
        listed("list 5001 objects", limit=5001)

        def got(step, uid):
            method = self._api.get_kmip_object
            self._step(step, method, "first", self._instance, uid, read=states)

        def deleted(step, uid, **options):
            method = self._api.delete_kmip_object
            self._step(step, method, "first", self._instance, uid, **options)

        got("get an object", objects["preActive"])
        got("get an unknown object", NOBODY)
        deleted("delete an active object", objects["active"])
        deleted("delete an object", objects["preActive"])
        deleted("delete that object again", objects["preActive"])
        deleted("delete an active object by force", objects["active"], force=True)
        listed("list what is left")
        listed("list destroyed objects", state=[5, 6])

        remove = self._api.delete_kmip_adapter
        self._step("delete an adapter with objects", remove, "first", self._instance)
        self._step("delete its root key", self._api.delete_key, root_key, self._instance)
        deleted("delete a deactivated object", objects["deactivated"])
        deleted("delete a compromised object", objects["compromised"])
        got("get a destroyed compromised object", objects["compromised"])

    def _ends(self, root_keys):
        api, instance = self._api, self._instance
        for step in ("delete the certificate", "delete that certificate again"):
            self._step(step, api.delete_kmip_client_certificate, "first", "host", instance)
        self._step("delete the adapter", api.delete_kmip_adapter, "first", instance)
        self._step("list its certificates", api.get_kmip_client_certificates, "first", instance)
        listed = {"crk_id": root_keys["disks"], "read": _page}
        left = self._step("list the adapter left", api.get_kmip_adapters, instance, **listed)
        other = _one(left)["id"]
        spare = self._given["certificates"]["spare"]
        self._add_certificate("add its certificate elsewhere", other, spare)
        self._step("delete the other adapter", api.delete_kmip_adapter, other, instance)

        self._step("disable a root key", api.disable_key, root_keys["disks"], instance)
        self._create_adapter("create an adapter over it", root_keys["disks"], "late")
        self._step("enable it too early", api.enable_key, root_keys["disks"], instance)
        self._step("delete a root key", api.delete_key, root_keys["imported"], instance)
        self._step("delete that root key again", api.delete_key, root_keys["imported"], instance)


def _collection(kind, resource):
    media_type = f"application/vnd.ibm.kms.{kind}+json"
    metadata = {"collectionType": media_type, "collectionTotal": 1}
    return {"metadata": metadata, "resources": [resource]}


def _one(body):
    """The first resource of an answer; of a refusal, one whose fields name nothing."""
    resources = body.get("resources") or [{"id": NOBODY, "name": "unknown"}]
    return resources[0]


def _names(body):
    return sorted(resource["name"] for resource in body["resources"])


def _start_of_name(body):
    """What the name that the server gave begins with."""
    return _one(body)["name"].rsplit("_", 1)[0]


def _equals(made):
    return lambda body: _one(body) == made


def _echoes(pem):
    return lambda body: _one(body)["certificate"] == pem


def _has(field):
    return lambda body: [field in resource for resource in body["resources"]]


def _page(body):
    """How many there are here, and in all where that was asked."""
    return [body["metadata"]["collectionTotal"], body["metadata"].get("totalCount")]
