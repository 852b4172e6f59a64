using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Engine.Tests.Onnx;

/// <summary>Networks that together show every kind of layer in every form.</summary>
internal static class NetworkCases
{
    private static readonly InputSpec Input = new(9, 8, 3);

    public static IReadOnlyDictionary<string, Func<ResolvedNetwork>> All { get; } = Create();

    /// <summary>A network of up to eight random steps; the same seed gives the same network.</summary>
    public static ResolvedNetwork Random(ulong seed)
    {
        var random = new CounterRandom(seed, 4711);
        var input = new InputSpec(4 + random.NextInt32(8), 4 + random.NextInt32(8), random.NextInt32(2) == 0 ? 1 : 3);
        var classes = 2 + random.NextInt32(3);
        var layers = new List<LayerSpec>();
        var head = Head(ref random);
        for (var step = 1 + random.NextInt32(8); step > 0; step--)
        {
            List<LayerSpec> longer = [.. layers,
                .. Step(layers.Count == 0 ? NetworkSpec.InputName : layers[^1].Name!, layers.Count, ref random)];
            if (NetworkSpecValidator.Resolve(new(input, [.. longer, .. head]), classes, new()) is not null)
            {
                layers = longer; // A step that does not fit, such as a window larger than its map, is left out.
            }
        }

        return Some.Network(classes, input, [.. layers, .. head]);
    }

    private static LayerSpec[] Head(ref CounterRandom random) =>
    [
        random.NextInt32(2) == 0 ? new FlattenLayer { Name = "vector" } : new GlobalAveragePooling2dLayer { Name = "vector" },
        new DenseLayer { Name = "head", Units = Units.Classes },
    ];

    private static LayerSpec[] Step(string before, int number, ref CounterRandom random)
    {
        var activation = (ActivationKind)random.NextInt32((int)ActivationKind.Softmax);
        var name = $"l{number}";
        var size = new Size2(1 + random.NextInt32(3), 1 + random.NextInt32(3));
        var strides = new Size2(1 + random.NextInt32(2), 1 + random.NextInt32(2));
        var padding = random.NextInt32(2) == 0
            ? Padding2.Same
            : Padding2.Explicit(random.NextInt32(size.Height), 0, 0, random.NextInt32(size.Width));
        var mode = (PaddingMode)random.NextInt32(3);
        var conv = new Conv2dLayer
        {
            Name = name,
            Filters = 4,
            KernelSize = size,
            Strides = strides,
            Padding = padding,
            PaddingMode = mode,
            Activation = activation,
        };
        return random.NextInt32(16) switch
        {
            0 or 1 => [conv],
            2 => [conv with { Strides = new(1, 1), Dilation = strides, UseBias = false }],
            3 => [new MaxPooling2dLayer { Name = name, PoolSize = size, Strides = strides, Padding = padding }],
            4 => [new AveragePooling2dLayer { Name = name, PoolSize = size, Strides = strides, Padding = padding }],
            5 => [new BatchNormalizationLayer { Name = name, Activation = activation }],
            6 => [new ActivationLayer { Name = name, Activation = activation }, new DropoutLayer { Name = $"{name}d" }],
            7 =>
            [
                conv with { Name = $"{name}a", Inputs = [before] },
                conv with { Name = $"{name}b", Inputs = [before], Activation = ActivationKind.Linear },
                new AddLayer { Name = name, Inputs = [$"{name}a", $"{name}b", $"{name}a"], Activation = activation },
            ],
            8 => [new MaxPooling2dLayer { Name = name, PoolSize = size, Strides = strides, Padding = padding, CeilMode = true }],
            9 => [new AveragePooling2dLayer
            {
                Name = name,
                PoolSize = size,
                Strides = strides,
                Padding = padding,
                CeilMode = random.NextInt32(2) == 0,
                CountIncludePad = true,
            }],
            10 => [new PReluLayer { Name = $"{name}p" }, new LocalResponseNormalizationLayer { Name = name, Size = 3, Alpha = 0.5 }],
            11 => [new Padding2dLayer
            {
                Name = name,
                Padding = Padding2.Explicit(1, 0, 2, random.NextInt32(3)),
                PaddingMode = (PaddingMode)random.NextInt32(3),
            }],
            var further => Further(further, before, conv, ref random),
        };
    }

