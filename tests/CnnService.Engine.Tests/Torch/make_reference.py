#!/usr/bin/env python3
"""Writes reference.safetensors: networks, weights, inputs and what PyTorch makes of them.

Run with Debian's python3 and python3-torch (1.13). Layers are computed here with torch.nn.functional from the same
JSON the service reads; poolings whose padding PyTorch has no argument for are computed cell by cell.
"""
import json
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(20240917)
tensors, cases = {}, []


def draw(*shape):
    return torch.tensor(rng.normal(0, 0.6, shape).astype(np.float32))


def pads(spec, size, kernel, strides, dilation=(1, 1)):
    """[top, left, bottom, right]"""
    padding = spec.get("padding", "valid")
    if padding == "valid":
        return [0, 0, 0, 0]
    if padding != "same":
        return padding
    low, high = [], []
    for n, k, s, d in zip(size, kernel, strides, dilation):
        total = max(0, (-(-n // s) - 1) * s + (k - 1) * d + 1 - n)
        low.append(total // 2)
        high.append(total - total // 2)
    return low + high


def torch_pad(x, p, value=0.0, mode="constant"):
    order = [p[1], p[3], p[0], p[2]]
    return F.pad(x, order, mode=mode) if mode != "constant" else F.pad(x, order, value=value)


MODES = {"zeros": "constant", "edge": "replicate", "reflect": "reflect"}


def pool(x, spec, reduce):
    k = spec.get("poolSize", [2, 2])
    s = spec.get("strides", k)
    p = pads(spec, x.shape[2:], k, s)
    h = (x.shape[2] + p[0] + p[2] - k[0]) // s[0] + 1
    w = (x.shape[3] + p[1] + p[3] - k[1]) // s[1] + 1
    rows = []
    for i in range(h):
        row = []
        for j in range(w):
            top, left = i * s[0] - p[0], j * s[1] - p[1]
            cells = x[:, :, max(top, 0):max(top + k[0], 0), max(left, 0):max(left + k[1], 0)]
            row.append(reduce(cells.flatten(2)))
        rows.append(torch.stack(row, -1))
    return torch.stack(rows, -2)


ACTIVATIONS = {
    "linear": lambda x: x, "relu": F.relu, "leakyRelu": lambda x: F.leaky_relu(x, 0.1), "sigmoid": torch.sigmoid,
    "tanh": torch.tanh, "gelu": F.gelu, "silu": F.silu, "hardSwish": F.hardswish, "elu": F.elu, "relu6": F.relu6,
}


def activate(spec, x):
    """Functions with numbers of their own stand in activation layers."""
    kind = spec.get("activation", "linear")
    if kind == "leakyRelu":
        return F.leaky_relu(x, spec.get("slope", 0.1))
    if kind == "elu":
        return F.elu(x, spec.get("slope", 1.0))
    if kind == "hardSigmoid":
        return (x * spec["slope"] + spec["offset"]).clamp(0, 1) if "slope" in spec else F.hardsigmoid(x)
    if kind == "clip":
        return torch.clamp(x, spec.get("minimum"), spec.get("maximum"))
    return ACTIVATIONS[kind](x)


def tensors_of(spec, inputs):
    name, kind = spec["name"], spec["type"]
    channels = inputs[0].shape[1]
    if kind == "conv2d":
        k = spec.get("kernelSize", [3, 3])
        yield f"{name}.weight", draw(spec["filters"], channels // spec.get("groups", 1), *k)
        if spec.get("useBias", True):
            yield f"{name}.bias", draw(spec["filters"])
    elif kind == "dense":
        yield f"{name}.weight", draw(spec["units"], channels)
        if spec.get("useBias", True):
            yield f"{name}.bias", draw(spec["units"])
    elif kind == "batchNormalization":
        yield f"{name}.weight", draw(channels).abs() + 0.5
        yield f"{name}.bias", draw(channels)
        yield f"{name}.running_mean", draw(channels)
        yield f"{name}.running_var", draw(channels).abs() + 0.5
    elif kind == "prelu":
        yield f"{name}.weight", draw(channels)


def built_in(spec):
    """PyTorch's own arguments of a pooling: symmetric padding, ceil mode."""
    p = spec.get("padding", [0, 0, 0, 0])
    return dict(kernel_size=spec["poolSize"], stride=spec.get("strides", spec["poolSize"]), padding=p[:2], ceil_mode=True)


def spread(inputs):
    """Beside maps, a vector is one value a channel."""
    dimensions = max(value.dim() for value in inputs)
    return [value if value.dim() == dimensions else value[:, :, None, None] for value in inputs]


def compute(spec, inputs, weights, training):
    name, kind, x = spec["name"], spec["type"], inputs[0]
    if kind == "conv2d":
        k, s = spec.get("kernelSize", [3, 3]), spec.get("strides", [1, 1])
        d = spec.get("dilation", [1, 1])
        p = pads(spec, x.shape[2:], k, s, d)
        x = torch_pad(x, p, mode=MODES[spec.get("paddingMode", "zeros")])
        x = F.conv2d(x, weights[f"{name}.weight"], weights.get(f"{name}.bias"), s, 0, d, spec.get("groups", 1))
    elif kind == "maxPooling2d" and spec.get("ceilMode"):
        x = F.max_pool2d(x, **built_in(spec))
    elif kind == "averagePooling2d" and spec.get("ceilMode"):
        x = F.avg_pool2d(x, **built_in(spec), count_include_pad=spec.get("countIncludePad", False))
    elif kind == "averagePooling2d" and spec.get("countIncludePad"):
        x = F.avg_pool2d(torch_pad(x, spec["padding"]), spec["poolSize"], spec.get("strides"))
    elif kind == "padding2d":
        x = torch_pad(x, spec["padding"], mode=MODES[spec.get("paddingMode", "zeros")])
    elif kind == "globalMaxPooling2d":
        x = F.adaptive_max_pool2d(x, 1)
        x = x if spec.get("keepDimensions") else x.flatten(1)
    elif kind == "localResponseNormalization":
        x = F.local_response_norm(x, spec["size"], spec["alpha"], spec["beta"], spec["bias"])
    elif kind == "prelu":
        x = F.prelu(x, weights[f"{name}.weight"])
    elif kind == "maxPooling2d":
        x = pool(x, spec, lambda cells: cells.max(-1).values)
    elif kind == "averagePooling2d":
        x = pool(x, spec, lambda cells: cells.mean(-1))
    elif kind == "globalAveragePooling2d":
        x = x.mean((2, 3), keepdim=spec.get("keepDimensions", False))
    elif kind == "batchNormalization":
        x = F.batch_norm(
            x, weights[f"{name}.running_mean"], weights[f"{name}.running_var"], weights[f"{name}.weight"],
            weights[f"{name}.bias"], training, spec.get("momentum", 0.1), spec.get("epsilon", 1e-5))
    elif kind == "flatten":
        x = x.flatten(1)
    elif kind == "dense":
        x = F.linear(x, weights[f"{name}.weight"], weights.get(f"{name}.bias"))
    elif kind == "add":
        inputs = spread(inputs)
        x = sum(inputs[1:], inputs[0])
    elif kind == "multiply":
        inputs = spread(inputs)
        x = inputs[0]
        for value in inputs[1:]:
            x = x * value
    elif kind == "concatenate":
        x = torch.cat(inputs, 1)
    return activate(spec, x)


def case(name, layers, classes=2, training=False, shape=(3, 10, 9)):
    """Runs the network with loss and gradients and stores everything under the case's name."""
    x = draw(3, *shape)
    labels = torch.tensor([int(v) for v in rng.integers(0, classes, 3)])
    values, weights, last = {"input": x}, {}, "input"
    for spec in layers:
        inputs = [values[i] for i in spec.get("inputs", [last])]
        for tensor, value in tensors_of(spec, inputs):
            weights[tensor] = value
            tensors[f"{name}/weight/{tensor}"] = value.clone()
            if "running" not in tensor:
                value.requires_grad_(True)
        values[spec["name"]] = compute(spec, inputs, weights, training)
        last = spec["name"]
    logits = values[last]
    loss = (F.binary_cross_entropy_with_logits(logits[:, 0], labels.float()) if logits.shape[1] == 1
            else F.cross_entropy(logits, labels))
    loss.backward()
    tensors[f"{name}/x"], tensors[f"{name}/labels"] = x, labels.float()
    tensors[f"{name}/loss"] = loss.detach().reshape(1)
    for key, value in values.items():
        if key != "input":
            tensors[f"{name}/value/{key}"] = value.detach()
    for key, value in weights.items():
        if value.grad is not None:
            tensors[f"{name}/gradient/{key}"] = value.grad
        elif training:
            tensors[f"{name}/after/{key}"] = value
    network = {"input": {"height": shape[1], "width": shape[2], "channels": shape[0]}, "layers": layers}
    cases.append({"name": name, "classes": classes, "training": training, "network": network})


def head(classes=2):
    return [{"type": "globalAveragePooling2d", "name": "gap"},
            {"type": "dense", "name": "output", "units": 1 if classes == 2 else classes}]


def conv(name="layer", filters=4, **fields):
    return {"type": "conv2d", "name": name, "filters": filters, **fields}


case("conv-valid", [conv(activation="relu")] + head())
case("conv-same-strided", [conv(padding="same", strides=[2, 3], kernelSize=[3, 2], useBias=False, activation="tanh")] + head())
case("conv-asymmetric", [conv(padding=[1, 0, 2, 1], activation="relu")] + head())
case("conv-symmetric", [conv(padding=[2, 1, 2, 1], kernelSize=[5, 3], activation="relu")] + head())
case("conv-edge", [conv(padding="same", paddingMode="edge", kernelSize=[4, 3])] + head())
case("conv-dilated-groups", [conv(filters=6, groups=3, dilation=[2, 1], padding="same")] + head())
case("depthwise-grey", [conv("first", 6), conv(filters=6, groups=6, padding="same", activation="relu6")] + head(), shape=(1, 10, 9))
case("max-valid", [conv("c"), {"type": "maxPooling2d", "name": "layer"}] + head())
case("max-same", [conv("c", padding="same"), {"type": "maxPooling2d", "name": "layer", "poolSize": [3, 3], "strides": [2, 2],
                                              "padding": "same"}] + head())
case("max-asymmetric", [conv("c"), {"type": "maxPooling2d", "name": "layer", "poolSize": [3, 2], "strides": [2, 2],
                                    "padding": [2, 0, 1, 1]}] + head())
case("average-valid", [conv("c"), {"type": "averagePooling2d", "name": "layer", "poolSize": [2, 3]}] + head())
case("average-same", [conv("c", padding="same"), {"type": "averagePooling2d", "name": "layer", "poolSize": [3, 3],
                                                  "strides": [2, 2], "padding": "same"}] + head())
case("average-symmetric", [conv("c"), {"type": "averagePooling2d", "name": "layer", "poolSize": [3, 3], "strides": [2, 2],
                                       "padding": [1, 1, 1, 1]}] + head())
norm = {"type": "batchNormalization", "name": "layer", "momentum": 0.3, "epsilon": 0.001, "activation": "relu"}
case("norm-evaluation", [conv("c"), norm] + head())
case("norm-training", [conv("c"), norm] + head(), training=True)
case("norm-vector", [{"type": "flatten", "name": "flat"}, {"type": "dense", "name": "d", "units": 5},
                     dict(norm, activation="linear"), {"type": "dense", "name": "output", "units": 1}], training=True, shape=(1, 4, 3))
for kind in ACTIVATIONS:
    case(f"activation-{kind}", [conv("c", 3), {"type": "activation", "name": "layer", "activation": kind}] + head(), shape=(1, 6, 5))
case("flatten-dense", [conv("c"), {"type": "flatten", "name": "layer"}, {"type": "dropout", "name": "drop", "rate": 0.5},
                       {"type": "dense", "name": "d", "units": 6, "activation": "elu", "useBias": False},
                       {"type": "dense", "name": "output", "units": 1}], shape=(3, 6, 5))
case("branches", [conv("a", padding="same", activation="silu"), conv("b", padding="same", inputs=["a"]),
                  {"type": "add", "name": "sum", "inputs": ["a", "b", "a"], "activation": "relu"},
                  {"type": "concatenate", "name": "layer", "inputs": ["b", "sum", "input"]}] + head())
case("softmax", [conv(activation="gelu")] + head(5), classes=5)

# Adam: the same gradients, five steps, with and without weight decay.
for label, decay in (("adam", 0.0), ("adam-decay", 0.02)):
    parameter = draw(3, 4).requires_grad_(True)
    tensors[f"{label}/start"] = parameter.detach().clone()
    optimizer = torch.optim.Adam([parameter], lr=0.01, weight_decay=decay)
    for step in range(5):
        parameter.grad = draw(3, 4)
        tensors[f"{label}/gradient/{step}"] = parameter.grad.clone()
        optimizer.step()
        tensors[f"{label}/after/{step}"] = parameter.detach().clone()



# The other optimizers, the same way; clipping shortens the gradients of the last one.
def steps(label, make, clip=None):
    parameter = draw(3, 4).requires_grad_(True)
    tensors[f"{label}/start"] = parameter.detach().clone()
    optimizer = make([parameter])
    for step in range(5):
        parameter.grad = draw(3, 4)
        tensors[f"{label}/gradient/{step}"] = parameter.grad.clone()
        if clip:
            torch.nn.utils.clip_grad_norm_([parameter], clip)
        optimizer.step()
        tensors[f"{label}/after/{step}"] = parameter.detach().clone()


steps("adamw", lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.3))
steps("sgd", lambda p: torch.optim.SGD(p, lr=0.05))
steps("sgd-momentum", lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.02))
steps("sgd-nesterov", lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True))
steps("rmsprop", lambda p: torch.optim.RMSprop(p, lr=0.01))
steps("rmsprop-momentum", lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.7, weight_decay=0.02))
steps("sgd-clipped", lambda p: torch.optim.SGD(p, lr=0.05), clip=1.5)

# Losses and their gradients: smoothed labels, weighted classes, one sigmoid output (its two classes as two logits 0 and x).
for label, classes, smoothing, weights in (
        ("loss-smooth", 4, 0.1, None), ("loss-weights", 4, 0.0, [0.5, 2.0, 1.0, 3.0]), ("loss-both", 4, 0.2, [0.5, 2.0, 1.0, 3.0]),
        ("loss-sigmoid", 2, 0.1, [0.6, 1.7])):
    logits = draw(6, 1 if classes == 2 else classes).requires_grad_(True)
    labels = torch.tensor(rng.integers(0, classes, 6))
    scores = torch.cat([torch.zeros(6, 1), logits], 1) if classes == 2 else logits
    loss = F.cross_entropy(scores, labels, label_smoothing=smoothing, weight=torch.tensor(weights) if weights else None)
    loss.backward()
    tensors[f"{label}/logits"], tensors[f"{label}/labels"] = logits, labels.float()
    tensors[f"{label}/loss"], tensors[f"{label}/gradient"] = loss.reshape(1), logits.grad

# What networks from elsewhere need besides.
for label, numbers in (
        ("leaky", dict(activation="leakyRelu", slope=0.3)), ("elu", dict(activation="elu", slope=0.7)),
        ("hard-sigmoid", dict(activation="hardSigmoid")), ("hard-sigmoid-own", dict(activation="hardSigmoid", slope=0.2, offset=0.4)),
        ("clip", dict(activation="clip", minimum=-0.5, maximum=0.8)), ("clip-low", dict(activation="clip", minimum=-0.2))):
    case(f"numbers-{label}", [conv("c", 3), dict(type="activation", name="layer", **numbers)] + head(), shape=(1, 6, 5))
case("prelu", [conv("c"), {"type": "prelu", "name": "layer"}] + head(), shape=(1, 6, 5))
case("prelu-vector", [{"type": "flatten", "name": "flat"}, {"type": "dense", "name": "d", "units": 5}, {"type": "prelu", "name": "layer"},
                      {"type": "dense", "name": "output", "units": 1}], shape=(1, 4, 3))
case("response-norm", [conv("c", 7), {"type": "localResponseNormalization", "name": "layer", "size": 5, "alpha": 0.7, "beta": 0.6,
                                      "bias": 1.5}] + head())
for label, size, stride, padding in (("", [2, 2], [2, 2], [0, 0, 0, 0]), ("-padded", [3, 3], [2, 2], [1, 1, 1, 1]),
                                     ("-far", [2, 2], [3, 3], [0, 0, 0, 0]), ("-wide", [3, 2], [3, 2], [1, 1, 1, 1])):
    fields = dict(name="layer", poolSize=size, strides=stride, padding=padding, ceilMode=True)
    case(f"max-ceil{label}", [conv("c", padding=[0, 0, 1, 0]), dict(type="maxPooling2d", **fields)] + head())
    case(f"average-ceil{label}", [conv("c", padding=[0, 0, 1, 0]), dict(type="averagePooling2d", **fields)] + head())
    case(f"average-ceil-counted{label}", [conv("c", padding=[0, 0, 1, 0]), dict(type="averagePooling2d", countIncludePad=True, **fields)] + head())
case("average-counted", [conv("c"), {"type": "averagePooling2d", "name": "layer", "poolSize": [3, 3], "strides": [2, 2],
                                     "padding": [1, 0, 2, 1], "countIncludePad": True}] + head())
for mode in MODES:
    case(f"padding-{mode}", [{"type": "padding2d", "name": "layer", "padding": [1, 2, 0, 3], "paddingMode": mode}, conv("c")] + head())
case("conv-reflect", [conv(padding=[2, 1, 2, 1], kernelSize=[5, 3], paddingMode="reflect", activation="relu")] + head())
case("global-max", [conv("c"), {"type": "globalMaxPooling2d", "name": "layer"}, {"type": "dense", "name": "output", "units": 1}])
case("squeeze-excitation", [
    conv("c", padding="same", activation="relu"), {"type": "globalAveragePooling2d", "name": "squeeze", "keepDimensions": True},
    conv("excite", 4, kernelSize=[1, 1], inputs=["squeeze"], activation="sigmoid"),
    {"type": "multiply", "name": "layer", "inputs": ["c", "excite"], "activation": "relu"}] + head())
case("gates", [
    conv("c", padding="same"), conv("place", 1, padding="same", activation="sigmoid", inputs=["c"]),
    {"type": "globalMaxPooling2d", "name": "channel", "inputs": ["c"]},
    {"type": "multiply", "name": "gated", "inputs": ["channel", "c", "place"]},
    {"type": "add", "name": "layer", "inputs": ["gated", "channel", "place"], "activation": "relu"}] + head())

header, data = {"__metadata__": {"cases": json.dumps(cases)}}, b""
for key, value in tensors.items():
    raw = value.detach().contiguous().numpy().astype("<f4").tobytes()
    header[key] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.safetensors")
with open(path, "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
print(f"{len(cases)} networks, {os.path.getsize(path)} bytes, PyTorch {torch.__version__}")
