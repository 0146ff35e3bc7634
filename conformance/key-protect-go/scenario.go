package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"reflect"
	"sort"
	"strings"

	kp "github.com/IBM/keyprotect-go-client"
	"github.com/google/uuid"
)

const nobody = "00000000-0000-4000-8000-000000000000"

// scenario is what a program does with IBM's SDK: root keys, adapters, certificates, objects made over
// KMIP. The steps are those of the Python client, and have the same names.
type scenario struct {
	given  input
	report *report
	api    *kp.Client
}

func newScenario(given input, r *report) (*scenario, error) {
	s := &scenario{given: given, report: r}
	var err error
	s.api, err = s.client(given.Manager)
	return s, err
}

func (s *scenario) client(apiKey string) (*kp.Client, error) {
	return kp.New(kp.ClientConfig{
		BaseURL:    s.given.URL,
		TokenURL:   s.given.URL + "/oidc/token",
		InstanceID: s.given.Instance,
		APIKey:     apiKey,
	}, s.report)
}

func (s *scenario) buildUp() {
	s.access()
	rootKey := s.makeRootKeys()
	s.adapters(rootKey)
	s.certificates()
}

func (s *scenario) takeDown() {
	keys := call(s.report, "list keys", func(ctx context.Context) (*kp.Keys, error) {
		return s.api.GetKeys(ctx, 0, 0)
	}, func(keys *kp.Keys) any { return names(keys.Keys) })
	rootKeys := map[string]string{}
	for _, key := range or(keys).Keys {
		rootKeys[key.Name] = key.ID
	}
	s.objects(rootKeys["disks"])
	s.ends(rootKeys)
}

func (s *scenario) access() {
	for _, as := range []struct{ step, apiKey string }{
		{"log in with a wrong API key", "not-an-api-key"},
		{"list adapters as a Reader", s.given.Reader},
	} {
		call(s.report, as.step, func(ctx context.Context) (*kp.KMIPAdapters, error) {
			client, err := s.client(as.apiKey)
			if err != nil {
				return nil, err
			}
			return client.GetKMIPAdapters(ctx, nil)
		}, nil)
	}
}

func (s *scenario) makeRootKeys() string {
	create := func(step, name string, extractable bool, options ...kp.CreateKeyOption) string {
		key := call(s.report, step, func(ctx context.Context) (*kp.Key, error) {
			return s.api.CreateKeyWithOptions(ctx, name, extractable, options...)
		}, func(key *kp.Key) any { return names([]kp.Key{*key}) })
		return or(key).ID
	}
	rootKey := create("create a root key", "disks", false)
	imported := create("import a root key", "imported", false, kp.WithPayload(material(), nil, nil, false))
	create("create a standard key", "standard", true)
	for _, rotation := range []struct{ step, key string }{
		{"rotate", rootKey},
		{"rotate again at once", rootKey},
		{"rotate an imported key without a new one", imported},
	} {
		act(s.report, rotation.step, func(ctx context.Context) error {
			return s.api.Rotate(ctx, rotation.key, "")
		})
	}
	return rootKey
}

func (s *scenario) createAdapter(step, rootKey, name string, read func(*kp.KMIPAdapter) any) *kp.KMIPAdapter {
	return call(s.report, step, func(ctx context.Context) (*kp.KMIPAdapter, error) {
		var options []kp.CreateKMIPAdapterOption
		if name != "" {
			options = append(options, kp.WithKMIPAdapterName(name))
		}
		return s.api.CreateKMIPAdapter(ctx, kp.WithNativeProfile(rootKey), options...)
	}, read)
}

func (s *scenario) getAdapter(step, idOrName string, read func(*kp.KMIPAdapter) any) {
	call(s.report, step, func(ctx context.Context) (*kp.KMIPAdapter, error) {
		return s.api.GetKMIPAdapter(ctx, idOrName)
	}, read)
}

func (s *scenario) listAdapters(step string, options kp.ListKmipAdaptersOptions) *kp.KMIPAdapters {
	return call(s.report, step, func(ctx context.Context) (*kp.KMIPAdapters, error) {
		return s.api.GetKMIPAdapters(ctx, &options)
	}, func(list *kp.KMIPAdapters) any { return page(list.Metadata, options.TotalCount) })
}

