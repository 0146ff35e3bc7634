"""
The low-level API, `kmip.services.kmip_client.KMIPProxy`: methods that take and return the
structures of the protocol. A refusal is a result like any other there.
"""

from kmip.core.enums import ObjectType, QueryFunction, ResultStatus, Tags
from kmip.core.messages.contents import (
    BatchErrorContinuationOption,
    Operation,
    ProtocolVersion,
    UniqueBatchItemID,
)
from kmip.core.messages.messages import RequestBatchItem
from kmip.core.objects import TemplateAttribute
from kmip.core.primitives import DateTime
from kmip.services.kmip_client import KMIPProxy

from report import Refused
from values import Key, attribute, by_name, version_of


def _checked(result):
    if result.result_status.value != ResultStatus.SUCCESS:
        raise Refused(result.result_reason.value)
    return result


class ProxyLayer:
    def __init__(self, options):
        self._proxy = KMIPProxy(
            host=options.host,
            port=options.port,
            certfile=options.cert,
            keyfile=options.key,
            ca_certs=options.ca,
            ssl_version=options.ssl_version,
            config="claviger",  # a section that no configuration file of PyKMIP has
            kmip_version=version_of(options.kmip_version),
        )

    def open(self):
        """Returns the version of TLS that was agreed on."""
        self._proxy.open()
        return self._proxy.socket.version()

    def close(self):
        self._proxy.close()

    def discover_versions(self, *known):
        versions = [ProtocolVersion(major, minor) for major, minor in known]
        found = _checked(self._proxy.discover_versions(protocol_versions=versions))
        return [f"{version.major}.{version.minor}" for version in found.protocol_versions]

    def query(self, *functions):
        wanted = [QueryFunction[f"QUERY_{function}"] for function in functions]
        answer = _checked(self._proxy.query(query_functions=wanted))
        return {
            "operations": answer.operations,
            "objectTypes": answer.object_types,
            "vendor": answer.vendor_identification,
        }

    def create(self, name, algorithm, length, usage, more=None):
        """more -- further attributes, by their names."""
        template = self.template(algorithm, length, usage, {"Name": name, **(more or {})})
        return _checked(self._proxy.create(ObjectType.SYMMETRIC_KEY, template)).uuid

    @staticmethod
    def template(algorithm, length, usage, more=None):
        """length -- None leaves it out."""
        wanted = {
            "Cryptographic Algorithm": algorithm,
            "Cryptographic Length": length,
            "Cryptographic Usage Mask": usage,
            **(more or {}),
        }
        pairs = [(name, value) for name, value in wanted.items() if value is not None]
        return TemplateAttribute(attributes=[attribute(*pair) for pair in pairs])

    def locate(self, attributes, maximum=None, offset=None):
        found = _checked(
            self._proxy.locate(maximum_items=maximum, offset_items=offset, attributes=attributes)
        )
        return found.uuids

    def attribute_names(self, uid):
        return sorted(_checked(self._proxy.get_attribute_list(uid)).names)

    def attributes(self, uid, names=None):
        return by_name(_checked(self._proxy.get_attributes(uid, names)).attributes)

    def activate(self, uid):
        _checked(self._proxy.activate(uid))

    def get(self, uid):
        block = _checked(self._proxy.get(uid)).secret.key_block
        return Key(
            block.cryptographic_algorithm.value,
            block.cryptographic_length.value,
            block.key_format_type.value,
            block.key_value.key_material.value,
        )

    def revoke(self, uid, reason, message=None, compromised_at=None):
        occurrence = compromised_at and DateTime(compromised_at, Tags.COMPROMISE_OCCURRENCE_DATE)
        _checked(self._proxy.revoke(reason, uid, message, occurrence))

    def destroy(self, uid):
        _checked(self._proxy.destroy(uid))

    def batch(self, items, on_error=None):
        """
        Sends several operations in one message.

        PyKMIP has no public method for that, so the message is put together from its own parts.

        items -- pairs of an operation and its payload.
        Returns for each answer what came of the item, and its payload.
        """
        requests = [
            RequestBatchItem(Operation(operation), UniqueBatchItemID(bytes([number])), payload)
            for number, (operation, payload) in enumerate(items)
        ]
        message = self._proxy._build_request_message(None, requests)
        if on_error is not None:
            message.request_header.batch_error_cont_option = BatchErrorContinuationOption(on_error)
        response = self._proxy._send_and_receive_message(message)
        return [(_outcome(item), item.response_payload) for item in response.batch_items]


def _outcome(item):
    return {
        "operation": item.operation.value,
        "item": item.unique_batch_item_id.value[0],
        "outcome": (item.result_reason or item.result_status).value,
    }
