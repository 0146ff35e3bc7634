package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/ovh/kmip-go"
	"github.com/ovh/kmip-go/payloads"
	"github.com/ovh/kmip-go/ttlv"
)

// overHTTPS sends messages of the library by POST /kmip; the library's own client does not.
type overHTTPS struct {
	client *http.Client
	url    string
}

func dialHTTPS(address, ca, cert, key string) (*overHTTPS, error) {
	trusted, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(trusted) {
		return nil, fmt.Errorf("%s has no certificate", ca)
	}
	own, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
	return &overHTTPS{client: client, url: "https://" + address + "/kmip"}, nil
}

func (h *overHTTPS) send(r *report, version kmip.ProtocolVersion, payload kmip.OperationPayload) (*kmip.ResponseMessage, error) {
	request := kmip.NewRequestMessage(version, payload)
	response, err := h.client.Post(h.url, "application/octet-stream", bytes.NewReader(ttlv.MarshalTTLV(request)))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	told := response.Header.Get("Content-Type")
	if response.StatusCode != http.StatusOK || told != "application/octet-stream" {
		return nil, fmt.Errorf("the answer is %s of %s", response.Status, told)
	}
	answer := &kmip.ResponseMessage{}
	if err := ttlv.UnmarshalTTLV(body, answer); err != nil {
		return nil, err
	}
	r.see(answer)
	return answer, nil
}

// https makes and gets a key by POST, which is the same key over TLS alone.
func (s *scenario) https() {
	r, c := s.report, s.client
	send := func(name string, payload kmip.OperationPayload, read func(*kmip.ResponseMessage) any) {
		try(r, name, func() (*kmip.ResponseMessage, error) { return s.posts.send(r, c.Version(), payload) }, read)
	}
	template := kmip.TemplateAttribute{Attribute: []kmip.Attribute{
		{AttributeName: kmip.AttributeNameCryptographicAlgorithm, AttributeValue: kmip.CryptographicAlgorithmAES},
		{AttributeName: kmip.AttributeNameCryptographicLength, AttributeValue: int32(256)},
		{AttributeName: kmip.AttributeNameCryptographicUsageMask, AttributeValue: forData},
	}}
	var id string
	send("create over HTTPS", &payloads.CreateRequestPayload{ObjectType: kmip.ObjectTypeSymmetricKey, TemplateAttribute: template}, func(answer *kmip.ResponseMessage) any {
		made, ok := answer.BatchItem[0].ResponsePayload.(*payloads.CreateResponsePayload)
		if ok {
			id = made.UniqueIdentifier
		}
		return ok
	})
	var posted []byte
	send("get over HTTPS", &payloads.GetRequestPayload{UniqueIdentifier: id}, func(answer *kmip.ResponseMessage) any {
		got, ok := answer.BatchItem[0].ResponsePayload.(*payloads.GetResponsePayload)
		if ok {
			posted, _ = got.SymmetricKey()
		}
		return len(posted)
	})
	do(r, "get the same over TLS alone", c.Get(id), func(got *payloads.GetResponsePayload) any {
		material, _ := got.SymmetricKey()
		return bytes.Equal(material, posted)
	})
	send("get nobody over HTTPS", &payloads.GetRequestPayload{UniqueIdentifier: nobody}, nil)
	send("destroy over HTTPS", &payloads.DestroyRequestPayload{UniqueIdentifier: id}, nil)
}
