#!/usr/bin/env bash
# Checks and figures of a machine with an NVIDIA GPU that is lent for minutes: no .NET there, no network, but Python's PyTorch.
# Everything is packed here first; a call may take 64 MiB along, the repository's own files and one of the two packages, and every step of
# it goes on where another fails.
#   gpu.sh build                   packs the service and the benchmarks, without libtorch: .gpu-build/service.tar.xz, for the first call
#   gpu.sh pictures DATA [PEER.py] packs train/, the first 60 of each class of validation/ and the peer: .gpu-build/pictures.tar, for the second
#   gpu.sh checks                  first call: what the machine has, whether it computes what a processor does, patterns (260 s)
#   gpu.sh figures                 second call: speed against PyTorch with its data on the device, and as the peer, and time to an accuracy (480 s)
# OUT (or ./gpu-out): JSON lines in steps.jsonl and checks.jsonl, which are printed too, and the logs of the steps in one archive. Ends with 1
# where a step failed. PATIENCE=n: n times the time of each step. Serving is checked on the processor only: ONNX Runtime's library for GPUs,
# 284 MB, does not fit into a call.
# Without a GPU, and without Python's torch, DEVICE=cpu TORCH_LIBRARIES=folder rehearses both, and DEVICE=lazy the first: on a device that
# refuses tensors of the processor, as a GPU does.
set -uo pipefail
cd "$(dirname "$0")/../.."
packed=.gpu-build device=${DEVICE:-cuda} out=${OUT:-gpu-out} failed=0
mkdir -p "$packed"

fits() { # a file, beside the repository's own files, in one call
  local size most ; size=$(stat -c %s "$1")
  most=$((64 * 1024 * 1024 - 1024 * 1024 - $(git ls-files -z --cached --others --exclude-standard | xargs -0 stat -c %s | awk '{s += $1} END {print s}')))
  echo "$1: $size bytes"
  [ "$size" -le "$most" ] || { echo "$1 is too large for one call: $most bytes" >&2; return 1; }
}

build() {
  command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed to build." >&2; return 1; }
  local work project ; work=$(mktemp -d)
  # Copied sources: a restore for another libtorch would undo the one of this checkout.
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work" || return 1
  for project in src/CnnService.Web tests/CnnService.Benchmarks; do
    dotnet publish "$work/$project" -c Release -r linux-x64 --self-contained -p:Libtorch=host -p:SatelliteResourceLanguages=en \
      -p:RunAnalyzers=false -p:PretrainedStarts=none -p:CreateHardLinksForPublishFilesIfPossible=false -v quiet -o "$work/out" || return 1
  done
  # Neither the page nor what serves debuggers or another system is of use there.
  rm -rf "$work"/out/*.pdb "$work"/out/*.xml "$work"/out/wwwroot "$work"/out/libmscor* "$work"/out/onnxruntime.dll
  tar -C "$work/out" -c . | xz -6 -T0 >"$packed/service.tar.xz" || return 1
  rm -rf "$work"
  fits "$packed/service.tar.xz"
}

pictures() {
  local data=${1:?a folder with train/<class> and validation/<class>} peer=${2:-} class list ; list=$(mktemp)
  (cd "$data" && find train -type f | sort && for class in validation/*/; do find "$class" -type f | sort | head -n 60; done) >"$list"
  tar -C "$data" -cf "$packed/pictures.tar" -T "$list" && rm -f "$list" || return 1
  [ -z "$peer" ] || tar -C "$(dirname "$peer")" -rf "$packed/pictures.tar" --transform 's|.*|peer.py|' "$(basename "$peer")" || return 1
  fits "$packed/pictures.tar"
}

# step NAME SECONDS COMMAND…: its output in NAME.log, a line in steps.jsonl, whatever happens.
step() {
  local name=$1 limit=$2 start rc ; shift 2
  start=$(date +%s.%N)
  timeout -k 5 "$((limit * ${PATIENCE:-1}))" "$@" >"$out/$name.log" 2>&1 ; rc=$?
  pkill -KILL -f "$app/" # What a step that ran out of time has left would have the device beside the next one.
  [ "$rc" = 0 ] || failed=1
  sed -nE 's/^\{"(check|epoch|torch)"/{"step":"'"$name"'","\1"/p' "$out/$name.log" >>"$out/checks.jsonl"
  printf '{"step":"%s","rc":%d,"seconds":%.1f}\n' "$name" "$rc" "$(echo "$(date +%s.%N) $start" | awk '{print $1 - $2}')" | tee -a "$out/steps.jsonl"
  return 0
}