    /// <summary>A convolution of <paramref name="before"/> that meets another branch, a normalization, or channels chosen.</summary>
    private static LayerSpec[] Further(int which, string before, Conv2dLayer conv, ref CounterRandom random)
    {
        var name = conv.Name;
        return which switch
        {
            12 =>
            [
                conv with { Name = $"{name}a", Inputs = [before] },
                random.NextInt32(2) == 0
                    ? new GlobalMaxPooling2dLayer { Name = $"{name}s" }
                    : new GlobalAveragePooling2dLayer { Name = $"{name}s", KeepDimensions = true },
                new MultiplyLayer { Name = name, Inputs = [$"{name}a", $"{name}s"], Activation = conv.Activation },
            ],
            13 =>
            [
                conv with { Name = $"{name}a", Inputs = [before], Filters = 2 },
                conv with { Name = $"{name}b", Inputs = [before], Filters = 3 },
                new ConcatenateLayer { Name = name, Inputs = [$"{name}a", $"{name}b"] },
            ],
            14 => [new LayerNormalizationLayer
            {
                Name = name,
                Groups = random.NextInt32(2) == 0 ? null : 1,
                Epsilon = 1e-3,
            }],
            _ => [new SelectChannelsLayer { Name = name, Channels = [2, 0, random.NextInt32(3)] }],
        };
    }

    private static Dictionary<string, Func<ResolvedNetwork>> Create()
    {
        var cases = new Dictionary<string, Func<ResolvedNetwork>>();
        IEnumerable<(string Name, LayerSpec[] Layers)> plain =
            [.. Convolutions(), .. Windows(), .. CeilWindows(), .. PaddingsAndNormalizations(), .. Joins(), .. Activations(), .. Numbers()];
        foreach (var (name, layers) in plain)
        {
            cases[name] = () => Some.Network(3, Input, [.. layers, new FlattenLayer { Name = "vector" }, new DenseLayer { Name = "head" }]);
        }

        foreach (var (name, classes, layers) in Heads())
        {
            cases[name] = () => Some.Network(classes, Input, [new GlobalAveragePooling2dLayer { Name = "mean" }, .. layers]);
        }

        return cases;
    }

    private static IEnumerable<(string Name, LayerSpec[] Layers)> Convolutions()
    {
        var conv = new Conv2dLayer { Name = "x", Filters = 4 };
        var six = conv with { Name = "six", Filters = 6 };
        yield return ("conv", [conv]);
        yield return ("conv, no bias", [conv with { UseBias = false }]);
        yield return ("conv, same, even kernel", [conv with { KernelSize = new(2, 4), Padding = Padding2.Same }]);
        yield return ("conv, same, stride", [conv with { Strides = new(2, 3), Padding = Padding2.Same }]);
        yield return ("conv, uneven padding", [conv with { Padding = Padding2.Explicit(3, 0, 1, 2) }]);
        yield return ("conv, dilation", [conv with { Dilation = new(2, 3) }]);
        yield return ("conv, 1x3", [conv with { KernelSize = new(1, 3) }]);
        yield return ("conv, groups", [six, conv with { Groups = 2 }]);
        yield return ("conv, depthwise", [six, conv with { Groups = 6, Filters = 12 }]);
        yield return ("conv, edge, same", [conv with { KernelSize = new(5, 3), Padding = Padding2.Same, PaddingMode = PaddingMode.Edge }]);
        yield return ("conv, edge, wide", [conv with { Padding = Padding2.Explicit(11, 1, 0, 12), PaddingMode = PaddingMode.Edge }]);
        yield return ("conv, reflect",
            [conv with { KernelSize = new(5, 3), Padding = Padding2.Explicit(2, 1, 3, 0), PaddingMode = PaddingMode.Reflect }]);
        yield return ("conv, edge, none", [conv with { PaddingMode = PaddingMode.Edge, Activation = ActivationKind.Relu }]);
    }

    private static IEnumerable<(string Name, LayerSpec[] Layers)> Windows()
    {
        yield return ("max pooling", [new MaxPooling2dLayer { Name = "x" }]);
        yield return ("max pooling, overlapping, same", [new MaxPooling2dLayer
        {
            Name = "x",
            PoolSize = new(3, 3),
            Strides = new(2, 2),
            Padding = Padding2.Same,
        }]);
        yield return ("max pooling, uneven padding", [new MaxPooling2dLayer
        {
            Name = "x",
            PoolSize = new(3, 2),
            Padding = Padding2.Explicit(0, 1, 2, 0),
        }]);
        yield return ("average pooling", [new AveragePooling2dLayer { Name = "x", PoolSize = new(2, 3) }]);
        yield return ("average pooling, same", [new AveragePooling2dLayer
        {
            Name = "x",
            PoolSize = new(3, 3),
            Strides = new(1, 2),
            Padding = Padding2.Same,
        }]);
        yield return ("average pooling, uneven padding", [new AveragePooling2dLayer
        {
            Name = "x",
            PoolSize = new(3, 3),
            Padding = Padding2.Explicit(2, 0, 0, 1),
        }]);
        yield return ("batch normalization", [new BatchNormalizationLayer { Name = "x", Epsilon = 1e-3 }]);
        yield return ("batch normalization, activated", [new BatchNormalizationLayer { Name = "x", Activation = ActivationKind.Silu }]);
    }

