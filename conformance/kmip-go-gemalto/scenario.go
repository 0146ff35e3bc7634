package main

import (
	"bytes"

	"github.com/gemalto/kmip-go/kmip14"
	"github.com/gemalto/kmip-go/kmip20"
	"github.com/gemalto/kmip-go/ttlv"
)

const nobody = "00000000-0000-4000-8000-000000000000"

// Payloads that the library lacks, or has with another tag.
type (
	getAttributes struct {
		UniqueIdentifier   *kmip20.UniqueIdentifierValue
		AttributeReference []ttlv.EnumValue
	}
	setAttribute struct {
		UniqueIdentifier *kmip20.UniqueIdentifierValue
		NewAttribute     any
	}
	located struct {
		UniqueIdentifier []string
	}
	described struct {
		UniqueIdentifier string
		Attributes       struct {
			Name                   name
			CryptographicLength    int
			CryptographicAlgorithm kmip14.CryptographicAlgorithm
			State                  kmip14.State
			ContactInformation     string
		}
	}
	name struct {
		NameValue string
		NameType  kmip14.NameType
	}
	keyAttributes struct {
		CryptographicAlgorithm kmip14.CryptographicAlgorithm
		CryptographicLength    int
		CryptographicUsageMask kmip14.CryptographicUsageMask
		Name                   name
	}
	cryptographicData struct {
		UniqueIdentifier        *kmip20.UniqueIdentifierValue
		CryptographicParameters parameters
		Data                    []byte
		IVCounterNonce          []byte
	}
	parameters struct {
		BlockCipherMode kmip14.BlockCipherMode
		PaddingMethod   kmip14.PaddingMethod
	}
	output struct {
		UniqueIdentifier string
		Data             []byte
	}
)

type scenario struct {
	client  *client
	version string
}

func of(id string) *kmip20.UniqueIdentifierValue {
	return &kmip20.UniqueIdentifierValue{Text: id}
}

func placeholder() *kmip20.UniqueIdentifierValue {
	return &kmip20.UniqueIdentifierValue{Enum: kmip20.UniqueIdentifierIDPlaceholder}
}

func revoke(id *kmip20.UniqueIdentifierValue, code kmip14.RevocationReasonCode) item {
	reason := kmip20.RevocationReason{RevocationReasonCode: code}
	return item{kmip14.OperationRevoke, kmip20.RevokeRequestPayload{UniqueIdentifier: id, RevocationReason: reason}}
}

func get(id *kmip20.UniqueIdentifierValue) item {
	return item{kmip14.OperationGet, kmip20.GetRequestPayload{UniqueIdentifier: id}}
}

func (s *scenario) create(called string) item {
	return item{kmip14.OperationCreate, kmip20.CreateRequestPayload{
		ObjectType: kmip20.ObjectTypeSymmetricKey,
		Attributes: keyAttributes{
			CryptographicAlgorithm: kmip14.CryptographicAlgorithmAES,
			CryptographicLength:    256,
			CryptographicUsageMask: kmip14.CryptographicUsageMaskEncrypt | kmip14.CryptographicUsageMaskDecrypt,
			Name:                   name{NameValue: s.version + " " + called, NameType: kmip14.NameTypeUninterpretedTextString},
		},
	}}
}

