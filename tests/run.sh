#!/usr/bin/env bash
# Builds everything, checks the format and runs the tests: "tests/run.sh" all but the long proofs, within 10 minutes on 2 cores;
# "tests/run.sh all" those too. SLOWEST=30 lists the 30 slowest tests of each project. Installs what the tests use where it may
# (PostgreSQL; Python's onnx and Pillow for independent checks of exported files and of images; Chromium for the page); without them
# those tests are skipped, visibly.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
  '') filter=(--filter 'Proof!=long') ;;
  all) filter=() ;;
  *) echo "usage: tests/run.sh [all]" >&2; exit 2 ;;
esac
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# Processes that live for seconds gain nothing from being watched by the compiler, nor from pages of code that are never writable and
# executable at once: the second is a tenth of a start.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }

missing=()
[ -x /usr/lib/postgresql/15/bin/initdb ] || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
/usr/bin/python3 -c 'import onnx' 2>/dev/null || missing+=(python3-onnx)
/usr/bin/python3 -c 'import PIL' 2>/dev/null || missing+=(python3-pil)
[ -x /usr/bin/chromium ] || [ -x /usr/bin/google-chrome ] || missing+=(chromium)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null \
      || echo "could not install ${missing[*]}: the tests that use them will be skipped"
  else
    echo "not installed: ${missing[*]}; the tests that use them will be skipped (apt-get install ${missing[*]})"
  fi
fi

for project in tests/CnnService.*.Tests; do
  case $project in
    */CnnService.Architecture.Tests | */CnnService.Core.Tests | */CnnService.Engine.Tests | */CnnService.Studio.Tests | */CnnService.Web.Tests) ;;
    *) echo "$project would not be run: name it in tests/run.sh" >&2; exit 1 ;;
  esac
done

dotnet restore CnnService.sln --locked-mode -v quiet
dotnet build CnnService.sln -c Release -v quiet --no-restore
# Analyzers and code style are errors of the build; what is left to check is the layout of the text.
echo "built; $SECONDS s since the start"
dotnet format whitespace CnnService.sln --verify-no-changes --no-restore
echo "format checked; $SECONDS s since the start"

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# run PROJECT: runs the tests of a project; its output and whether they failed are left in $logs.
run() {
  # Nearly each test of the web project has a service of its own, whose handlers are compiled anew and run once or twice: that they are
  # not optimized halves the time, and a fifth less goes by where garbage is collected rarely, and not beside the work. What computes is
  # tested in the other projects, as it is shipped.
  local runtime=()
  [ "$1" != Web ] || runtime=(DOTNET_JITMinOpts=1 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000)
  env "${runtime[@]}" dotnet test "tests/CnnService.$1.Tests" -c Release --no-build "${filter[@]}" \
    --logger "console;verbosity=normal" >"$logs/$1" 2>&1 || touch "$logs/$1.failed"
}

# report PROJECT: tells how its tests ended, and counts them.
passed=0 failed=0 skipped=0
report() {
  local log=$logs/$1 p f s
  grep -E '^\s*(Failed|Skipped) |Error Message|^\s+Assert|Passed!|Failed!' "$log" || true
  if ! grep -qE '^\s*Total tests:|Passed!|Failed!|Total:' "$log"; then
    cat "$log"
  fi
  count() { sed -nE "s/^ *$1: *([0-9]+).*/\1/p" "$log" | tail -n 1; }
  p=$(count Passed) f=$(count Failed) s=$(count Skipped)
  [ "${f:-0}" = 0 ] || { sed -n '/^  Failed /,/^  Passed /p' "$log" | head -n 200; } || true # head ends before sed has.
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  echo "CnnService.$1.Tests: ${p:-0} passed, ${f:-0} failed, ${s:-0} skipped; $SECONDS s since the start"
  if [ -n "${SLOWEST:-}" ]; then
    awk '/^  Passed / && match($0, /\[[^][]*\]$/) {
      text = substr($0, RSTART + 1, RLENGTH - 2); gsub(/< /, "", text); n = split(text, part, " "); s = 0
      for (i = 1; i < n; i += 2) s += part[i] * (part[i + 1] == "h" ? 3600 : part[i + 1] == "m" ? 60 : part[i + 1] == "s" ? 1 : 0.001)
      printf "%9.1f s  %s\n", s, substr($0, 10, RSTART - 11) }' "$log" | sort -rn | head -n "$SLOWEST" || true
  fi
}

# The engine's tests take one core, since libtorch's settings are the process's: the others run beside them.
set -m # In a process group of its own, which an interrupted run can end.
run Engine &
engine=$!
set +m
trap 'kill -KILL -- "-$engine" 2>/dev/null || true; rm -rf "$logs"' EXIT
for project in Architecture Core Studio Web; do run $project; report $project; done
wait
report Engine

echo "$passed passed, $failed failed, $skipped skipped"
[ "${1:-}" = all ] || echo "The long proofs were left out: tests/run.sh all runs them too."
[ "$passed" -gt 0 ] && [ "$failed" = 0 ] && ! compgen -G "$logs/*.failed" >/dev/null
