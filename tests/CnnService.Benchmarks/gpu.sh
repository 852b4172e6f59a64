#!/usr/bin/env bash
# The figures of a machine with an NVIDIA GPU, with its own PyTorch libraries (Python's torch 2.10).
#   bash tests/CnnService.Benchmarks/gpu.sh DATA PEER.py       builds if need be, then measures
#   bash tests/CnnService.Benchmarks/gpu.sh build              builds only: .gpu-build/service.tar.xz is all that a machine without the SDK needs
# DATA holds train/<class> and validation/<class>; PEER.py prints one JSON line an epoch.
set -euo pipefail
cd "$(dirname "$0")/../.."
packed=.gpu-build/service.tar.xz

if [ ! -f "$packed" ] || [ "${1:-}" = build ]; then
  command -v dotnet >/dev/null || { echo "Neither $packed nor the .NET 10 SDK is here." >&2; exit 1; }
  # Copied sources: a restore for another accelerator would undo the one of this checkout.
  work=$(mktemp -d)
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work"
  for project in src/CnnService.Web tests/CnnService.Benchmarks; do
    dotnet publish "$work/$project" -c Release -r linux-x64 --self-contained -p:Accelerator=host -v quiet -o "$work/out"
  done
  mkdir -p "$(dirname "$packed")" && tar -C "$work/out" -cJf "$packed" .
  rm -rf "$work"
fi
[ "${1:-}" != build ] || { du -h "$packed"; exit 0; }

data=${1:?a folder with train/<class> and validation/<class>} peer=${2:?the file of the PyTorch program}
libraries=$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))') \
  || { echo "Python's torch is needed: its libraries drive the GPU." >&2; exit 1; }
python3 -c 'import torch, sys; print("PyTorch", torch.__version__, torch.cuda.get_device_name() if torch.cuda.is_available() else "without a GPU")'
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
tar -C "$unpacked" -xJf "$packed"
export Torch__LibraryPath=$libraries CNNSERVICE_EXECUTABLE=$unpacked/CnnService.Web
run() { "$unpacked/CnnService.Benchmarks" "$@"; }

run against-pytorch "$data" "$peer" --rounds 3 --epochs 5 --augmentation article --python python3 \
  --peer-arguments "--device cuda --amp bf16 --channels-last --compile --workers 8"
run accuracy "$data" --seeds 42,43,44 --wanted 0.81 \
  --request '{"epochs":60,"augmentation":"article","device":"cuda","optimizer":{"learningRate":0.0003}}'
