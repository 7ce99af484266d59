# SPDX-License-Identifier: Apache-2.0
#
# One non-recursive Makefile. KIND is dev, release, asan (gcc) or clang, clang-asan; each builds into build/KIND.
#   make KIND=release            the program
#   make KIND=dev test           every unit test, program test and house check, run by prove
#   make KIND=dev unit-time      the unit tests of one room
#   make install PREFIX=/usr DESTDIR=...

# `make install` installs the release build unless told otherwise
KIND    ?= $(if $(filter install,$(MAKECMDGOALS)),release,dev)
BUILD   ?= build
B       := $(BUILD)/$(KIND)
PREFIX  ?= /usr/local
DESTDIR ?=
# make Q= shows the commands
Q       ?= @

CC_dev := gcc
CC_release := gcc
CC_asan := gcc
CC_clang := clang
CC_clang-asan := clang
CC_fuzz := clang
TENOR_CC := $(CC_$(KIND))
ifeq ($(TENOR_CC),)
$(error unknown KIND '$(KIND)': dev, release, asan, clang, clang-asan)
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wvla -Wwrite-strings -Wpointer-arith -Wcast-qual -Wcast-align -Wformat=2 -Wnull-dereference \
	-Wundef -Wswitch-enum -Wdouble-promotion -fno-common -Werror
WARN_gcc := -Wduplicated-cond -Wlogical-op -Warith-conversion
WARN_clang := -Wcomma -Wunreachable-code

SAN := -O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
HARD := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE
FLAGS_dev := -O1 -g -fPIE
FLAGS_release := $(HARD)
FLAGS_asan := $(SAN)
FLAGS_clang := -O2 -g -fPIE
FLAGS_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
# with counters of what ran, by which the fuzzers of a check find their way
FLAGS_clang-asan := $(SAN) -fsanitize=integer,implicit-conversion -fsanitize-coverage=inline-8bit-counters,pc-table
# gold, which comes with ld, links hundreds of tests a third quicker
LINK_dev := -pie -fuse-ld=gold
LINK_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
LINK_asan := -fsanitize=address,undefined
LINK_clang := -pie
LINK_fuzz := -fsanitize=address,undefined
LINK_clang-asan := -fsanitize=address,undefined,integer,implicit-conversion

PKGS := yaml-0.1 jansson libcrypto libarchive libical libsodium sqlite3 pangocairo pangofc cairo fontconfig libqpdf libxml-2.0 libmicrohttpd libseccomp liboath libqrencode zlib cjose libcurl
# Headers of libraries are theirs to warn about.
PKG_CFLAGS := $(patsubst -I%,-isystem%,$(shell pkg-config --cflags $(PKGS) 2>/dev/null))
# libunistring and libcsv have no .pc file in Debian 12.
# Those of LATE are loaded by the commands that need them (src/base/late.h).
LATE := pangocairo pangofc cairo fontconfig libqpdf libmicrohttpd libcurl
LIBS := $(shell pkg-config --libs $(filter-out $(LATE),$(PKGS)) 2>/dev/null) -lcsv -lunistring

VERSION := 0.1.0
CPPFLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -Isrc -Itests -I$(B)/gen $(PKG_CFLAGS) -DTENOR_VERSION='"$(VERSION)"'
CFLAGS := $(WARN) $(WARN_$(TENOR_CC)) $(FLAGS_$(KIND))
# In every build but the release a call that the jail does not know stops the process with its name (trust.md X3).
CPPFLAGS += $(if $(filter release,$(KIND)),,-DTENOR_TRAP)

# The house, from the ground up. A room links with the rooms before it; tools/check-house.py has the floors.
ROOMS := base time money facts terms engine journal render store app http link web cli
LIBS_OF = $(patsubst %,$(B)/lib/%.a,$(1))

all: $(B)/tenor

