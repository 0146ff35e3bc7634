package main

import (
	"bytes"
	"encoding/hex"

	"github.com/ovh/kmip-go"
	"github.com/ovh/kmip-go/payloads"
)

// The first example of RFC 3394 (section 4.1).
var (
	wrappingKey = fromHex("000102030405060708090a0b0c0d0e0f")
	wrappedKey  = fromHex("00112233445566778899aabbccddeeff")
	wrapped     = fromHex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5")
)

func fromHex(text string) []byte {
	bytes, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return bytes
}

func (s *scenario) wrapping() {
	r, c := s.report, s.client
	keyWrap := kmip.CryptographicParameters{BlockCipherMode: kmip.BlockCipherModeNISTKeyWrap}
	register := func(step string, usage kmip.CryptographicUsageMask, value []byte) string {
		return do(r, step, c.Register().SymmetricKey(kmip.CryptographicAlgorithmAES, usage, value).
			WithAttribute(kmip.AttributeNameCryptographicParameters, keyWrap), nil).UniqueIdentifier
	}
	wrapper := register("register a key for keys", forKeys, wrappingKey)
	key := register("register a key", forData, wrappedKey)
	do(r, "get it back", c.Get(key), func(got *payloads.GetResponsePayload) any {
		material, _ := got.SymmetricKey()
		return bytes.Equal(material, wrappedKey)
	})
	do(r, "activate the key for keys", c.Activate(wrapper), nil)
	by := func(id string, encoding kmip.EncodingOption) kmip.KeyWrappingSpecification {
		return kmip.KeyWrappingSpecification{
			WrappingMethod: kmip.WrappingMethodEncrypt,
			EncryptionKeyInformation: &kmip.EncryptionKeyInformation{
				UniqueIdentifier:        id,
				CryptographicParameters: &keyWrap,
			},
			EncodingOption: encoding,
		}
	}
	do(r, "get it wrapped", c.Get(key).WithKeyWrapping(by(wrapper, kmip.EncodingOptionNoEncoding)), s.isWrapped)
	do(r, "get it wrapped as TTLV", c.Get(key).WithKeyWrapping(by(wrapper, kmip.EncodingOptionTTLVEncoding)), s.isWrapped)
	do(r, "get it wrapped by nobody", c.Get(key).WithKeyWrapping(by(nobody, kmip.EncodingOptionNoEncoding)), nil)
	do(r, "get it wrapped by what is for data", c.Get(wrapper).WithKeyWrapping(by(key, kmip.EncodingOptionNoEncoding)), nil)
	do(r, "destroy the key", c.Destroy(key), nil)
	do(r, "revoke the key for keys", c.Revoke(wrapper).WithRevocationReasonCode(kmip.RevocationReasonCodeCessationOfOperation), nil)
	do(r, "destroy the key for keys", c.Destroy(wrapper), nil)
}

// isWrapped tells the length, and whether it is what the RFC says.
func (s *scenario) isWrapped(got *payloads.GetResponsePayload) any {
	key, ok := got.Object.(*kmip.SymmetricKey)
	if !ok || key.KeyBlock.KeyValue == nil || key.KeyBlock.KeyValue.Wrapped == nil {
		return "it is not wrapped"
	}
	value := *key.KeyBlock.KeyValue.Wrapped
	return []any{len(value), bytes.Equal(value, wrapped)}
}
