package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"

	"github.com/ovh/kmip-go"
	"github.com/ovh/kmip-go/kmipclient"
	"github.com/ovh/kmip-go/payloads"
)

const (
	forSigning   = kmip.CryptographicUsageSign
	forVerifying = kmip.CryptographicUsageVerify
)

func (s *scenario) secrets() {
	r, c := s.report, s.client
	id := do(r, "register a password", c.Register().SecretString(kmip.SecretDataTypePassword, "not a secret").
		WithAttribute(kmip.AttributeNameCryptographicUsageMask, kmip.CryptographicUsageVerify), nil).UniqueIdentifier
	do(r, "get a password", c.Get(id), func(got *payloads.GetResponsePayload) any {
		text, _ := got.SecretString()
		return text == "not a secret"
	})
	do(r, "destroy a password", c.Destroy(id), nil)

	opaque := do(r, "register opaque data", c.Register().Object(&kmip.OpaqueObject{
		OpaqueDataType: 0x80000001, OpaqueDataValue: []byte("as it is"),
	}), nil).UniqueIdentifier
	do(r, "get opaque data", c.Get(opaque), func(got *payloads.GetResponsePayload) any {
		object, _ := got.Object.(*kmip.OpaqueObject)
		return object != nil && bytes.Equal(object.OpaqueDataValue, []byte("as it is"))
	})
	do(r, "destroy opaque data", c.Destroy(opaque), nil)
}

// asymmetricKeys registers keys in each format that the library knows, and gets them back in others.
func (s *scenario) asymmetricKeys() {
	r, c := s.report, s.client
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))
	ecKey := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	for _, as := range []struct {
		name   string
		format kmipclient.KeyFormat
	}{{"PKCS#1", kmipclient.PKCS1}, {"PKCS#8", kmipclient.PKCS8}, {"transparent numbers", kmipclient.Transparent}} {
		s.roundTrip("an RSA key as "+as.name, c.Register().WithKeyFormat(as.format).RsaPrivateKey(rsaKey, forSigning), rsaKey.Equal)
	}
	for _, as := range []struct {
		name   string
		format kmipclient.KeyFormat
	}{{"SEC1", kmipclient.SEC1}, {"PKCS#8", kmipclient.PKCS8}, {"transparent numbers", kmipclient.Transparent}} {
		s.roundTrip("an EC key as "+as.name, c.Register().WithKeyFormat(as.format).EcdsaPrivateKey(ecKey, forSigning), ecKey.Equal)
	}
	s.publicKey("an RSA public key", c.Register().RsaPublicKey(&rsaKey.PublicKey, forVerifying), rsaKey.PublicKey.Equal)
	s.publicKey("an EC public key", c.Register().EcdsaPublicKey(&ecKey.PublicKey, forVerifying), ecKey.PublicKey.Equal)

	certificate := selfSigned(ecKey)
	id := do(r, "register a certificate", c.Register().Certificate(kmip.CertificateTypeX_509, certificate), nil).UniqueIdentifier
	do(r, "get a certificate", c.Get(id), func(got *payloads.GetResponsePayload) any {
		read, err := got.X509Certificate()
		return err == nil && bytes.Equal(read.Raw, certificate)
	})
	do(r, "destroy a certificate", c.Destroy(id), nil)
}

func (s *scenario) publicKey(what string, register kmipclient.ExecRegister, equals func(crypto.PublicKey) bool) {
	r, c := s.report, s.client
	id := do(r, "register "+what, register, nil).UniqueIdentifier
	do(r, "get "+what, c.Get(id), func(got *payloads.GetResponsePayload) any {
		key, err := got.PublicKey()
		return err == nil && equals(key)
	})
	do(r, "destroy "+what, c.Destroy(id), nil)
}

func (s *scenario) roundTrip(what string, register kmipclient.ExecRegister, equals func(crypto.PrivateKey) bool) {
	r, c := s.report, s.client
	id := do(r, "register "+what, register, nil).UniqueIdentifier
	isSame := func(got *payloads.GetResponsePayload) any {
		key, err := got.PrivateKey()
		return err == nil && equals(key)
	}
	do(r, "get "+what, c.Get(id), isSame)
	do(r, "get "+what+", in PKCS#8", c.Get(id).WithKeyFormat(kmip.KeyFormatTypePKCS_8), isSame)
	do(r, "destroy "+what, c.Destroy(id), nil)
}

func selfSigned(key *ecdsa.PrivateKey) []byte {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "conformance"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	return must(x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key))
}

// must is for what only a broken machine refuses.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
