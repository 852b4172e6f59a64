#!/usr/bin/env python3
"""The fastest that PyTorch trains the article's network: every image decoded once and kept as bytes on the device, as TorchTrainer keeps
them, so that no loader stands in the way and what is compared is the steps.

    resident_peer.py DATA [--epochs N] [--batch N] [--device cpu|cuda] [--amp bf16] [--channels-last] [--compile] [--threads N] [--workers N]

DATA holds train/<class>/*.jpg and validation/<class>/*.jpg; only train/ is read. Prints a JSON line an epoch (seconds, images/s, loss)
and one at the end: the median images/s of the epochs after the first, in which libraries look for their fastest kernels and compile.
"""
import argparse
import json
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import nn
from torch.nn import functional
from torchvision import datasets, transforms

SIDE = 150


def network():
    layers, channels = [], 3
    for filters in (32, 64, 128, 128):
        layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    cells = (SIDE // 16) ** 2
    return nn.Sequential(
        *layers, nn.Flatten(), nn.Dropout(0.5), nn.Linear(channels * cells, 512), nn.ReLU(), nn.Linear(512, 128), nn.ReLU(),
        nn.Linear(128, 1))


def decode(folder, workers):
    """All images of a folder of classes: [N,3,H,W] bytes, and [N,1] labels."""
    images = datasets.ImageFolder(folder, transforms.Compose([transforms.Resize((SIDE, SIDE)), transforms.PILToTensor()]))
    with ThreadPoolExecutor(workers) as pool:  # Processes would hand the pixels over in /dev/shm, which containers have little of.
        pairs = list(pool.map(images.__getitem__, range(len(images))))
    return torch.stack([pixels for pixels, _ in pairs]), torch.tensor([label for _, label in pairs]).float().unsqueeze(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--amp", choices=["bf16"])
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--workers", type=int, default=8)
    asked = parser.parse_args()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    torch.manual_seed(0)
    on_gpu = asked.device == "cuda"
    torch.backends.cudnn.benchmark = on_gpu
    pixels, labels = (part.to(asked.device) for part in decode(os.path.join(asked.data, "train"), asked.workers))
    layout = torch.channels_last if asked.channels_last else torch.contiguous_format
    net = network().to(asked.device).to(memory_format=layout)
    optimizer = torch.optim.Adam(net.parameters(), 3e-4, **({"fused": True} if on_gpu else {}))

    def loss_of(images, targets):
        with torch.autocast(asked.device, dtype=torch.bfloat16, enabled=asked.amp == "bf16"):
            scores = net(images.to(memory_format=layout).float() / 255)
        return functional.binary_cross_entropy_with_logits(scores.float(), targets)

    step_loss = torch.compile(loss_of) if asked.compile else loss_of
    rates = []
    for epoch in range(1, asked.epochs + 1):
        start, total = time.perf_counter(), torch.zeros((), device=asked.device)
        order = torch.randperm(len(pixels), device=asked.device)
        for chosen in order.split(asked.batch):
            optimizer.zero_grad(set_to_none=True)
            loss = step_loss(pixels[chosen], labels[chosen])
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(chosen)
        mean = total.item() / len(pixels)  # Waits for the device, once an epoch.
        seconds = time.perf_counter() - start
        rates.append(len(pixels) / seconds)
        print(json.dumps({"epoch": epoch, "seconds": round(seconds, 3), "images_per_second": round(rates[-1], 1),
                          "loss": round(mean, 4)}), flush=True)
    print(json.dumps({"torch": torch.__version__, "device": asked.device, "resident": True,
                      "images_per_second_median": round(statistics.median(rates[1:] or rates), 1)}))


if __name__ == "__main__":
    main()
