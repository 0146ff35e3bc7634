"""Between PyKMIP's objects and plain values: numbers, texts, enumerations, dictionaries."""

from collections import namedtuple

from kmip.core import attributes, enums, objects
from kmip.core.factories.attributes import AttributeFactory

Key = namedtuple("Key", ["algorithm", "length", "format", "material"])

_FACTORY = AttributeFactory()


def attribute(name, value):
    """An attribute by its name in the specification, or by a client's own that begins with x-."""
    if name.startswith("x-"):
        return objects.Attribute(
            attribute_name=objects.Attribute.AttributeName(name),
            attribute_value=attributes.CustomAttribute(value),
        )
    return _FACTORY.create_attribute(enums.AttributeType(name), value)


def by_name(found):
    """A dictionary of a list of attributes; an attribute with several instances has a list."""
    values = {}
    for item in found:
        values.setdefault(item.attribute_name.value, []).append(_plain(item.attribute_value))
    return {name: many[0] if len(many) == 1 else many for name, many in values.items()}


def _plain(value):
    if isinstance(value, attributes.Name):
        return value.name_value.value
    if isinstance(value, attributes.Digest):
        algorithm = value.hashing_algorithm.value
        return {"algorithm": algorithm, "bytes": len(value.digest_value.value)}
    return value.value


def version_of(text):
    """PyKMIP's version for e.g. `1.4`."""
    return enums.KMIPVersion[f"KMIP_{text.replace('.', '_')}"]
