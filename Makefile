# SPDX-License-Identifier: GPL-2.0-only
# The two commands of the README are `make run` and `make test`; each installs
# the Debian packages that are missing, builds, and runs.

SWIFT ?= swift
PACKAGES = libc6-dev libhwloc-dev libnuma-dev libdw-dev libcapstone-dev libxxhash-dev pkg-config make git
NUMA_PACKAGES = qemu-system-x86 busybox-static
PARALLEL_PACKAGES = parallel
SLURM_PACKAGES = slurm-wlm munge
KUBERNETES_PACKAGES = python3-yaml
SPIN_PACKAGES = spin gcc
KERNELS_PACKAGES = linux-source-6.1 linux-source-6.12 xz-utils
REVERT_SCRATCH = .build-revert
PREFIX ?= /usr/local
SANITIZED = RealCPU|Stress

.PHONY: run test words fuzz test-cache test-revert test-revisions test-git-bisect test-install test-limits test-kernels test-numa test-parallel test-slurm test-kubernetes test-thread-sanitizer test-address-sanitizer build manual install uninstall packages packages-numa packages-parallel packages-slurm packages-kubernetes packages-spin packages-kernels benchmark benchmark-states benchmark-spin docs clean

run: build
	@"$$($(SWIFT) build --show-bin-path)/mmrace" demo

test: packages words
	$(SWIFT) test

# Words that readers stumble over, in sources, tests and pages.
words:
	@Tests/words/run

# The patch-validation suite must fail here, and nothing else.
test-revert: packages
	$(SWIFT) test --scratch-path $(REVERT_SCRATCH) -Xcc -DMMRACE_REVERT_b5a8cad376ee

# The same for each revision of the history: some 40 minutes.
test-revisions: packages
	@SWIFT="$(SWIFT)" Tests/revisions/run

# git bisect run over a repository that is made for it.
test-git-bisect: packages
	@SWIFT="$(SWIFT)" Tests/git-bisect/run

# Random programs, source-DPOR against brute force, for SECONDS; SEED repeats; and the
# one search of the port that is too long for `make test`.  The tests run without
# `swift test`, so that a terminal is one to them.
fuzz: SECONDS = 60
fuzz: export MMRACE_FUZZ_SECONDS = $(SECONDS)
fuzz: export MMRACE_FUZZ_SEED = $(SEED)
fuzz: packages
	@$(SWIFT) build --build-tests
	@"$$($(SWIFT) build --show-bin-path)/mmracePackageTests.xctest" \
		--testing-library swift-testing --filter 'FuzzTests|outcomesOfTheLongestAreEqual'

# Every command within less and less memory, files, processes and time.
test-limits: packages
	@SWIFT="$(SWIFT)" Tests/limits/run

# Debian's kernel sources, as they are and with mistakes put in.
test-kernels: packages-kernels
	@SWIFT="$(SWIFT)" Tests/kernels/run

# The stress tests with a sanitizer in the harness; not in the port, which may
# race.  A report ends the process that it is about, mmrace or the tests, and
# fails.  XCTest has no tests here, and leaks; gold warns of each symbol.
test-thread-sanitizer: export TSAN_OPTIONS = halt_on_error=1:exitcode=66
test-address-sanitizer: export ASAN_OPTIONS = halt_on_error=1:exitcode=66:detect_leaks=1
test-address-sanitizer: export LSAN_OPTIONS = suppressions=$(CURDIR)/Tests/leaks.supp:print_suppressions=0
test-thread-sanitizer test-address-sanitizer: test-%-sanitizer: packages
	MMRACE_SANITIZE=$* $(SWIFT) test --sanitize=$* --scratch-path .build-$* \
		-Xswiftc -use-ld=lld --disable-xctest --filter '$(SANITIZED)'

# mmrace on a machine with two NUMA nodes, under qemu.
test-numa: packages-numa
	@SWIFT="$(SWIFT)" Tests/numa-vm/run

# The examples for many machines: with GNU parallel, a Slurm of this machine, and the
# manifest of Kubernetes without one.
test-parallel test-kubernetes: test-%: packages-%
	@SWIFT="$(SWIFT)" Tests/machines/$*

# 77: Slurm does not start here, which was said.
test-slurm: packages-slurm
	@SWIFT="$(SWIFT)" Tests/machines/slurm || [ $$? -eq 77 ]

# Compares the cache with an empty one after each of so many random edits; makes
# a hundredth of them in each tree that MMRACE_TREES names.
test-cache: EDITS = 10000
test-cache: packages
	MMRACE_CACHE_EDITS=$(EDITS) $(SWIFT) test --filter 'CachePropertyTests|RealTreeCacheTests'

build: packages
	$(SWIFT) build

# mmrace(1), made of --help by the argument parser's own tool.
MANUAL = .build/manual
manual: build
	$(SWIFT) build --product generate-manual
	mkdir -p $(MANUAL)
	cd "$$($(SWIFT) build --show-bin-path)" && ./generate-manual mmrace --output-directory "$(CURDIR)/$(MANUAL)"

