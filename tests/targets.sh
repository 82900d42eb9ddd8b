#!/usr/bin/env bash
# Checks that copydesk and its tests compile for systems that this machine is not: macOS, musl and 64-bit ARM.
#
# usage: tests/targets.sh [TARGET…]
#
# Takes the standard libraries from rustup where it has them or can fetch them. Elsewhere it installs Debian's
# compiler with its source (rustc-web, cargo-web, rust-web-src) and checks the standard library as well. Only types
# are checked, so no C compiler for these systems is needed. Prints SKIP with the reason where neither can be had.
set -euo pipefail
cd "$(dirname "$0")/.."

# Two that cover macOS, musl and ARM. x86_64 and gnu are checked by every build on Linux.
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(aarch64-apple-darwin aarch64-unknown-linux-musl)
names=()
for target in "${targets[@]}"; do names+=(--target "$target"); done

has_rustup_targets() {
  local target
  for target in "${targets[@]}"; do
    rustup target list --installed 2>/dev/null | grep -qx "$target" ||
      timeout 120 rustup target add "$target" >/dev/null 2>&1 || return 1
  done
}

# The source of the standard library, which only the compiler of the same version compiles.
has_debian_source() {
  local version
  version=$(/usr/bin/rustc --version 2>/dev/null | cut -d' ' -f2) && [ -d "/usr/src/rustc-$version/library/std" ]
}

install_debian_source() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  apt-get update -qq >/dev/null 2>&1 || true
  apt-get install -y -qq --no-install-recommends rustc-web cargo-web rust-web-src >/dev/null 2>&1
}

if has_rustup_targets; then
  check=(cargo check)
elif has_debian_source || { install_debian_source && has_debian_source; }; then
  # The compiler takes a standard library from source only where unstable options are allowed.
  check=(env RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc /usr/bin/cargo check -Z build-std=std,panic_abort,test)
else
  echo "SKIP ${targets[*]}: rustup cannot fetch their standard libraries, and Debian's rustc-web and rust-web-src cannot be installed"
  exit 0
fi
# Nothing is linked, so the C code of dependencies is not compiled either.
export CC=true AR=true CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/targets"
"${check[@]}" --locked --quiet --lib --bins --tests "${names[@]}"
echo "ok ${targets[*]}"