    private static IEnumerable<(string Name, LayerSpec[] Layers)> CeilWindows()
    {
        MaxPooling2dLayer[] windows =
        [
            new() { Name = "x", PoolSize = new(2, 3), Strides = new(2, 3), CeilMode = true },
            new() { Name = "x", PoolSize = new(3, 3), Strides = new(2, 2), Padding = Padding2.Explicit(1, 1, 1, 1), CeilMode = true },
            new() { Name = "x", PoolSize = new(2, 2), Strides = new(3, 3), CeilMode = true },
        ];
        foreach (var (number, window) in windows.Index())
        {
            var average = new AveragePooling2dLayer
            {
                Name = "x",
                PoolSize = window.PoolSize,
                Strides = window.Strides,
                Padding = window.Padding,
                CeilMode = true,
            };
            yield return ($"max pooling, ceil {number}", [window]);
            yield return ($"average pooling, ceil {number}", [average]);
            yield return ($"average pooling, ceil, counted {number}", [average with { CountIncludePad = true }]);
        }

        yield return ("average pooling, counted", [new AveragePooling2dLayer
        {
            Name = "x",
            PoolSize = new(3, 3),
            Padding = Padding2.Explicit(2, 0, 1, 1),
            CountIncludePad = true,
        }]);
    }

    private static IEnumerable<(string Name, LayerSpec[] Layers)> PaddingsAndNormalizations()
    {
        yield return ("padding, zeros", [new Padding2dLayer { Name = "x", Padding = Padding2.Explicit(1, 2, 0, 3) }]);
        yield return ("padding, edge", [new Padding2dLayer
        {
            Name = "x",
            Padding = Padding2.Explicit(1, 2, 0, 3),
            PaddingMode = PaddingMode.Edge,
        }]);
        yield return ("padding, reflect", [new Padding2dLayer
        {
            Name = "x",
            Padding = Padding2.Explicit(1, 2, 0, 3),
            PaddingMode = PaddingMode.Reflect,
        }]);
        yield return ("response normalization", [new Conv2dLayer
        {
            Name = "c",
            Filters = 7,
        }, new LocalResponseNormalizationLayer { Name = "x", Alpha = 0.7, Beta = 0.6, Bias = 1.5 }]);
        var six = new Conv2dLayer { Name = "six", Filters = 6 };
        yield return ("layer normalization", [six, new LayerNormalizationLayer { Name = "x", Epsilon = 1e-3 }]);
        yield return ("group normalization", [six, new LayerNormalizationLayer { Name = "x", Groups = 3 }]);
        yield return ("instance normalization", [six, new LayerNormalizationLayer { Name = "x", Groups = 6 }]);
        yield return ("layer normalization of the map", [six, new LayerNormalizationLayer { Name = "x", Groups = 1 }]);
        yield return ("layer normalization of the map, elementwise",
            [six, new LayerNormalizationLayer { Name = "x", Groups = 1, Elementwise = true }]);
        yield return ("selected channels", [six, new SelectChannelsLayer { Name = "x", Channels = [5, 0, 2, 0] }]);
        yield return ("blue first", [new SelectChannelsLayer { Name = "x", Channels = [2, 1, 0] }, six]);
        yield return ("prelu", [new PReluLayer { Name = "x" }]);
        yield return ("dropout", [new DropoutLayer { Name = "x" }]);
    }

