#!/usr/bin/env bash
# Whether every library that the ones in some folders need is to be had where they will run.
#   check-libraries.sh LIST FOLDER...      LIST: a file with the names of the libraries that are there besides, one a line
#   check-libraries.sh --here FOLDER...    on this host: whatever the dynamic loader does not find is missing, the driver's apart
# Prints each missing library with a file that needs it and ends with 1; 0 if none is missing. Needs ldd.
set -euo pipefail
list=${1:?a list of libraries, or --here} ; shift
[ $# -gt 0 ] || { echo "which folders?" >&2; exit 2; }
driver='libcuda\.so\.1|libnvidia-ml\.so\.1'
# Loaded by name at the first convolution, so that ldd does not see it.
late_needer=libonnxruntime_providers_cuda.so late=libcudnn.so.9

files=() ; while IFS= read -r file; do files+=("$file"); done < <(
  find "$@" -type f -name '*.so*' ! -name 'nvshmem_*' ! -name 'libcufile_rdma*' | sort) # Those are for clusters, and need their libraries.
[ ${#files[@]} -gt 0 ] || { echo "there is no library in $*" >&2; exit 2; }
own=$(printf '%s\n' "${files[@]##*/}")

needs() { # the names that a file needs: "name found|missing"
  { ldd "$1" 2>/dev/null || true; } | sed -nE 's/^\s+(\S+) => not found.*/\1 missing/p; s/^\s+(\S+) => \/.*/\1 found/p; s/^\s+\/\S*\/(\S+) \(.*/\1 found/p'
  [ "${1##*/}" != "$late_needer" ] || { ldconfig -p | grep -q "$late " && echo "$late found" || echo "$late missing"; }
}
has() {
  grep -qxF "$1" <<<"$own" && return 0
  [ "$list" = --here ] || { grep -qxF "$1" "$list" ; return; }
  [ "$2" = found ] || [[ $1 =~ ^($driver)$ ]]
}

declare -A reported=()
for file in "${files[@]}"; do
  while read -r name state; do
    [ -n "${reported[$name]:-}" ] || has "$name" "$state" || { reported[$name]=1; echo "missing: $name, needed by $file"; }
  done < <(needs "$file")
done
[ ${#reported[@]} = 0 ] && echo "${#files[@]} files have all they need"