func (s *scenario) adapters(rootKey string) {
	made := or(s.createAdapter("create an adapter", rootKey, "first", func(made *kp.KMIPAdapter) any {
		return []string{made.Name}
	}))
	isMade := func(got *kp.KMIPAdapter) any { return reflect.DeepEqual(got, made) }
	s.getAdapter("get the adapter by name", made.Name, isMade)
	s.getAdapter("get the adapter by id", made.ID, isMade)
	s.createAdapter("create one without a name", rootKey, "", func(made *kp.KMIPAdapter) any {
		return startOf(made.Name)
	})
	s.createAdapter("create one with a name that is taken", rootKey, "first", nil)
	s.createAdapter("create one over an unknown root key", nobody, "other", nil)
	s.createAdapter("create one whose name is a UUID", rootKey, uuid.NewString(), nil)
	s.createAdapter("create one whose name has a space", rootKey, "a b", nil)
	s.getAdapter("get an unknown adapter", nobody, nil)

	count := new(true)
	s.listAdapters("list adapters", kp.ListKmipAdaptersOptions{})
	s.listAdapters("list one adapter after the first", kp.ListKmipAdaptersOptions{
		Limit: new(uint32(1)), Offset: new(uint32(1)), TotalCount: count,
	})
	s.listAdapters("list those over a root key", kp.ListKmipAdaptersOptions{CrkID: &rootKey, TotalCount: count})
	s.listAdapters("list those over an unknown root key", kp.ListKmipAdaptersOptions{
		CrkID: new(nobody), TotalCount: count,
	})
	s.listAdapters("list no adapters", kp.ListKmipAdaptersOptions{Limit: new(uint32(0))})
	s.listAdapters("list 201 adapters", kp.ListKmipAdaptersOptions{Limit: new(uint32(201))})
}

func (s *scenario) addCertificate(step, adapter, pem, name string, read func(*kp.KMIPClientCertificate) any) *kp.KMIPClientCertificate {
	return call(s.report, step, func(ctx context.Context) (*kp.KMIPClientCertificate, error) {
		var options []kp.CreateKMIPClientCertOption
		if name != "" {
			options = append(options, kp.WithKMIPClientCertName(name))
		}
		return s.api.CreateKMIPClientCertificate(ctx, adapter, pem, options...)
	}, read)
}

func (s *scenario) getCertificate(step, name string, read func(*kp.KMIPClientCertificate) any) *kp.KMIPClientCertificate {
	return call(s.report, step, func(ctx context.Context) (*kp.KMIPClientCertificate, error) {
		return s.api.GetKMIPClientCertificate(ctx, "first", name)
	}, read)
}

func (s *scenario) certificates() {
	host, spare, third := s.given.Certificates["host"], s.given.Certificates["spare"], s.given.Certificates["third"]
	echoes := func(pem string) func(*kp.KMIPClientCertificate) any {
		return func(made *kp.KMIPClientCertificate) any { return made.Certificate == pem }
	}
	made := or(s.addCertificate("add a certificate", "first", host, "host", echoes(host)))
	crlf := strings.ReplaceAll(spare, "\n", "\r\n")
	unnamed := or(s.addCertificate("add one with CRLF", "first", crlf, "", echoes(crlf)))
	s.addCertificate("add one that is there", "first", host, "again", nil)
	s.addCertificate("add one with a name that is taken", "first", third, "host", nil)
	s.addCertificate("add what is no PEM", "first", "not a certificate", "other", nil)
	s.addCertificate("add two in one", "first", host+third, "other", nil)
	s.addCertificate("add a private key", "first", s.given.PrivateKey, "other", nil)
	s.addCertificate("add one to an unknown adapter", "unknown", third, "", nil)

	isMade := func(got *kp.KMIPClientCertificate) any { return reflect.DeepEqual(got, made) }
	s.getCertificate("get the certificate by name", "host", isMade)
	s.getCertificate("get the certificate by id", made.ID, isMade)
	s.getCertificate("get the one without a name", unnamed.ID, func(got *kp.KMIPClientCertificate) any {
		return startOf(got.Name)
	})
	s.getCertificate("get an unknown certificate", "unknown", nil)

	list := func(step string, options *kp.ListOptions, read func(*kp.KMIPClientCertificates) any) {
		call(s.report, step, func(ctx context.Context) (*kp.KMIPClientCertificates, error) {
			return s.api.GetKMIPClientCertificates(ctx, "first", options)
		}, read)
	}
	count := new(true)
	list("list one certificate", &kp.ListOptions{Limit: new(uint32(1)), TotalCount: count},
		func(listed *kp.KMIPClientCertificates) any { return page(listed.Metadata, count) })
	list("list certificates, without PEM", nil, func(listed *kp.KMIPClientCertificates) any {
		hasPem := []bool{}
		for _, certificate := range listed.Certificates {
			hasPem = append(hasPem, certificate.Certificate != "")
		}
		return hasPem
	})
	list("list no certificates", &kp.ListOptions{Limit: new(uint32(0))}, nil)
	list("list 201 certificates", &kp.ListOptions{Limit: new(uint32(201))}, nil)
}

