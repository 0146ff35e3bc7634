package main

import (
	"bytes"
	"fmt"
	"slices"
	"sort"

	"github.com/ovh/kmip-go"
	"github.com/ovh/kmip-go/kmipclient"
	"github.com/ovh/kmip-go/payloads"
	"github.com/ovh/kmip-go/ttlv"
)

const (
	forData = kmip.CryptographicUsageEncrypt | kmip.CryptographicUsageDecrypt
	forKeys = kmip.CryptographicUsageWrapKey | kmip.CryptographicUsageUnwrapKey
	nobody  = "00000000-0000-4000-8000-000000000000"
)

// scenario is what a program does with the library.
type scenario struct {
	client  *kmipclient.Client
	posts   *overHTTPS
	report  *report
	version string
}

func (s *scenario) run() {
	s.negotiation()
	s.symmetricKeys()
	s.wrapping()
	s.attributes()
	s.secrets()
	s.asymmetricKeys()
	s.keyPairs()
	s.batches()
	s.encryption()
	s.lives()
	s.usage()
	s.migration()
	s.https()
}

// name makes names of a run its own: the runs of all versions share an adapter.
func (s *scenario) name(of string) string { return s.version + " " + of }

func (s *scenario) has(minor int32) bool {
	return s.client.Version().ProtocolVersionMinor >= minor
}

func (s *scenario) negotiation() {
	do(s.report, "query", s.client.Query().Operations().Objects().ServerInformation(), func(found *payloads.QueryResponsePayload) any {
		used := []kmip.Operation{kmip.OperationCreate, kmip.OperationRegister, kmip.OperationLocate, kmip.OperationGet, kmip.OperationDestroy}
		for _, operation := range used {
			if !slices.Contains(found.Operations, operation) {
				return "it lacks " + ttlv.EnumStr(operation)
			}
		}
		return found.VendorIdentification
	})
}

func (s *scenario) symmetricKeys() {
	r, c := s.report, s.client
	id := do(r, "create", c.Create().AES(256, forData).WithName(s.name("created")), func(made *payloads.CreateResponsePayload) any {
		return ttlv.EnumStr(made.ObjectType)
	}).UniqueIdentifier
	do(r, "create with a name that is taken", c.Create().AES(256, forData).WithName(s.name("created")), nil)
	do(r, "create with a length that AES lacks", c.Create().AES(100, forData), nil)

	isFound := func(found *payloads.LocateResponsePayload) any {
		return []any{len(found.UniqueIdentifier), slices.Contains(found.UniqueIdentifier, id)}
	}
	do(r, "locate by name", c.Locate().WithName(s.name("created")), isFound)
	do(r, "locate by another name", c.Locate().WithName(s.name("nothing")), isFound)
	do(r, "locate by name, type, algorithm and length", c.Locate().WithName(s.name("created")).
		WithObjectType(kmip.ObjectTypeSymmetricKey).
		WithAttribute(kmip.AttributeNameCryptographicAlgorithm, kmip.CryptographicAlgorithmAES).
		WithAttribute(kmip.AttributeNameCryptographicLength, int32(256)), isFound)
	do(r, "locate by name and another length", c.Locate().WithName(s.name("created")).
		WithAttribute(kmip.AttributeNameCryptographicLength, int32(128)), isFound)

	material := func(got *payloads.GetResponsePayload) []byte {
		bytes, _ := got.SymmetricKey()
		return bytes
	}
	var first []byte
	do(r, "get", c.Get(id), func(got *payloads.GetResponsePayload) any {
		first = material(got)
		return len(first)
	})
	do(r, "get it as a transparent key", c.Get(id).WithKeyFormat(kmip.KeyFormatTypeTransparentSymmetricKey), func(got *payloads.GetResponsePayload) any {
		return bytes.Equal(material(got), first)
	})
	do(r, "get it as what it cannot be", c.Get(id).WithKeyFormat(kmip.KeyFormatTypePKCS_8), nil)
	do(r, "get nobody", c.Get(nobody), nil)
	do(r, "destroy", c.Destroy(id), nil)
	do(r, "get what is destroyed", c.Get(id), nil)
}

