package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	kp "github.com/IBM/keyprotect-go-client"
	"github.com/IBM/keyprotect-go-client/iam"
	"github.com/google/uuid"
)

// report writes steps in their order. Identifiers differ from run to run and stay out of it.
type report struct {
	out *json.Encoder
	err error
	// The status of the last answer, which the SDK tells of refusals only.
	status int
}

type step struct {
	Step          string `json:"step"`
	Answer        string `json:"answer"`
	Value         any    `json:"value,omitempty"`
	CorrelationID string `json:"correlationId"`
}

func newReport(out io.Writer) *report {
	return &report{out: json.NewEncoder(out)}
}

// call makes one call of the SDK under a correlation id of its own, by which its event is found. `read`
// picks from the result of a success what the test shall see; nil picks nothing.
func call[T any](r *report, name string, method func(context.Context) (T, error), read func(T) any) T {
	id := uuid.New()
	done := step{Step: name, CorrelationID: id.String()}
	r.status = 0
	result, err := method(kp.NewContextWithCorrelationID(context.Background(), &id))
	switch {
	case err != nil:
		done.Answer = words(err)
	default:
		done.Answer = fmt.Sprint(r.status)
		if read != nil {
			done.Value = read(result)
		}
	}
	r.err = errors.Join(r.err, r.out.Encode(done))
	return result
}

// act is call for methods that return nothing.
func act(r *report, name string, method func(context.Context) error) {
	call(r, name, func(ctx context.Context) (any, error) { return nil, method(ctx) }, nil)
}

// words puts a refusal as its status and Key Protect's codes of the reasons, or IAM's; some have none.
// An error of the SDK itself is put in its own words.
func words(err error) string {
	if refusal, ok := errors.AsType[*kp.Error](err); ok {
		answer := []string{fmt.Sprint(refusal.StatusCode)}
		for _, reason := range refusal.Reasons {
			answer = append(answer, reason.Code)
		}
		return strings.Join(answer, " ")
	}
	if refusal, ok := errors.AsType[iam.Error](err); ok {
		return fmt.Sprintf("%d %s", refusal.HTTPResponse.StatusCode, refusal.ErrorCode)
	}
	return err.Error()
}

// RoundTrip sends as the SDK's own transport does.
func (r *report) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := kp.DefaultTransport().RoundTrip(request)
	if err == nil {
		r.status = response.StatusCode
	}
	return response, err
}
