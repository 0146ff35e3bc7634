module claviger.example/conformance/kmip-go-ovh

go 1.26.4

require github.com/ovh/kmip-go v0.8.1
