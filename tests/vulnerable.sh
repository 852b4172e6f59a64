#!/usr/bin/env bash
# Asks the package registry for known vulnerabilities of all packages, direct and transitive. Needs the network.
# Ends with 0: none known, 1: some (they are listed), 2: the registry could not be asked, or does not tell.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
unknown() { echo "Not known whether packages are vulnerable: $1" >&2; exit 2; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet restore CnnService.sln -v quiet >"$log" 2>&1 || { cat "$log" >&2; unknown 'the packages could not be restored.'; }
dotnet list CnnService.sln package --vulnerable --include-transitive >"$log" 2>&1 \
  || { cat "$log" >&2; unknown 'the registry could not be reached.'; }
cat "$log"
grep -q 'has the following vulnerable packages' "$log" && exit 1
grep -qE 'NU1900|Unable to load the service index|does not provide|No vulnerability' "$log" && unknown 'the registry does not tell.'
grep -q 'has no vulnerable packages given the current sources' "$log" || unknown 'the answer was not understood.'

# The command says "no vulnerable packages" of a registry without a list of vulnerabilities too.
while read -r source; do
  curl -fsS --max-time 20 "$source" 2>/dev/null | grep -q 'VulnerabilityInfo' && exit 0
done < <(dotnet nuget list source --format short | sed -n 's/^E \(http\)/\1/p')
unknown 'no registry in use has a list of vulnerabilities (VulnerabilityInfo).'
