# Targets for people who work on Guichet.

.PHONY: build test bench fuzz

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o guichet .

# Every test. The packages that run goroutines are tested with the race detector where there is a C compiler.
test:
	@test -z "$$(gofmt -l .)" || { echo "not formatted with gofmt:"; gofmt -l .; exit 1; }
	go vet ./...
	go test ./schemas/... ./exports/... ./server/cli/... .
	@if command -v gcc >/dev/null; then race=-race; fi; \
	echo "go test $$race ./forms/... ./server"; CGO_ENABLED=$${race:+1} go test $$race ./forms/... ./server

# Speed, as ratios to a bound measured in the same run.
bench:
	@go test ./forms/sqlite ./forms/mongo ./server -run "^$$" -bench Ratios -benchtime 1x -p 1 | grep -E "=|FAIL|panic"

# What parses bytes from outside, a minute each.
fuzz:
	@for target in schemas:FuzzParse schemas:FuzzAccept schemas:FuzzDecodeForm forms:FuzzTokens forms/mongo:FuzzAnswers; do \
		go test ./$${target%:*} -run '^$$' -fuzz "^$${target#*:}$$" -fuzztime 60s || exit 1; done
