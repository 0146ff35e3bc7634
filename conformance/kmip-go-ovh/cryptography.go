package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"

	"github.com/ovh/kmip-go"
	"github.com/ovh/kmip-go/payloads"
	"github.com/ovh/kmip-go/ttlv"
)

var message = []byte("what is to be kept from others, and from change")

// keyPairs makes key pairs at the server and checks its signatures with Go's own cryptography.
func (s *scenario) keyPairs() {
	rsaPair := s.client.CreateKeyPair().RSA(2048, forSigning, forVerifying)
	s.pair("an RSA pair", rsaPair, kmip.CryptographicParameters{
		CryptographicAlgorithm:    kmip.CryptographicAlgorithmRSA,
		PaddingMethod:             kmip.PaddingMethodPKCS1V1_5,
		HashingAlgorithm:          kmip.HashingAlgorithmSHA_256,
		DigitalSignatureAlgorithm: kmip.DigitalSignatureAlgorithmSHA_256WithRSAEncryption,
	})
	ecPair := s.client.CreateKeyPair().ECDSA(kmip.RecommendedCurveP_256, forSigning, forVerifying)
	s.pair("an EC pair", ecPair, kmip.CryptographicParameters{
		HashingAlgorithm:          kmip.HashingAlgorithmSHA_256,
		DigitalSignatureAlgorithm: kmip.DigitalSignatureAlgorithmECDSAWithSHA256,
	})
}

func (s *scenario) pair(what string, create executor[*payloads.CreateKeyPairResponsePayload],
	parameters kmip.CryptographicParameters) {
	r, c := s.report, s.client
	made := do(r, "create "+what, create, nil)
	private, public := made.PrivateKeyUniqueIdentifier, made.PublicKeyUniqueIdentifier
	var key crypto.PublicKey
	do(r, "get the public key of "+what, c.Get(public), func(got *payloads.GetResponsePayload) any {
		var err error
		key, err = got.PublicKey()
		return err == nil
	})
	do(r, "see the link of "+what, c.GetAttributes(private, kmip.AttributeNameLink), func(read *payloads.GetAttributesResponsePayload) any {
		link, ok := read.Attribute[0].AttributeValue.(kmip.Link)
		return ok && link.LinkType == kmip.LinkTypePublicKeyLink && link.LinkedObjectIdentifier == public
	})
	do(r, "sign before "+what+" is active", c.Sign(private).WithCryptographicParameters(parameters).Data(message), nil)
	do(r, "activate the private key of "+what, c.Activate(private), nil)
	do(r, "activate the public key of "+what, c.Activate(public), nil)
	signed := do(r, "sign with "+what, c.Sign(private).WithCryptographicParameters(parameters).Data(message), func(signed *payloads.SignResponsePayload) any {
		return verifies(key, signed.SignatureData)
	})
	signature := signed.SignatureData
	verdict := func(verified *payloads.SignatureVerifyResponsePayload) any {
		return ttlv.EnumStr(verified.ValidityIndicator)
	}
	do(r, "verify with "+what, c.SignatureVerify(public).WithCryptographicParameters(parameters).Data(message).Signature(signature), verdict)
	do(r, "verify another message with "+what, c.SignatureVerify(public).WithCryptographicParameters(parameters).Data(message[1:]).Signature(signature), verdict)
	// The server has no way to sign digests with other keys.
	if _, isRSA := key.(*rsa.PublicKey); isRSA && s.has(4) {
		try(r, "sign a digest as a crypto.Signer with "+what, func() ([]byte, error) {
			signer, err := c.Signer(context.Background(), private, public)
			if err != nil {
				return nil, err
			}
			digest := sha256.Sum256(message)
			return signer.Sign(rand.Reader, digest[:], crypto.SHA256)
		}, func(signature []byte) any { return verifies(key, signature) })
	}
	renewed := do(r, "re-key "+what, c.RekeyKeyPair(private), func(made *payloads.RekeyKeyPairResponsePayload) any {
		return made.PrivateKeyUniqueIdentifier != private && made.PublicKeyUniqueIdentifier != public
	})
	if next := renewed.PublicKeyUniqueIdentifier; next != "" {
		do(r, "get the new public key of "+what, c.Get(next), func(got *payloads.GetResponsePayload) any {
			made, err := got.PublicKey()
			return err == nil && !verifies(made, signature)
		})
	}
	for _, end := range []struct{ of, id string }{{"private", private}, {"public", public}} {
		do(r, "revoke the "+end.of+" key of "+what, c.Revoke(end.id).WithRevocationReasonCode(kmip.RevocationReasonCodeCessationOfOperation), nil)
		do(r, "destroy the "+end.of+" key of "+what, c.Destroy(end.id), nil)
	}
}

