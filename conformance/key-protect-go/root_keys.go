package main

import (
	"bytes"
	"context"
	"encoding/base64"

	kp "github.com/IBM/keyprotect-go-client"
)

// rootKeys is what the SDK does with keys beside what the Python client is put through.
func (s *scenario) rootKeys() {
	r := s.report
	call(r, "call without an API key", func(ctx context.Context) (*kp.Keys, error) {
		client, err := s.client("")
		if err != nil {
			return nil, err
		}
		return client.GetKeys(ctx, 1, 0)
	}, nil)

	standard := or(call(r, "create a standard key", func(ctx context.Context) (*kp.Key, error) {
		return s.api.CreateStandardKey(ctx, "credential", nil)
	}, func(key *kp.Key) any { return key.Extractable })).ID
	get := func(step, id string, read func(*kp.Key) any) {
		call(r, step, func(ctx context.Context) (*kp.Key, error) { return s.api.GetKey(ctx, id) }, read)
	}
	get("get it, with its payload", standard, func(key *kp.Key) any {
		payload, err := base64.StdEncoding.DecodeString(key.Payload)
		return []any{len(payload), err == nil, key.Deleted != nil && !*key.Deleted}
	})
	call(r, "get its metadata, without", func(ctx context.Context) (*kp.Key, error) {
		return s.api.GetKeyMetadata(ctx, standard)
	}, func(key *kp.Key) any { return key.Payload != "" })
	s.createAdapter("create an adapter over it", standard, "over-standard", nil)

	rootKey := or(call(r, "create a root key with an alias", func(ctx context.Context) (*kp.Key, error) {
		return s.api.CreateKeyWithAliases(ctx, "wrapping", nil, false, []string{"wrapping-alias"})
	}, func(key *kp.Key) any { return key.Aliases })).ID
	get("get it by its alias", "wrapping-alias", func(key *kp.Key) any { return key.ID == rootKey })
	s.wrapping(rootKey)

	call(r, "delete a root key and see it", func(ctx context.Context) (*kp.Key, error) {
		return s.api.DeleteKey(ctx, rootKey, kp.ReturnRepresentation)
	}, func(key *kp.Key) any { return key.State })
	get("get it when it is deleted", rootKey, func(key *kp.Key) any { return key.State })
	get("get an unknown key", nobody, nil)
}

func (s *scenario) wrapping(rootKey string) {
	r := s.report
	plaintext := []byte(material())
	data := &[]string{"bound to this"}
	ciphertext := call(r, "wrap", func(ctx context.Context) ([]byte, error) {
		return s.api.Wrap(ctx, rootKey, plaintext, data)
	}, nil)
	unwrap := func(step string, data *[]string) {
		call(r, step, func(ctx context.Context) ([]byte, error) {
			return s.api.Unwrap(ctx, rootKey, ciphertext, data)
		}, func(unwrapped []byte) any { return bytes.Equal(unwrapped, plaintext) })
	}
	unwrap("unwrap", data)
	unwrap("unwrap with other data", &[]string{"bound to that"})
	act(r, "rotate the key", func(ctx context.Context) error { return s.api.RotateV2(ctx, rootKey, nil) })
	unwrap("unwrap after the rotation", data)
	call(r, "list versions", func(ctx context.Context) (*kp.KeyVersions, error) {
		return s.api.ListKeyVersions(ctx, rootKey, &kp.ListKeyVersionsOptions{TotalCount: new(true)})
	}, func(versions *kp.KeyVersions) any {
		return []any{len(versions.KeyVersion), versions.Metadata.TotalCount}
	})
}
