// Checks PromQL on standard input, one expression a line.
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	failed := false
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if _, err := parser.ParseExpr(lines.Text()); err != nil {
			fmt.Println(lines.Text(), "\n ", err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}