func (s *scenario) run() {
	c := s.client
	c.do("query", func(found []ttlv.TTLV) any {
		return decode[kmip20.QueryResponsePayload](found[0]).VendorIdentification
	}, item{kmip14.OperationQuery, kmip20.QueryRequestPayload{QueryFunction: kmip20.QueryFunctionQueryServerInformation}})

	var id string
	c.do("create", func(made []ttlv.TTLV) any {
		created := decode[kmip20.CreateResponsePayload](made[0])
		id = created.UniqueIdentifier
		return created.ObjectType.String()
	}, s.create("created"))
	c.do("create with a name that is taken", nil, s.create("created"))
	c.do("locate by name", func(found []ttlv.TTLV) any {
		list := decode[located](found[0]).UniqueIdentifier
		return len(list) == 1 && list[0] == id
	}, item{kmip14.OperationLocate, kmip20.LocateRequestPayload{
		Attributes: struct{ Name name }{name{s.version + " created", kmip14.NameTypeUninterpretedTextString}},
	}})
	c.do("get", func(got []ttlv.TTLV) any {
		key := decode[symmetric](got[0])
		return []any{key.ObjectType.String(), len(key.SymmetricKey.KeyBlock.KeyValue.KeyMaterial)}
	}, get(of(id)))
	c.do("get nobody", nil, get(of(nobody)))
	s.attributes(id)
	s.encryption(id)
	c.do("destroy what is active", nil, item{kmip14.OperationDestroy, kmip20.DestroyRequestPayload{UniqueIdentifier: of(id)}})
	c.do("revoke", nil, revoke(of(id), kmip14.RevocationReasonCodeCessationOfOperation))
	c.do("destroy", nil, item{kmip14.OperationDestroy, kmip20.DestroyRequestPayload{UniqueIdentifier: of(id)}})
	c.do("get what is destroyed", nil, get(of(id)))
	c.do("live a whole life in a batch", func(lived []ttlv.TTLV) any {
		return len(decode[symmetric](lived[2]).SymmetricKey.KeyBlock.KeyValue.KeyMaterial)
	},
		s.create("short-lived"),
		item{kmip14.OperationActivate, kmip20.ActivateRequestPayload{UniqueIdentifier: placeholder()}},
		get(placeholder()),
		revoke(placeholder(), kmip14.RevocationReasonCodeCessationOfOperation),
		item{kmip14.OperationDestroy, kmip20.DestroyRequestPayload{UniqueIdentifier: placeholder()}},
	)
}

// symmetric is the answer to Get, which the library has with the tag of another object.
type symmetric struct {
	ObjectType   kmip14.ObjectType
	SymmetricKey struct {
		KeyBlock struct {
			KeyValue struct{ KeyMaterial []byte }
		}
	}
}

func (s *scenario) attributes(id string) {
	c := s.client
	references := []ttlv.EnumValue{
		ttlv.EnumValue(kmip14.TagName), ttlv.EnumValue(kmip14.TagCryptographicLength),
		ttlv.EnumValue(kmip14.TagState), ttlv.EnumValue(kmip14.TagContactInformation),
	}
	read := item{kmip14.OperationGetAttributes, getAttributes{of(id), references}}
	c.do("set an attribute", nil, item{kmip14.Operation(kmip20.OperationSetAttribute), setAttribute{
		of(id), struct{ ContactInformation string }{"keys@example.org"},
	}})
	c.do("set what only the server may", nil, item{kmip14.Operation(kmip20.OperationSetAttribute), setAttribute{
		of(id), struct{ State kmip14.State }{kmip14.StateActive},
	}})
	c.do("get attributes", func(found []ttlv.TTLV) any {
		of := decode[described](found[0]).Attributes
		return []any{of.Name.NameValue, of.CryptographicLength, of.State.String(), of.ContactInformation}
	}, read)
}

func (s *scenario) encryption(id string) {
	c := s.client
	message, iv := []byte("what is to be kept from others"), []byte("sixteen bytes iv")
	cbc := parameters{kmip14.BlockCipherModeCBC, kmip14.PaddingMethodPKCS5}
	encrypt := item{kmip14.OperationEncrypt, cryptographicData{of(id), cbc, message, iv}}
	c.do("encrypt before it is active", nil, encrypt)
	c.do("activate", nil, item{kmip14.OperationActivate, kmip20.ActivateRequestPayload{UniqueIdentifier: of(id)}})
	c.do("activate again", nil, item{kmip14.OperationActivate, kmip20.ActivateRequestPayload{UniqueIdentifier: of(id)}})
	var ciphertext []byte
	c.do("encrypt", func(made []ttlv.TTLV) any {
		ciphertext = decode[output](made[0]).Data
		return len(ciphertext)
	}, encrypt)
	c.do("decrypt", func(made []ttlv.TTLV) any {
		return bytes.Equal(decode[output](made[0]).Data, message)
	}, item{kmip14.OperationDecrypt, cryptographicData{of(id), cbc, ciphertext, iv}})
}
