// Checks a log folder with the Go project's own packages, which know nothing of Plasm:
//
//	go_log VKEY FOLDER PROOFS
//
// PROOFS holds what our code has proved: <name>.tlog-proof files for entries, and
// <size>.request files (bodies of tlog-witness's add-checkpoint) for consistency. Where there
// is a <name>.entry beside a proof, the entry that it proves has to be that one.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// folder reads tiles under the paths of C2SP, which are those of the package without the height.
type folder string

func (f folder) Height() int                     { return height }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := f.read(tile)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) read(tile tlog.Tile) ([]byte, error) {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	path = strings.Replace(path, "data/", "entries/", 1)
	return os.ReadFile(filepath.Join(string(f), "tile", path))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "go_log:", err)
		os.Exit(1)
	}
}

func expect(condition bool, format string, values ...any) {
	if !condition {
		must(fmt.Errorf(format, values...))
	}
}

func openCheckpoint(text []byte, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	expect(len(lines) == 4 && lines[0] == verifier.Name(), "checkpoint text %q", opened.Text)
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

func parseHashes(lines []string) []tlog.Hash {
	var hashes []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		must(err)
		hashes = append(hashes, hash)
	}
	return hashes
}

func entries(log folder, tree tlog.Tree, bundle int64) [][]byte {
	width := min(256, int(tree.N-bundle*256))
	data, err := log.read(tlog.Tile{H: height, L: -1, N: bundle, W: width})
	must(err)
	var all [][]byte
	for len(data) > 0 {
		expect(len(data) >= 2, "bundle %d ends inside a length", bundle)
		size := int(binary.BigEndian.Uint16(data))
		expect(len(data) >= 2+size, "bundle %d ends inside an entry", bundle)
		all = append(all, data[2:2+size])
		data = data[2+size:]
	}
	expect(len(all) == width, "bundle %d has %d entries, not %d", bundle, len(all), width)
	return all
}

func main() {
	expect(len(os.Args) == 4, "go_log VKEY FOLDER PROOFS")
	verifier, err := note.NewVerifier(os.Args[1])
	must(err)
	log := folder(os.Args[2])
	text, err := os.ReadFile(filepath.Join(string(log), "checkpoint"))
	must(err)
	tree := openCheckpoint(text, verifier)
	hashes := tlog.TileHashReader(tree, log)

	root, err := tlog.TreeHash(tree.N, hashes)
	must(err)
	expect(root == tree.Hash, "the tiles give the root %v, not %v", root, tree.Hash)
	tiles := tlog.NewTiles(height, 0, tree.N)
	for _, tile := range tiles {
		data, err := log.read(tile)
		must(err)
		want, err := tlog.ReadTileData(tile, hashes)
		must(err)
		expect(bytes.Equal(data, want), "%s is another tile", tile.Path())
	}
	for bundle := int64(0); bundle*256 < tree.N; bundle++ {
		var indexes []int64
		all := entries(log, tree, bundle)
		for i := range all {
			indexes = append(indexes, tlog.StoredHashIndex(0, bundle*256+int64(i)))
		}
		leaves, err := hashes.ReadHashes(indexes)
		must(err)
		for i, entry := range all {
			expect(tlog.RecordHash(entry) == leaves[i], "entry %d of bundle %d is another", i, bundle)
		}
	}

	proofs, err := filepath.Glob(filepath.Join(os.Args[3], "*.tlog-proof"))
	must(err)
	for _, path := range proofs {
		text, err := os.ReadFile(path)
		must(err)
		head, checkpoint, found := strings.Cut(string(text), "\n\n")
		lines := strings.Split(head, "\n")
		expect(found && lines[0] == "c2sp.org/tlog-proof@v1", "%s: another form", path)
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		must(err)
		proved := openCheckpoint([]byte(checkpoint), verifier)
		ours := tlog.RecordProof(parseHashes(lines[2:]))
		theirs, err := tlog.ProveRecord(proved.N, index, hashes)
		must(err)
		expect(fmt.Sprint(ours) == fmt.Sprint(theirs), "%s: another proof", path)
		entry := entries(log, tree, index/256)[index%256]
		if given, err := os.ReadFile(strings.TrimSuffix(path, ".tlog-proof") + ".entry"); err == nil {
			expect(bytes.Equal(entry, given), "%s: proves another entry", path)
		} else {
			expect(os.IsNotExist(err), "%s: %v", path, err)
		}
		must(tlog.CheckRecord(ours, proved.N, proved.Hash, index, tlog.RecordHash(entry)))
	}

	requests, err := filepath.Glob(filepath.Join(os.Args[3], "*.request"))
	must(err)
	for _, path := range requests {
		text, err := os.ReadFile(path)
		must(err)
		head, checkpoint, found := strings.Cut(string(text), "\n\n")
		lines := strings.Split(head, "\n")
		old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
		must(err)
		expect(found && old > 0, "%s: another form", path)
		proved := openCheckpoint([]byte(checkpoint), verifier)
		oldRoot, err := tlog.TreeHash(old, hashes)
		must(err)
		must(tlog.CheckTree(parseHashes(lines[1:]), proved.N, proved.Hash, old, oldRoot))
	}
	fmt.Printf("%d entries, %d tiles, %d inclusion proofs, %d consistency proofs\n",
		tree.N, len(tiles), len(proofs), len(requests))
}