define room
SRC_$(1) := $$(filter-out src/cli/main.c,$$(wildcard src/$(1)/*.c))
OBJ_$(1) := $$(patsubst src/%.c,$(B)/obj/%.o,$$(SRC_$(1)))
$(B)/lib/$(1).a: $$(OBJ_$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcs $$@ $$(OBJ_$(1))
UNIT_SRC_$(1) := $$(wildcard tests/unit/$(1)/test_*.c)
UNIT_$(1) := $$(patsubst tests/unit/%.c,$(B)/unit/%,$$(UNIT_SRC_$(1)))
BELOW_$(1) := $$(filter-out $$(if $$(filter money,$(1)),time),$$(call upto,$(1),$(ROOMS)))
$$(UNIT_$(1)): $(B)/unit/%: tests/unit/%.c tests/tap.h $$(call LIBS_OF,$$(BELOW_$(1)))
	@mkdir -p $$(@D)
	@echo '  $(TENOR_CC) $$<'
	$$(Q)$$(TENOR_CC) $$(CPPFLAGS) $$(CFLAGS) -MMD -MP -MF $$@.d -o $$@ $$< -Wl,--start-group $$(call LIBS_OF,$$(BELOW_$(1))) -Wl,--end-group $$(LIBS) $$(LINK_$(KIND))
unit-$(1): $$(UNIT_$(1))
	prove -e '' $$(UNIT_$(1))
endef
# words of the list $(2) up to and with $(1)
upto = $(if $(filter $(firstword $(2)),$(1)),$(1),$(firstword $(2)) $(call upto,$(1),$(wordlist 2,99,$(2))))
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

# base and the back ends of the store may allocate; everybody else goes through base.
$(B)/obj/base/%.o: CPPFLAGS += -DTENOR_MAY_ALLOCATE
$(B)/obj/store/%.o: CPPFLAGS += -DTENOR_MAY_ALLOCATE

# starter contracts, compiled in
STARTERS := $(wildcard contracts/starters/*.yaml)
$(B)/gen/starters.inc: tools/embed.py $(STARTERS)
	@mkdir -p $(@D)
	@python3 tools/embed.py starter $@ $(STARTERS)
$(B)/obj/app/starters.o: $(B)/gen/starters.inc

# which terms lie under which
$(B)/gen/terms_index.inc: tools/terms-index.py src/terms/terms.def
	@mkdir -p $(@D)
	@python3 tools/terms-index.py src/terms/terms.def $@
$(B)/obj/terms/table.o: $(B)/gen/terms_index.inc

# which sources it is made of
SOURCES := $(sort $(wildcard src/*/*.c src/*/*.h src/*/*.def))
$(B)/gen/engine_sources.inc: $(SOURCES)
	@mkdir -p $(@D)
	@printf '"%s"\n' "$$(cat $(SOURCES) | sha256sum | cut -c1-64)" > $@
$(B)/obj/engine/version.o: $(B)/gen/engine_sources.inc

