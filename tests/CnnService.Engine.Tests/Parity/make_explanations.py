"""Writes explanations.json: Grad-CAM, saliency and integrated gradients of a small network, by PyTorch's autograd.

Run with Debian's python3-torch: python3 make_explanations.py > explanations.json
Weights and image are formulas of their place, so that nothing has to be stored: value(i, k) below.
"""
import json
import math

import numpy as np
import torch
import torch.nn.functional as F

SIDE, MAPS, CLASSES, STEPS = 12, 5, 3, 16


def value(count, key, scale):
    """A reproducible spread of numbers in -scale..scale: the fraction of a sine's large multiple."""
    return torch.tensor([scale * (2 * math.modf(abs(math.sin(12.9898 * (i + 1) + 78.233 * key)) * 4096)[0] - 1) for i in range(count)], dtype=torch.float64)


w1 = value(MAPS * 27, 1, 0.5).reshape(MAPS, 3, 3, 3)
b1 = value(MAPS, 2, 0.1)
w2 = value(MAPS * MAPS * 9, 3, 0.4).reshape(MAPS, MAPS, 3, 3)
b2 = value(MAPS, 4, 0.1)
w3 = value(CLASSES * MAPS * 9, 5, 0.5).reshape(CLASSES, MAPS * 9)
b3 = value(CLASSES, 6, 0.1)
pixels = torch.tensor([(i * i * 7 + i * 31) % 256 for i in range(SIDE * SIDE * 3)], dtype=torch.float64).reshape(SIDE, SIDE, 3)
x = (pixels / 255).permute(2, 0, 1)[None]


def forward(image):
    a = F.max_pool2d(F.relu(F.conv2d(image, w1, b1, padding=1)), 3, 2, 1)
    maps = F.relu(F.conv2d(a, w2, b2, padding=1))
    return F.linear(F.max_pool2d(maps, 2).flatten(1), w3, b3), maps


def gradient(image, index):
    image = image.clone().requires_grad_(True)
    return torch.autograd.grad(forward(image)[0][:, index].sum(), image)[0]


result = {"logits": forward(x)[0][0].tolist(), "classes": []}
nodes, weights = np.polynomial.legendre.leggauss(STEPS)
base = torch.full_like(x, 0.45)
for index in range(CLASSES):
    image = x.clone().requires_grad_(True)
    logits, maps = forward(image)
    by_maps = torch.autograd.grad(logits[0, index], maps)[0]
    cam = F.relu((by_maps.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True)).detach()
    cam = F.interpolate(cam, (SIDE, SIDE), mode="bilinear", align_corners=False)[0, 0]
    hires = F.relu((by_maps * maps).sum(1, keepdim=True)).detach()
    hires = F.interpolate(hires, (SIDE, SIDE), mode="bilinear", align_corners=False)[0, 0]
    mean = sum(w / 2 * gradient(base + (n + 1) / 2 * (x - base), index) for n, w in zip(nodes, weights))
    result["classes"].append({
        "grad-cam": [round(v, 8) for v in cam.flatten().tolist()],
        "hires-cam": [round(v, 8) for v in hires.flatten().tolist()],
        "saliency": [round(v, 8) for v in gradient(x, index).abs().amax(1).flatten().tolist()],
        "integrated-gradients": [round(v, 8) for v in ((x - base) * mean).sum(1).flatten().tolist()],
    })
print(json.dumps(result, separators=(",", ":")))
