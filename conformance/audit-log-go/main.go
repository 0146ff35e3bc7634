// Command audit-log-go verifies an exported audit log and an inclusion proof with golang.org/x/mod, the
// Go project's own implementation of signed notes and transparency logs.
//
//	audit-log-go EXPORT PROOF
//
// It prints one JSON object of what it found, and fails when something does not hold.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type report struct {
	Origin      string `json:"origin"`
	Size        int64  `json:"size"`
	Checkpoints int    `json:"checkpoints"`
	Events      int    `json:"events"`
	Proven      int64  `json:"proven"`
}

func main() {
	found, err := verify(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}

func verify(directory, proofPath string) (*report, error) {
	read := func(name string) (string, error) {
		text, err := os.ReadFile(filepath.Join(directory, name))
		return string(text), err
	}
	key, err := read("log.pub")
	if err != nil {
		return nil, err
	}
	signed, err := read("checkpoint")
	if err != nil {
		return nil, err
	}
	origin, tree, err := openCheckpoint(signed, strings.TrimSpace(key))
	if err != nil {
		return nil, fmt.Errorf("the checkpoint: %w", err)
	}

	leaves, err := readLeaves(filepath.Join(directory, "events.jsonl"))
	if err != nil {
		return nil, err
	}
	hashes, err := storedHashes(leaves)
	if err != nil {
		return nil, err
	}
	root, err := tlog.TreeHash(int64(len(leaves)), hashes)
	if err != nil {
		return nil, err
	}
	if int64(len(leaves)) != tree.N || root != tree.Hash {
		return nil, fmt.Errorf("%d events have the root %v, not %v", len(leaves), root, tree.Hash)
	}

	count, err := checkCheckpoints(filepath.Join(directory, "checkpoints.jsonl"), tree, hashes)
	if err != nil {
		return nil, err
	}
	proven, err := checkProof(proofPath)
	if err != nil {
		return nil, fmt.Errorf("the proof: %w", err)
	}
	return &report{origin, tree.N, count, len(leaves), proven}, nil
}

// openCheckpoint reads a signed note by its verifier key, and the checkpoint in it.
func openCheckpoint(signed, key string) (string, tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return "", tlog.Tree{}, err
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return "", tlog.Tree{}, err
	}
	return parseCheckpoint(opened.Text)
}

// parseCheckpoint reads the text of a checkpoint: origin, size, root.
func parseCheckpoint(text string) (string, tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return "", tlog.Tree{}, fmt.Errorf("there are %d lines", len(lines))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return "", tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return lines[0], tlog.Tree{N: size, Hash: root}, err
}

func readLeaves(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var leaves []string
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		leaves = append(leaves, scanner.Text())
	}
	return leaves, nil
}

func storedHashes(leaves []string) (tlog.HashReader, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for n, leaf := range leaves {
		hashes, err := tlog.StoredHashes(int64(n), []byte(leaf), reader)
		if err != nil {
			return nil, err
		}
		stored = append(stored, hashes...)
	}
	return reader, nil
}

// checkCheckpoints proves of every checkpoint that the log grew from it to the newest tree.
func checkCheckpoints(path string, newest tlog.Tree, hashes tlog.HashReader) (int, error) {
	lines, err := readLeaves(path)
	if err != nil {
		return 0, err
	}
	for _, line := range lines {
		var kept struct{ Note string }
		if err := json.Unmarshal([]byte(line), &kept); err != nil {
			return 0, err
		}
		_, tree, err := parseCheckpoint(kept.Note)
		if err != nil {
			return 0, err
		}
		proof, err := tlog.ProveTree(newest.N, tree.N, hashes)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckTree(proof, newest.N, newest.Hash, tree.N, tree.Hash); err != nil {
			return 0, fmt.Errorf("the checkpoint of %d events: %w", tree.N, err)
		}
	}
	return len(lines), nil
}

// checkProof answers the number of the event that a file of `claviger audit prove` proves.
func checkProof(path string) (int64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	var file struct {
		Event, Checkpoint, PublicKey string
		Proof                        []string
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return 0, err
	}
	_, tree, err := openCheckpoint(file.Checkpoint, file.PublicKey)
	if err != nil {
		return 0, err
	}
	var event struct{ Log struct{ Sequence int64 } }
	if err := json.Unmarshal([]byte(file.Event), &event); err != nil {
		return 0, err
	}
	proof := tlog.RecordProof{}
	for _, encoded := range file.Proof {
		bytes, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(bytes) != tlog.HashSize {
			return 0, fmt.Errorf("%q is no hash", encoded)
		}
		proof = append(proof, tlog.Hash(bytes))
	}
	sequence := event.Log.Sequence
	leaf := tlog.RecordHash([]byte(file.Event))
	return sequence, tlog.CheckRecord(proof, tree.N, tree.Hash, sequence-1, leaf)
}
