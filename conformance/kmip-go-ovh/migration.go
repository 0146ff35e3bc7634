package main

import (
	"bytes"
	"context"

	"github.com/ovh/kmip-go"
	"github.com/ovh/kmip-go/payloads"
)

// migration takes a key with all that is known of it out of the server, and in again.
func (s *scenario) migration() {
	r, c := s.report, s.client
	id := do(r, "register a key to move", c.Register().SymmetricKey(kmip.CryptographicAlgorithmAES, forData, wrappedKey).
		WithName(s.name("moved")), nil).UniqueIdentifier
	taken := do(r, "export it", c.Export(id), func(exported *payloads.ExportResponsePayload) any {
		key, _ := exported.Object.(*kmip.SymmetricKey)
		return []any{key != nil && bytes.Equal(materialOf(key), wrappedKey), nameIn(exported.Attribute)}
	})
	do(r, "destroy it where it was", c.Destroy(id), nil)
	if taken.Object == nil {
		return
	}
	// Client.Import of this version of the library leaves out the object that it is given.
	bring := &payloads.ImportRequestPayload{UniqueIdentifier: nobody, Attribute: taken.Attribute, Object: taken.Object}
	var next string
	try(r, "import it", func() (kmip.OperationPayload, error) {
		return c.Request(context.Background(), bring)
	}, func(made kmip.OperationPayload) any {
		imported, ok := made.(*payloads.ImportResponsePayload)
		if ok {
			next = imported.UniqueIdentifier
		}
		return next != "" && next != id
	})
	do(r, "get what was imported", c.Get(next), func(got *payloads.GetResponsePayload) any {
		material, _ := got.SymmetricKey()
		return bytes.Equal(material, wrappedKey)
	})
	do(r, "see its name", c.GetAttributes(next, kmip.AttributeNameName), func(read *payloads.GetAttributesResponsePayload) any {
		return nameIn(read.Attribute)
	})
	do(r, "destroy what was imported", c.Destroy(next), nil)
}

func materialOf(key *kmip.SymmetricKey) []byte {
	material, _ := key.KeyMaterial()
	return material
}

func nameIn(attributes []kmip.Attribute) any {
	for _, each := range attributes {
		if name, ok := each.AttributeValue.(kmip.Name); ok {
			return name.NameValue
		}
	}
	return nil
}
