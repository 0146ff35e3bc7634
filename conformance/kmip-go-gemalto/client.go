package main

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gemalto/kmip-go"
	"github.com/gemalto/kmip-go/kmip14"
	"github.com/gemalto/kmip-go/kmip20"
	"github.com/gemalto/kmip-go/ttlv"
)

// client sends messages and writes what came of them, without identifiers and bytes, which differ from run to run.
type client struct {
	connection *tls.Conn
	decoder    *ttlv.Decoder
	version    kmip.ProtocolVersion
	out        *json.Encoder
	err        error
}

type step struct {
	Step        string   `json:"step"`
	Answers     []answer `json:"answers"`
	ClientError string   `json:"clientError,omitempty"`
	Value       any      `json:"value,omitempty"`
}

type answer struct {
	Operation string `json:"operation"`
	// The Result Status, or the Result Reason of a refusal.
	Result string `json:"result"`
}

// item is one operation of a batch.
type item struct {
	operation kmip14.Operation
	payload   any
}

// do sends one message. `read` picks from the payloads of a success what the test shall see; nil picks nothing.
func (c *client) do(name string, read func(payloads []ttlv.TTLV) any, items ...item) {
	done := step{Step: name, Answers: []answer{}}
	response, err := c.exchange(items)
	payloads := []ttlv.TTLV{}
	for _, each := range response.BatchItem {
		seen := answer{
			Operation: plain(each.Operation.String(), kmip20.Operation(each.Operation).String()),
			Result:    plain(each.ResultStatus.String()),
		}
		if each.ResultReason != 0 {
			seen.Result = plain(each.ResultReason.String(), kmip20.ResultReason(each.ResultReason).String())
		} else {
			payload, _ := each.ResponsePayload.(ttlv.TTLV)
			payloads = append(payloads, payload)
		}
		done.Answers = append(done.Answers, seen)
	}
	switch {
	case err != nil:
		done.ClientError = err.Error()
	case read != nil && len(payloads) == len(items):
		done.Value = read(payloads)
	}
	c.err = errors.Join(c.err, c.out.Encode(done))
}

func (c *client) exchange(items []item) (kmip.ResponseMessage, error) {
	message := kmip.RequestMessage{RequestHeader: kmip.RequestHeader{ProtocolVersion: c.version, BatchCount: len(items)}}
	for position, each := range items {
		message.BatchItem = append(message.BatchItem, kmip.RequestBatchItem{
			Operation:         each.operation,
			UniqueBatchItemID: []byte{byte(position + 1)},
			RequestPayload:    each.payload,
		})
	}
	var response kmip.ResponseMessage
	request, err := ttlv.Marshal(message)
	if err != nil {
		return response, err
	}
	if _, err := c.connection.Write(request); err != nil {
		return response, err
	}
	if err := c.decoder.Decode(&response); err != nil {
		return response, err
	}
	if found := response.ResponseHeader.ProtocolVersion; found != c.version {
		return response, fmt.Errorf("the answer is of another version: %v", found)
	}
	return response, nil
}

// plain makes the name of the XML encoding of the first that is a name and no number.
func plain(names ...string) string {
	for _, name := range names {
		if !strings.HasPrefix(name, "0x") {
			return strings.ReplaceAll(name, " ", "")
		}
	}
	return names[0]
}

// decode reads a payload; what does not fit shows in the values that are missing then.
func decode[T any](payload ttlv.TTLV) T {
	var value T
	_ = ttlv.Unmarshal(payload, &value)
	return value
}