# The parts of Sources that reports quote and kernel trees are built against, and
# what is made for the shells.
DATA = CMM CVcpu/include Tree/arch
BIN = $(DESTDIR)$(PREFIX)/bin
SHARE = $(DESTDIR)$(PREFIX)/share
BASH = $(SHARE)/bash-completion/completions/mmrace
ZSH = $(SHARE)/zsh/site-functions/_mmrace
FISH = $(SHARE)/fish/vendor_completions.d/mmrace.fish

# The program is not stripped: its reports take names and lines from its debug
# information.
install: manual
	rm -rf "$(SHARE)/mmrace"
	install -D -m 755 "$$($(SWIFT) build --show-bin-path)/mmrace" "$(BIN)/mmrace"
	for part in $(DATA); do \
		install -d "$(SHARE)/mmrace/$$part" && cp -R "Sources/$$part/." "$(SHARE)/mmrace/$$part" || exit 1; \
	done
	cp Docs/report.schema.json "$(SHARE)/mmrace/"
	chmod -R u=rwX,go=rX "$(SHARE)/mmrace"
	install -D -m 644 $(MANUAL)/mmrace.1 "$(SHARE)/man/man1/mmrace.1"
	install -D -m 644 /dev/null "$(BASH)" && "$(BIN)/mmrace" --generate-completion-script bash >"$(BASH)"
	install -D -m 644 /dev/null "$(ZSH)" && "$(BIN)/mmrace" --generate-completion-script zsh >"$(ZSH)"
	install -D -m 644 /dev/null "$(FISH)" && "$(BIN)/mmrace" --generate-completion-script fish >"$(FISH)"

uninstall:
	rm -rf "$(SHARE)/mmrace"
	rm -f "$(BIN)/mmrace" "$(SHARE)/man/man1/mmrace.1" "$(BASH)" "$(ZSH)" "$(FISH)"

# An installation, used by another user, with the sources hidden.
test-install: packages
	@SWIFT="$(SWIFT)" Tests/install/run

benchmark: packages
	cd Benchmarks && $(SWIFT) package --allow-writing-to-package-directory benchmark

# The pages of Benchmarks: the search of states, which takes half an hour, and Spin beside it.
benchmark-states: packages
	@$(SWIFT) build -c release --package-path Benchmarks --product States
	"$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/States" 30 10 >Benchmarks/states.md.new
	mv Benchmarks/states.md.new Benchmarks/states.md

benchmark-spin: packages-spin
	SWIFT="$(SWIFT)" Benchmarks/spin/run >Benchmarks/spin.md.new
	mv Benchmarks/spin.md.new Benchmarks/spin.md
	@cat Benchmarks/spin.md

# Pages of the modules' declarations, in .build/docs; a warning fails.
docs: build
	@SWIFT="$(SWIFT)" Docs/build

# Debian packages, with sudo when that is needed and there.
packages:
	@command -v $(SWIFT) >/dev/null 2>&1 || { \
		echo "make: no '$(SWIFT)' in PATH: install a Swift 6.1 toolchain or newer, or set SWIFT=/path/to/swift" >&2; \
		exit 1; }
	@missing=""; \
	for package in $(PACKAGES); do \
		dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null | grep -qx installed || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
		sudo=""; \
		if [ "$$(id -u)" -ne 0 ]; then \
			command -v sudo >/dev/null 2>&1 && sudo="sudo" || { \
				echo "make: these Debian packages are missing and there is no sudo; as root: apt-get install$$missing" >&2; \
				exit 1; }; \
		fi; \
		$$sudo apt-get update -q >/dev/null && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q $(APT_OPTIONS) $$missing >/dev/null || { \
			echo "make: could not install:$$missing" >&2; exit 1; }; \
	fi

# The packages that qemu recommends are a desktop.  The kernel is fetched, not installed.
packages-numa: packages
	@$(MAKE) --no-print-directory packages PACKAGES="$(NUMA_PACKAGES)" APT_OPTIONS=--no-install-recommends
	@Tests/numa-vm/kernel >/dev/null

packages-parallel: EXTRA = $(PARALLEL_PACKAGES)
packages-slurm: EXTRA = $(SLURM_PACKAGES)
packages-kubernetes: EXTRA = $(KUBERNETES_PACKAGES)
packages-spin: EXTRA = $(SPIN_PACKAGES)
packages-kernels: EXTRA = $(KERNELS_PACKAGES)
packages-parallel packages-slurm packages-kubernetes packages-spin packages-kernels: packages
	@$(MAKE) --no-print-directory packages PACKAGES="$(EXTRA)" APT_OPTIONS=--no-install-recommends

clean:
	rm -rf .build .build-kernels $(REVERT_SCRATCH) .build-revision .build-thread .build-address Benchmarks/.build