func verifies(key crypto.PublicKey, signature []byte) bool {
	digest := sha256.Sum256(message)
	switch key := key.(type) {
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, digest[:], signature)
	default:
		return false
	}
}

// encryption checks the server's ciphertexts with Go's own cryptography.
func (s *scenario) encryption() {
	r, c := s.report, s.client
	key := make([]byte, 32)
	must(rand.Read(key))
	id := do(r, "register a key for data", c.Register().SymmetricKey(kmip.CryptographicAlgorithmAES, forData, key), nil).UniqueIdentifier
	do(r, "activate the key for data", c.Activate(id), nil)
	block := must(aes.NewCipher(key))
	iv := make([]byte, aes.BlockSize)
	must(rand.Read(iv))

	cbc := kmip.CryptographicParameters{
		CryptographicAlgorithm: kmip.CryptographicAlgorithmAES,
		BlockCipherMode:        kmip.BlockCipherModeCBC,
		PaddingMethod:          kmip.PaddingMethodPKCS5,
	}
	encrypted := do(r, "encrypt in CBC", c.Encrypt(id).WithCryptographicParameters(cbc).WithIvCounterNonce(iv).Data(message), func(made *payloads.EncryptResponsePayload) any {
		return bytes.Equal(made.Data, encryptCBC(block, iv))
	})
	isMessage := func(read *payloads.DecryptResponsePayload) any { return bytes.Equal(read.Data, message) }
	ciphertext := encrypted.Data
	do(r, "decrypt in CBC", c.Decrypt(id).WithCryptographicParameters(cbc).WithIvCounterNonce(iv).Data(ciphertext), isMessage)

	if s.has(4) {
		aad := []byte("bound to this")
		sealed := do(r, "encrypt in GCM", c.Encrypt(id).WithCryptographicParameters(kmip.AES_GCM).WithIvCounterNonce(iv[:12]).WithAAD(aad).Data(message), func(made *payloads.EncryptResponsePayload) any {
			gcm := must(cipher.NewGCM(block))
			return bytes.Equal(append(made.Data, made.AuthenticatedEncryptionTag...), gcm.Seal(nil, iv[:12], message, aad))
		})
		open := func(step string, aad []byte) {
			do(r, step, c.Decrypt(id).WithCryptographicParameters(kmip.AES_GCM).WithIvCounterNonce(iv[:12]).WithAAD(aad).
				WithAuthTag(sealed.AuthenticatedEncryptionTag).Data(sealed.Data), isMessage)
		}
		open("decrypt in GCM", aad)
		open("decrypt in GCM what is bound to something else", []byte("bound to that"))
	}
	do(r, "revoke the key for data", c.Revoke(id).WithRevocationReasonCode(kmip.RevocationReasonCodeCessationOfOperation), nil)
	do(r, "encrypt with what is revoked", c.Encrypt(id).WithCryptographicParameters(cbc).WithIvCounterNonce(iv).Data(message), nil)
	do(r, "decrypt with what is revoked", c.Decrypt(id).WithCryptographicParameters(cbc).WithIvCounterNonce(iv).Data(ciphertext), isMessage)
	do(r, "destroy the key for data", c.Destroy(id), nil)
}

func encryptCBC(block cipher.Block, iv []byte) []byte {
	padding := aes.BlockSize - len(message)%aes.BlockSize
	padded := append(bytes.Clone(message), bytes.Repeat([]byte{byte(padding)}, padding)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(padded, padded)
	return padded
}
