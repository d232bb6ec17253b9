// A guest that uses what Go's runtime needs of a WASI host: goroutines, timers, folders,
// standard input, the environment and random seeds (the order of a map).
package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"time"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: guest FOLDER")
		os.Exit(2)
	}
	start := time.Now()
	fmt.Println("start", start.UTC().Format(time.RFC3339))

	sums := make(chan string)
	var group sync.WaitGroup
	for i := 0; i < 4; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			time.Sleep(time.Duration(4-i) * time.Minute)
			sums <- fmt.Sprintf("worker %d %x", i, sha256.Sum256([]byte{byte(i)}))[:16]
		}()
	}
	go func() { group.Wait(); close(sums) }()
	for sum := range sums {
		fmt.Println(sum)
	}
	fmt.Println("slept", time.Since(start).Round(time.Second))

	entries, err := os.ReadDir(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, entry := range entries {
		fmt.Println("entry", entry.Name(), entry.IsDir())
	}

	counts := map[string]int{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		for _, word := range strings.Fields(lines.Text()) {
			counts[word]++
		}
	}
	var order, words []string
	for word := range counts {
		order = append(order, word)
		words = append(words, word)
	}
	sort.Strings(words)
	for _, word := range words {
		fmt.Println("count", word, counts[word])
	}
	fmt.Fprintln(os.Stderr, "map order", order)

	path := os.Args[1] + "/result.txt"
	if err := os.WriteFile(path, []byte(os.Getenv("MESSAGE")), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(4)
}