func (s *scenario) attributes() {
	r, c := s.report, s.client
	id := do(r, "create for attributes", c.Create().AES(128, forData).WithName(s.name("described")).
		WithAttribute("x-purpose", "conformance"), nil).UniqueIdentifier
	values := func(read *payloads.GetAttributesResponsePayload) any {
		told := []string{}
		for _, each := range read.Attribute {
			switch value := each.AttributeValue.(type) {
			case kmip.Name:
				told = append(told, fmt.Sprint(each.AttributeName, ": ", value.NameValue))
			case ttlv.Value:
				told = append(told, fmt.Sprint(each.AttributeName, ": ", value.Value))
			case kmip.State:
				told = append(told, fmt.Sprint(each.AttributeName, ": ", ttlv.EnumStr(value)))
			default:
				told = append(told, fmt.Sprint(each.AttributeName, ": ", value))
			}
		}
		return told
	}
	asked := []kmip.AttributeName{kmip.AttributeNameName, kmip.AttributeNameState, kmip.AttributeNameCryptographicLength, "x-purpose"}
	do(r, "get attributes", c.GetAttributes(id, asked...), values)
	do(r, "add an attribute", c.AddAttribute(id, kmip.AttributeNameContactInformation, "keys@example.org"), nil)
	do(r, "add another value of what has one", c.AddAttribute(id, kmip.AttributeNameContactInformation, "other@example.org"), nil)
	do(r, "modify it", c.ModifyAttribute(id, kmip.AttributeNameContactInformation, "owner@example.org"), nil)
	do(r, "modify what only the server may", c.ModifyAttribute(id, kmip.AttributeNameState, kmip.StateActive), nil)
	do(r, "get what was modified", c.GetAttributes(id, kmip.AttributeNameContactInformation), values)
	do(r, "delete it", c.DeleteAttribute(id, kmip.AttributeNameContactInformation), nil)
	do(r, "delete it again", c.DeleteAttribute(id, kmip.AttributeNameContactInformation), nil)
	do(r, "get what was deleted", c.GetAttributes(id, kmip.AttributeNameContactInformation), values)
	do(r, "list attributes", c.GetAttributeList(id), func(list *payloads.GetAttributeListResponsePayload) any {
		told := []string{}
		for _, name := range list.AttributeName {
			if slices.Contains(asked, name) {
				told = append(told, string(name))
			}
		}
		sort.Strings(told)
		return told
	})
	do(r, "destroy it", c.Destroy(id), nil)
}

func (s *scenario) batches() {
	r, c := s.report, s.client
	made := c.Create().AES(256, forData).
		Then(func(c *kmipclient.Client) kmipclient.PayloadBuilder { return c.Activate("") }).
		Then(func(c *kmipclient.Client) kmipclient.PayloadBuilder { return c.Get("") })
	run := func(name string, batch kmipclient.BatchExec, options ...kmipclient.BatchOption) string {
		var id string
		try(r, name, func() (kmipclient.BatchResult, error) { return batch.Exec(options...) }, func(items kmipclient.BatchResult) any {
			var sizes []int
			for _, item := range items {
				if got, ok := item.ResponsePayload.(*payloads.GetResponsePayload); ok {
					id = got.UniqueIdentifier
					material, _ := got.SymmetricKey()
					sizes = append(sizes, len(material))
				}
			}
			if sizes == nil {
				return nil
			}
			return sizes
		})
		return id
	}
	id := run("make, activate and get in a batch", made)
	lost := func(c *kmipclient.Client) kmipclient.PayloadBuilder { return c.Get(nobody) }
	ask := func(c *kmipclient.Client) kmipclient.PayloadBuilder { return c.Query().Operations() }
	run("batch that stops at a refusal", c.Query().Operations().Then(lost).Then(ask))
	run("batch that goes on", c.Query().Operations().Then(lost).Then(ask),
		kmipclient.OnBatchErr(kmip.BatchErrorContinuationOptionContinue))
	do(r, "revoke it", c.Revoke(id).WithRevocationReasonCode(kmip.RevocationReasonCodeCessationOfOperation), nil)
	do(r, "destroy it", c.Destroy(id), nil)
}