unpack() {
  mkdir -p "$out"
  app=$(mktemp -d) ; trap 'rm -rf "$app"' EXIT
  [ -f "$packed/service.tar.xz" ] || { echo "$packed/service.tar.xz is missing: gpu.sh build" >&2; exit 1; }
  tar -C "$app" -xJf "$packed/service.tar.xz" || python3 -m tarfile -e "$packed/service.tar.xz" "$app" \
    || { echo "$packed/service.tar.xz cannot be unpacked" >&2; exit 1; }
  libraries=${TORCH_LIBRARIES:-$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null)}
  [ -n "$libraries" ] || { echo "Neither Python's torch nor TORCH_LIBRARIES is here." >&2; exit 1; }
  export Torch__LibraryPath=$libraries CNNSERVICE_EXECUTABLE=$app/CnnService.Web
  binding=$(find "$app" -name libLibTorchSharp.so | head -n 1)
}

text_of() { # a function as a program of its own, which a time limit can end
  declare -f "$1" ; printf 'libraries=%q binding=%q\n%s\n' "$libraries" "$binding" "$1"
}
machine() {
  nvidia-smi ; nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv
  python3 -c 'import torch; print("PyTorch", torch.__version__, "CUDA", torch.version.cuda, "cuDNN", torch.backends.cudnn.version(), torch.cuda.is_available())'
  nproc ; ldd --version | head -n 1 ; ldconfig -p | grep libssl || echo "libssl is missing: .NET needs it" ; df -h /dev/shm /tmp ; ls -la "$libraries"
}
binding_resolves() { # every symbol of the binding, against the host's libraries; then bound at once
  LD_LIBRARY_PATH=$libraries ldd -r "$binding" 2>&1 | grep -E 'undefined symbol|=> not found' | grep -v ios_base_library_initv && return 1
  echo "all symbols are there"
  LD_LIBRARY_PATH=$libraries LD_BIND_NOW=1 python3 -c "import ctypes; ctypes.CDLL('$binding', mode=2)" 2>&1 | tail -n 1
  return 0 # An older C++ library refuses it as it is shipped; the program then loads a copy.
}

finish() { # few files, since few come back
  tar -C "$out" -czf "$out/logs.tar.gz" $(cd "$out" && ls -- *.log) && rm -f "$out"/*.log
  cut -c1-240 "$out/checks.jsonl"
  exit "$failed"
}

checks() {
  unpack
  step machine 30 bash -c "$(text_of machine)"
  step binding 30 bash -c "$(text_of binding_resolves)"
  step gpu-check "${CHECK_SECONDS:-150}" "$app/CnnService.Benchmarks" gpu-check --device "$device" --libraries "$libraries"
  step patterns "${PATTERN_SECONDS:-60}" "$app/CnnService.Benchmarks" gpu-patterns --device "$device" --libraries "$libraries" \
    ${PATTERN_ARGUMENTS:-}
  finish
}

figures() {
  unpack ; data=$(mktemp -d) ; trap 'rm -rf "$app" "$data"' EXIT
  tar -C "$data" -xf "$packed/pictures.tar" || { echo "$packed/pictures.tar is missing: gpu.sh pictures DATA" >&2; exit 1; }
  local resident=tests/CnnService.Benchmarks/Gpu/resident_peer.py peer=$data/peer.py
  python3 -c 'import torch, torchvision' 2>/dev/null || resident=
  [ -n "$resident" ] && [ -f "$peer" ] || peer=
  local batch of_peer=${PEER_ARGUMENTS:---device cuda --amp bf16 --channels-last --workers 8}
  step ours-32 60 "$app/CnnService.Benchmarks" train-speed "$data" --batch-size 32 --epochs "${EPOCHS:-6}" --device "$device"
  step accuracy "${ACCURACY_SECONDS:-100}" "$app/CnnService.Benchmarks" accuracy "$data" --seeds 42 --epochs show --wanted "${WANTED:-0.81}" \
    --request "${REQUEST:-{\"epochs\":60,\"augmentation\":\"article\",\"device\":\"$device\",\"optimizer\":{\"learningRate\":0.0003\}\}}"
  for batch in ${BATCHES:-32 256}; do
    [ "$batch" = 32 ] || step "ours-$batch" 60 "$app/CnnService.Benchmarks" train-speed "$data" --batch-size "$batch" --epochs "${EPOCHS:-6}" --device "$device"
    [ -z "$resident" ] || step "peer-resident-$batch" 75 python3 "$resident" "$data" --epochs "${EPOCHS:-6}" --batch "$batch" $of_peer ${PEER_COMPILE---compile}
  done
  [ -z "$peer" ] || step peer-32 45 python3 "$peer" "$data" --epochs "${EPOCHS:-6}" --batch 32 $of_peer
  [ -z "$peer" ] || step peer-compiled-32 65 python3 "$peer" "$data" --epochs "${EPOCHS:-6}" --batch 32 $of_peer ${PEER_COMPILE---compile}
  finish
}

case "${1:-}" in
  build) build ;;
  pictures) pictures "${2:-}" "${3:-}" ;;
  checks) checks ;;
  figures) figures ;;
  *) sed -n '2,16p' "$0" >&2 ; exit 2 ;;
esac
