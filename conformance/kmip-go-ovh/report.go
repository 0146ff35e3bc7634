package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/ovh/kmip-go"
	"github.com/ovh/kmip-go/kmipclient"
	"github.com/ovh/kmip-go/ttlv"
)

// report writes steps in their order. Identifiers and bytes differ from run to run and stay out of it.
type report struct {
	out     *json.Encoder
	err     error
	answers []answer
}

// step is what came of one call of the library.
type step struct {
	Step string `json:"step"`
	// What the server answered meanwhile, by batch item.
	Answers []answer `json:"answers"`
	// Why the call failed, where the server did not refuse.
	ClientError string `json:"clientError,omitempty"`
	Value       any    `json:"value,omitempty"`
}

type answer struct {
	Operation string `json:"operation"`
	// The Result Status, or the Result Reason of a refusal.
	Result string `json:"result"`
}

func newReport(out io.Writer) *report {
	return &report{out: json.NewEncoder(out)}
}

// watch is the middleware that sees every answer.
func (r *report) watch(next kmipclient.Next, ctx context.Context, request *kmip.RequestMessage) (*kmip.ResponseMessage, error) {
	response, err := next(ctx, request)
	if response != nil {
		r.see(response)
	}
	return response, err
}

// see notes what a message answers.
func (r *report) see(response *kmip.ResponseMessage) {
	for _, item := range response.BatchItem {
		seen := answer{Operation: ttlv.EnumStr(item.Operation), Result: ttlv.EnumStr(item.ResultStatus)}
		if item.ResultReason != 0 {
			seen.Result = ttlv.EnumStr(item.ResultReason)
		}
		r.answers = append(r.answers, seen)
	}
}

// executor is what the library builds of every operation.
type executor[R any] interface {
	ExecContext(context.Context) (R, error)
}

// do sends one operation. `read` picks from the answer to a success what the test shall see; nil picks nothing.
// After a refusal it returns an empty answer.
func do[P any](r *report, name string, operation executor[*P], read func(*P) any) *P {
	made := try(r, name, func() (*P, error) { return operation.ExecContext(context.Background()) }, read)
	if made == nil {
		return new(P)
	}
	return made
}

// try calls the library, which may send nothing, or several messages.
func try[R any](r *report, name string, call func() (R, error), read func(R) any) R {
	r.answers = []answer{}
	result, err := call()
	done := step{Step: name, Answers: r.answers}
	switch {
	case err == nil && read != nil:
		done.Value = read(result)
	case err != nil && !r.refused():
		done.ClientError = err.Error()
	}
	r.err = errors.Join(r.err, r.out.Encode(done))
	return result
}

func (r *report) refused() bool {
	for _, seen := range r.answers {
		if seen.Result != "Success" {
			return true
		}
	}
	return false
}
