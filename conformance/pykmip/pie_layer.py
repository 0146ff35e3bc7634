"""The high-level API, `kmip.pie.client.ProxyKmipClient`: methods that return values or raise."""

from kmip.pie.client import ProxyKmipClient
from kmip.pie.exceptions import KmipOperationFailure

from report import Refused
from values import Key, by_name, version_of


def _call(method, *arguments, **options):
    try:
        return method(*arguments, **options)
    except KmipOperationFailure as failure:
        raise Refused(failure.reason) from failure


class PieLayer:
    def __init__(self, options):
        self._client = ProxyKmipClient(
            hostname=options.host,
            port=options.port,
            cert=options.cert,
            key=options.key,
            ca=options.ca,
            ssl_version=options.ssl_version,
            config="claviger",  # a section that no configuration file of PyKMIP has
            kmip_version=version_of(options.kmip_version),
        )

    def open(self):
        """Returns the version of TLS that was agreed on."""
        self._client.open()
        return self._client.proxy.socket.version()

    def close(self):
        self._client.close()

    def create(self, name, algorithm, length, usage):
        return _call(
            self._client.create, algorithm, length, name=name, cryptographic_usage_mask=usage
        )

    def locate(self, attributes, maximum=None, offset=None):
        return _call(
            self._client.locate,
            maximum_items=maximum,
            offset_items=offset,
            attributes=attributes,
        )

    def attribute_names(self, uid):
        return _call(self._client.get_attribute_list, uid)

    def attributes(self, uid, names=None):
        _, found = _call(self._client.get_attributes, uid, names)
        return by_name(found)

    def activate(self, uid):
        _call(self._client.activate, uid)

    def get(self, uid):
        key = _call(self._client.get, uid)
        return Key(
            key.cryptographic_algorithm, key.cryptographic_length, key.key_format_type, key.value
        )

    def revoke(self, uid, reason, message=None, compromised_at=None):
        _call(self._client.revoke, reason, uid, message, compromised_at)

    def destroy(self, uid):
        _call(self._client.destroy, uid)