func (s *scenario) objects(rootKey string) {
	objects := s.given.Objects
	nameOf := map[string]string{}
	for name, id := range objects {
		nameOf[id] = name
	}
	states := func(found ...kp.KMIPObject) map[string]int {
		stateOf := map[string]int{}
		for _, object := range found {
			stateOf[nameOf[object.ID]] = object.ObjectState
		}
		return stateOf
	}
	statesOf := func(list *kp.KMIPObjects) any { return states(list.Objects...) }
	list := func(step string, options *kp.ListKmipObjectsOptions, read func(*kp.KMIPObjects) any) {
		call(s.report, step, func(ctx context.Context) (*kp.KMIPObjects, error) {
			return s.api.GetKMIPObjects(ctx, "first", options)
		}, read)
	}
	inStates := func(states ...int32) *kp.ListKmipObjectsOptions {
		return &kp.ListKmipObjectsOptions{ObjectStateFilter: &states}
	}
	maker := or(s.getCertificate("get the certificate", "host", nil)).ID

	list("list whether it made the objects", nil, func(list *kp.KMIPObjects) any {
		made := []bool{}
		for _, object := range list.Objects {
			made = append(made, object.CreatedByCertID == maker)
		}
		return made
	})
	list("list objects", nil, statesOf)
	count := new(true)
	list("list one object after the first",
		&kp.ListKmipObjectsOptions{Limit: new(uint32(1)), Offset: new(uint32(1)), TotalCount: count},
		func(list *kp.KMIPObjects) any { return page(list.Metadata, count) })
	list("list active objects", inStates(2), statesOf)
	list("list destroyed objects, none yet", inStates(5, 6), statesOf)
	list("list a state that is none", inStates(7), nil)
	list("list 5001 objects", &kp.ListKmipObjectsOptions{Limit: new(uint32(5001))}, nil)

	get := func(step, id string) {
		call(s.report, step, func(ctx context.Context) (*kp.KMIPObject, error) {
			return s.api.GetKMIPObject(ctx, "first", id)
		}, func(object *kp.KMIPObject) any { return states(*object) })
	}
	remove := func(step, id string, options ...kp.RequestOpt) {
		act(s.report, step, func(ctx context.Context) error {
			return s.api.DeleteKMIPObject(ctx, "first", id, options...)
		})
	}
	get("get an object", objects["preActive"])
	get("get an unknown object", nobody)
	remove("delete an active object", objects["active"])
	remove("delete an object", objects["preActive"], kp.WithForce(false))
	remove("delete that object again", objects["preActive"])
	remove("delete an active object by force", objects["active"], kp.WithForce(true))
	list("list what is left", nil, statesOf)
	list("list destroyed objects", inStates(5, 6), statesOf)

	s.deleteAdapter("delete an adapter with objects", "first")
	s.deleteKey("delete its root key", rootKey)
	remove("delete a deactivated object", objects["deactivated"])
	remove("delete a compromised object", objects["compromised"])
	get("get a destroyed compromised object", objects["compromised"])
}

func (s *scenario) deleteAdapter(step, idOrName string) {
	act(s.report, step, func(ctx context.Context) error { return s.api.DeleteKMIPAdapter(ctx, idOrName) })
}

func (s *scenario) deleteKey(step, id string) {
	act(s.report, step, func(ctx context.Context) error {
		_, err := s.api.DeleteKey(ctx, id, kp.ReturnMinimal)
		return err
	})
}

func (s *scenario) ends(rootKeys map[string]string) {
	for _, step := range []string{"delete the certificate", "delete that certificate again"} {
		act(s.report, step, func(ctx context.Context) error {
			return s.api.DeleteKMIPClientCertificate(ctx, "first", "host")
		})
	}
	s.deleteAdapter("delete the adapter", "first")
	call(s.report, "list its certificates", func(ctx context.Context) (*kp.KMIPClientCertificates, error) {
		return s.api.GetKMIPClientCertificates(ctx, "first", nil)
	}, nil)
	disks := rootKeys["disks"]
	left := s.listAdapters("list the adapter left", kp.ListKmipAdaptersOptions{CrkID: &disks})
	other := nobody
	for _, adapter := range or(left).Adapters {
		other = adapter.ID
	}
	s.addCertificate("add its certificate elsewhere", other, s.given.Certificates["spare"], "", nil)
	s.deleteAdapter("delete the other adapter", other)

	act(s.report, "disable a root key", func(ctx context.Context) error { return s.api.DisableKey(ctx, disks) })
	s.createAdapter("create an adapter over it", disks, "late", nil)
	act(s.report, "enable it too early", func(ctx context.Context) error { return s.api.EnableKey(ctx, disks) })
	s.deleteKey("delete a root key", rootKeys["imported"])
	s.deleteKey("delete that root key again", rootKeys["imported"])
}

// material makes a key to import.
func material() string {
	bytes := make([]byte, 32)
	rand.Read(bytes) // never fails
	return base64.StdEncoding.EncodeToString(bytes)
}

// or is the result of a call; of a refused one, a thing whose fields name nothing.
func or[T any](result *T) *T {
	if result == nil {
		return new(T)
	}
	return result
}

func names(keys []kp.Key) []string {
	found := []string{}
	for _, key := range keys {
		found = append(found, key.Name)
	}
	sort.Strings(found)
	return found
}

// startOf is what a name that the server gave begins with.
func startOf(name string) string {
	return name[:max(strings.LastIndex(name, "_"), 0)]
}

// page is how many there are here, and in all where that was asked.
func page(metadata kp.CollectionMetadata, counted *bool) any {
	if counted == nil && metadata.TotalCount == 0 {
		return []any{metadata.CollectionTotal, nil}
	}
	return []any{metadata.CollectionTotal, metadata.TotalCount}
}