func (s *scenario) lives() {
	r, c := s.report, s.client
	id := do(r, "create one to live", c.Create().AES(256, forData), nil).UniqueIdentifier
	do(r, "obtain a lease", c.ObtainLease(id), func(lease *payloads.ObtainLeaseResponsePayload) any {
		return lease.LeaseTime > 0 && lease.UniqueIdentifier == id
	})
	do(r, "revoke what was never used", c.Revoke(id).WithRevocationReasonCode(kmip.RevocationReasonCodeCessationOfOperation), nil)
	do(r, "activate", c.Activate(id), nil)
	do(r, "activate again", c.Activate(id), nil)
	do(r, "destroy what is active", c.Destroy(id), nil)
	next := do(r, "re-key", c.Rekey(id), func(made *payloads.RekeyResponsePayload) any {
		return made.UniqueIdentifier != id
	}).UniqueIdentifier
	do(r, "see its link to the new one", c.GetAttributes(id, kmip.AttributeNameLink), func(read *payloads.GetAttributesResponsePayload) any {
		for _, each := range read.Attribute {
			if link, ok := each.AttributeValue.(kmip.Link); ok && link.LinkedObjectIdentifier == next {
				return ttlv.EnumStr(link.LinkType)
			}
		}
		return nil
	})
	do(r, "archive", c.Archive(id), nil)
	do(r, "get what is archived", c.Get(id), nil)
	do(r, "recover", c.Recover(id), nil)
	do(r, "revoke as compromised", c.Revoke(id).WithRevocationReasonCode(kmip.RevocationReasonCodeKeyCompromise), nil)
	do(r, "destroy", c.Destroy(id), nil)
	do(r, "destroy again", c.Destroy(id), nil)
	do(r, "see how it ended", c.GetAttributes(id, kmip.AttributeNameState), func(read *payloads.GetAttributesResponsePayload) any {
		if len(read.Attribute) != 1 {
			return len(read.Attribute)
		}
		return ttlv.EnumStr(read.Attribute[0].AttributeValue.(kmip.State))
	})
	do(r, "revoke the new one", c.Revoke(next).WithRevocationReasonCode(kmip.RevocationReasonCodeKeyCompromise), nil)
	do(r, "destroy the new one", c.Destroy(next), nil)
}

// usage takes from what a key may be used for, until nothing is left.
func (s *scenario) usage() {
	r, c := s.report, s.client
	id := do(r, "create one of limited use", c.Create().AES(256, forData).WithUsageLimit(1000, kmip.UsageLimitsUnitByte), nil).UniqueIdentifier
	do(r, "allocate before it is active", c.GetUsageAllocation(id, 600), nil)
	do(r, "activate it", c.Activate(id), nil)
	do(r, "allocate", c.GetUsageAllocation(id, 600), func(taken *payloads.GetUsageAllocationResponsePayload) any {
		return taken.UniqueIdentifier == id
	})
	do(r, "allocate more than is left", c.GetUsageAllocation(id, 600), nil)
	do(r, "see what is left", c.GetAttributes(id, kmip.AttributeNameUsageLimits), func(read *payloads.GetAttributesResponsePayload) any {
		limits, ok := read.Attribute[0].AttributeValue.(kmip.UsageLimits)
		if !ok || limits.UsageLimitsCount == nil {
			return nil
		}
		return *limits.UsageLimitsCount
	})
	do(r, "revoke what is limited", c.Revoke(id).WithRevocationReasonCode(kmip.RevocationReasonCodeCessationOfOperation), nil)
	do(r, "destroy what is limited", c.Destroy(id), nil)
}