    private static IEnumerable<(string Name, LayerSpec[] Layers)> Joins()
    {
        var a = new Conv2dLayer { Name = "a", Filters = 4, Inputs = ["input"] };
        var b = a with { Name = "b", Filters = 5 };
        yield return ("add", [a, a with { Name = "b" }, new AddLayer
        {
            Name = "x",
            Inputs = ["a", "b"],
            Activation = ActivationKind.Relu,
        }]);
        yield return ("add, thrice the same", [a, new AddLayer { Name = "x", Inputs = ["a", "a", "a"] }]);
        yield return ("concatenate", [a, b, new ConcatenateLayer { Name = "x", Inputs = ["b", "a", "b"] }]);
        yield return ("squeeze and excitation",
        [
            a,
            new GlobalAveragePooling2dLayer { Name = "s", KeepDimensions = true },
            a with { Name = "e", KernelSize = new(1, 1), Inputs = ["s"], Activation = ActivationKind.HardSigmoid },
            new MultiplyLayer { Name = "x", Inputs = ["a", "e"], Activation = ActivationKind.Relu },
        ]);
        yield return ("gates of channels and places",
        [
            a,
            a with { Name = "p", Filters = 1, Activation = ActivationKind.Sigmoid },
            new GlobalMaxPooling2dLayer { Name = "m", Inputs = ["a"] },
            new MultiplyLayer { Name = "y", Inputs = ["m", "a", "p"] },
            new AddLayer { Name = "x", Inputs = ["y", "m", "p"], Activation = ActivationKind.Relu },
        ]);
        yield return ("a layer named like a tensor",
            [a, a with { Name = "a.weight", Inputs = ["a"] }, a with { Name = "a.bias", Inputs = ["a.weight"] }]);
        yield return ("layers named like the outputs",
            [a with { Name = "probabilities", Activation = ActivationKind.Elu }, a with { Name = "logits", Inputs = ["probabilities"] }]);
    }

    private static IEnumerable<(string Name, LayerSpec[] Layers)> Activations() =>
        from kind in Enum.GetValues<ActivationKind>()
        where kind is not (ActivationKind.Softmax or ActivationKind.Clip)
        select ($"activation {kind}", new LayerSpec[]
        {
            new ActivationLayer { Name = "x", Activation = kind },
            new Conv2dLayer { Name = "y", Filters = 3, Activation = kind },
        });

    private static IEnumerable<(string Name, LayerSpec[] Layers)> Numbers()
    {
        yield return ("leakyRelu of a slope", [new ActivationLayer { Name = "x", Activation = ActivationKind.LeakyRelu, Slope = 0.3 }]);
        yield return ("elu of a slope", [new ActivationLayer { Name = "x", Activation = ActivationKind.Elu, Slope = 0.7 }]);
        yield return ("hardSigmoid of its own", [new ActivationLayer
        {
            Name = "x",
            Activation = ActivationKind.HardSigmoid,
            Slope = 0.2,
            Offset = 0.4,
        }]);
        yield return ("clip", [new ActivationLayer { Name = "x", Activation = ActivationKind.Clip, Minimum = -0.5, Maximum = 0.8 }]);
        yield return ("clip below", [new ActivationLayer { Name = "x", Activation = ActivationKind.Clip, Minimum = -0.2 }]);
        yield return ("clip above", [new ActivationLayer { Name = "x", Activation = ActivationKind.Clip, Maximum = 0.2 }]);
    }

    private static IEnumerable<(string Name, int Classes, LayerSpec[] Layers)> Heads()
    {
        var dense = new DenseLayer { Name = "head" };
        yield return ("head, one linear output", 2, [dense]);
        yield return ("head, sigmoid", 2, [dense with { Activation = ActivationKind.Sigmoid }]);
        yield return ("head, two softmax outputs", 2, [dense with { Units = 2, Activation = ActivationKind.Softmax }]);
        yield return ("head, softmax", 4, [dense with { Activation = ActivationKind.Softmax, UseBias = false }]);
        yield return ("head, relu", 4, [dense with { Activation = ActivationKind.Relu }]);
        yield return ("head, softmax layer", 4, [dense, new ActivationLayer { Name = "softmax", Activation = ActivationKind.Softmax }]);
        yield return ("head, sigmoid layer", 2, [dense, new ActivationLayer { Name = "sigmoid", Activation = ActivationKind.Sigmoid }]);
        yield return ("vectors", 3,
        [
            new DenseLayer { Name = "a", Units = 5, Inputs = ["mean"], Activation = ActivationKind.Gelu },
            new BatchNormalizationLayer { Name = "b" },
            new LayerNormalizationLayer { Name = "l" },
            new LayerNormalizationLayer { Name = "g", Groups = 1 },
            new SelectChannelsLayer { Name = "s", Channels = [4, 3, 2, 1, 1] },
            new AddLayer { Name = "c", Inputs = ["a", "s"] },
            new ConcatenateLayer { Name = "d", Inputs = ["c", "mean", "a"] },
            new FlattenLayer { Name = "e" },
            dense,
        ]);
    }
}