# style, script and icon of the pages, compiled in
ASSETS := $(wildcard src/web/assets/*)
$(B)/gen/assets.inc: tools/embed.py $(ASSETS)
	@mkdir -p $(@D)
	@python3 tools/embed.py asset $@ $(ASSETS)
$(B)/obj/web/assets.o: $(B)/gen/assets.inc

# calls of libraries that are loaded late
$(B)/gen/%_calls.h: src/%_calls.def tools/late.py
	@python3 tools/late.py $< $@
$(OBJ_render): $(B)/gen/render/pdf_calls.h
$(B)/obj/http/worker.o $(B)/obj/http/waiting.o: $(B)/gen/http/mhd_calls.h
$(B)/obj/link/outside.o $(B)/obj/link/mail.o: $(B)/gen/link/curl_calls.h

$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	@echo '  $(TENOR_CC) $<'
	$(Q)$(TENOR_CC) $(CPPFLAGS) $(CFLAGS) -include base/banned.h -MMD -MP -c -o $@ $<

$(B)/tenor: $(B)/obj/cli/main.o $(call LIBS_OF,$(ROOMS))
	@echo '  link $@'
	$(Q)$(TENOR_CC) $(CFLAGS) -o $@ $< -Wl,--start-group $(call LIBS_OF,$(ROOMS)) -Wl,--end-group $(LIBS) $(LINK_$(KIND))

# The program with a clock and random bytes that a test sets; see tests/world/main.c.
$(B)/tenor-world: tests/world/main.c $(call LIBS_OF,$(ROOMS))
	@echo '  link $@'
	$(Q)$(TENOR_CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $@.d -o $@ $< -Wl,--start-group $(call LIBS_OF,$(ROOMS)) -Wl,--end-group $(LIBS) $(LINK_$(KIND))
world: $(B)/tenor-world

# The deterministic simulator (trust.md V4); see tests/sim/sim.h.
SIM_SRC := $(wildcard tests/sim/*.c)
$(B)/sim: $(SIM_SRC) tests/unit/store/vfs_record.c tests/unit/store/vfs_record.h $(wildcard tests/sim/*.h) $(call LIBS_OF,$(ROOMS))
	@echo '  link $@'
	$(Q)$(TENOR_CC) $(CPPFLAGS) $(CFLAGS) -o $@ $(SIM_SRC) -Wl,--start-group $(call LIBS_OF,$(ROOMS)) -Wl,--end-group $(LIBS) $(LINK_$(KIND))
sim: $(B)/sim

# Many histories in one process, a hash each (trust.md R6); see tests/bytes/bytes.h. Disk and folder are the simulator's.
BYTES_SRC := $(wildcard tests/bytes/*.c) tests/sim/sim_disk.c tests/sim/scratch.c
$(B)/bytes: $(BYTES_SRC) $(wildcard tests/bytes/*.h) tests/sim/sim_disk.h tests/sim/scratch.h tests/unit/store/vfs_record.c tests/unit/store/vfs_record.h $(call LIBS_OF,$(ROOMS))
	@echo '  link $@'
	$(Q)$(TENOR_CC) $(CPPFLAGS) $(CFLAGS) -o $@ $(BYTES_SRC) -Wl,--start-group $(call LIBS_OF,$(ROOMS)) -Wl,--end-group $(LIBS) $(LINK_$(KIND))
bytes: $(B)/bytes

# A server with a site of a few lines, for the tests and benches of src/http; see tests/http/stand.c.
$(B)/stand: tests/http/stand.c $(call LIBS_OF,$(call upto,http,$(ROOMS)))
	@echo '  link $@'
	$(Q)$(TENOR_CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $@.d -o $@ $< -Wl,--start-group $(call LIBS_OF,$(call upto,http,$(ROOMS))) -Wl,--end-group $(LIBS) $(LINK_$(KIND))
stand: $(B)/stand

# The API alone behind the real server and the real door; see tests/http/api_stand.c.
$(B)/api-stand: tests/http/api_stand.c $(call LIBS_OF,$(call upto,http,$(ROOMS)))
	@echo '  link $@'
	$(Q)$(TENOR_CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $@.d -o $@ $< -Wl,--start-group $(call LIBS_OF,$(call upto,http,$(ROOMS))) -Wl,--end-group $(LIBS) $(LINK_$(KIND))
api-stand: $(B)/api-stand

# what the long rows of trust.md section 8 are run with
campaigns: $(B)/sim $(B)/bytes $(B)/tenor-world $(B)/unit/store/test_power_loss $(B)/unit/journal/test_merkle_mutated

# --- fuzz targets: with libFuzzer in KIND=fuzz and, quicker built and less curious, in KIND=clang-asan; replaying their corpus in any kind ---
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
replay: $(FUZZ:%=$(B)/replay/%)
fuzzers: $(FUZZ:%=$(B)/fuzz/%)
$(B)/replay/%: tests/fuzz/%.c tests/fuzz/replay.c $(call LIBS_OF,$(ROOMS))
	@mkdir -p $(@D)
	@echo '  $(TENOR_CC) $<'
	$(Q)$(TENOR_CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< tests/fuzz/replay.c -Wl,--start-group $(call LIBS_OF,$(ROOMS)) -Wl,--end-group $(LIBS) $(LINK_$(KIND))
$(B)/fuzz/%: tests/fuzz/%.c $(call LIBS_OF,$(ROOMS))
	@mkdir -p $(@D)
	@echo '  $(TENOR_CC) $<'
	$(Q)$(TENOR_CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< -Wl,--start-group $(call LIBS_OF,$(ROOMS)) -Wl,--end-group $(LIBS) -fsanitize=fuzzer $(LINK_$(KIND))

# --- benches ---
BENCH := $(patsubst bench/%.c,%,$(wildcard bench/bench_*.c))
benches: $(BENCH:%=$(B)/bench/%) $(B)/stand
$(B)/bench/bench_http: LIBS += $(shell pkg-config --libs libmicrohttpd)
$(B)/bench/bench_clocks $(B)/bench/bench_backtest: bench/tickets.c bench/tickets.h
$(B)/bench/bench_invoices: bench/invoices.c bench/invoices.h bench/tickets.c bench/tickets.h
$(B)/bench/bench_rating: bench/tickets.c bench/tickets.h
$(B)/bench/%: bench/%.c $(call LIBS_OF,$(ROOMS))
	@mkdir -p $(@D)
	@echo '  $(TENOR_CC) $<'
	$(Q)$(TENOR_CC) $(CPPFLAGS) $(filter-out -Wdouble-promotion,$(CFLAGS)) -o $@ $(filter %.c,$^) -Wl,--start-group $(call LIBS_OF,$(ROOMS)) -Wl,--end-group $(LIBS) $(LINK_$(KIND))

# --- installing: what a package needs ---
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/doc/tenor \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d $(DESTDIR)$(PREFIX)/share/tenor/contracts
	install -m 755 $(B)/tenor $(DESTDIR)$(PREFIX)/bin/tenor
	$(B)/tenor man > $(DESTDIR)$(PREFIX)/share/man/man1/tenor.1
	$(B)/tenor completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/tenor
	$(B)/tenor completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_tenor
	$(B)/tenor completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/tenor.fish
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/tenor
	cp -R contracts/. $(DESTDIR)$(PREFIX)/share/tenor/contracts

units: $(foreach r,$(ROOMS),$(UNIT_$(r))) $(B)/tenor-world $(B)/stand $(B)/api-stand

-include $(foreach r,$(ROOMS),$(OBJ_$(r):.o=.d)) $(B)/obj/cli/main.d
-include $(foreach r,$(ROOMS),$(addsuffix .d,$(UNIT_$(r))))

clean:
	rm -rf $(BUILD)

.PHONY: all units world stand api-stand sim bytes campaigns clean replay fuzzers benches install $(addprefix unit-,$(ROOMS))
.DELETE_ON_ERROR:
