#!/usr/bin/env python3
"""Writes augmentation.safetensors: images, and what PyTorch and torchvision make of them.

Run with Debian's python3, python3-torch (1.13) and python3-torchvision. The maps go from output to input pixels, six numbers
as CnnService.Core.Datasets.AffineMap has them: XX, XY, X, YX, YY, Y.
"""
import json
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F
import torchvision.transforms.functional as V

rng = np.random.default_rng(7)
height, width = 11, 14
tensors = {"image": torch.tensor(rng.integers(0, 256, (3, height, width)).astype(np.float32))}
maps = [
    [1, 0, 0, 0, 1, 0],
    [1, 0, 2.25, 0, 1, -3.5],
    [0.8, 0.6, -1.5, -0.6, 0.8, 4.75],
    [1.3, 0.2, -9, 0.1, 0.7, 8],
]
tensors["maps"] = torch.tensor(maps)
for name, mode in (("edge", "border"), ("reflect", "reflection"), ("zeros", "zeros")):
    out = []
    for xx, xy, x, yx, yy, y in maps:
        # On the scale of affine_grid, -1 and 1 are the outer edges: pixel p lies at (2p + 1) / side - 1.
        theta = torch.tensor([[
            [xx, xy * height / width, (xx * (width - 1) + xy * (height - 1) + 2 * x + 1) / width - 1],
            [yx * width / height, yy, (yx * (width - 1) + yy * (height - 1) + 2 * y + 1) / height - 1],
        ]], dtype=torch.float64)
        grid = F.affine_grid(theta, (1, 3, height, width), align_corners=False)
        source = tensors["image"][None].double()
        out.append(F.grid_sample(source, grid, mode="bilinear", padding_mode=mode, align_corners=False)[0].float())
    tensors[f"warped/{name}"] = torch.stack(out)

# Values from the middle, so that nothing is held to 0 or 1 between the three. torchvision's grey is 0.2989, 0.587, 0.114.
pale = torch.tensor(rng.integers(90, 140, (3, height, width)).astype(np.float32))
factors = [[1.1, 0.8, 1.2], [0.9, 1.3, 0.5], [1, 1, 0], [1.2, 1, 1], [1, 0.4, 1]]
tensors["pale"], tensors["factors"] = pale, torch.tensor(factors)
tensors["coloured"] = torch.stack([
    V.adjust_saturation(V.adjust_contrast(V.adjust_brightness(pale / 255, b), c), s) * 255 for b, c, s in factors])

header, data = {}, b""
for key, value in tensors.items():
    raw = value.detach().contiguous().numpy().astype("<f4").tobytes()
    header[key] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "augmentation.safetensors")
with open(path, "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
print(f"{os.path.getsize(path)} bytes, PyTorch {torch.__version__}")
