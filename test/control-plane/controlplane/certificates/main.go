// Command certificates writes the keys and certificates of a control plane on loopback into one folder.
//
// Node can't issue X.509 certificates, and a bare machine need not have openssl; Go is there already,
// because it builds the control plane.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

type identity struct {
	file    string
	subject pkix.Name
}

// The subjects are those that kubeadm gives out: RBAC's default bindings know them.
var identities = []identity{
	{"server", pkix.Name{CommonName: "localhost"}},
	{"admin", pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}}},
	{"kube-scheduler", pkix.Name{CommonName: "system:kube-scheduler"}},
	{"front-proxy", pkix.Name{CommonName: "front-proxy"}},
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: certificates FOLDER")
	}
	folder := os.Args[1]
	authorityKey := newKey()
	authority := template(pkix.Name{CommonName: "test control plane"})
	authority.IsCA = true
	authority.BasicConstraintsValid = true
	authority.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	write(folder, "ca.crt", "CERTIFICATE", sign(authority, authority, authorityKey, authorityKey))
	for _, each := range identities {
		key := newKey()
		leaf := template(each.subject)
		leaf.KeyUsage = x509.KeyUsageDigitalSignature
		leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
		leaf.DNSNames = []string{"localhost", "kubernetes.default.svc"}
		leaf.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
		write(folder, each.file+".crt", "CERTIFICATE", sign(leaf, authority, key, authorityKey))
		write(folder, each.file+".key", "EC PRIVATE KEY", encode(key))
	}
	// Signs the tokens of ServiceAccounts.
	write(folder, "service-account.key", "EC PRIVATE KEY", encode(newKey()))
}

func newKey() *ecdsa.PrivateKey {
	return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
}

func template(subject pkix.Name) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: must(rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))),
		Subject:      subject,
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(7 * 24 * time.Hour),
	}
}

func sign(leaf, authority *x509.Certificate, key, authorityKey *ecdsa.PrivateKey) []byte {
	return must(x509.CreateCertificate(rand.Reader, leaf, authority, &key.PublicKey, authorityKey))
}

func encode(key *ecdsa.PrivateKey) []byte {
	return must(x509.MarshalECPrivateKey(key))
}

func write(folder, name, kind string, der []byte) {
	block := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(filepath.Join(folder, name), block, 0o600); err != nil {
		log.Fatal(err)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
