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
            List<LayerSpec> longer = [.. layers, .. Step(layers.Count == 0 ? NetworkSpec.InputName : layers[^1].Name!, layers.Count, ref random)];
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
        var padding = random.NextInt32(2) == 0 ? Padding2.Same : Padding2.Explicit(random.NextInt32(size.Height), 0, 0, random.NextInt32(size.Width));
        var mode = (PaddingMode)random.NextInt32(2);
        var conv = new Conv2dLayer { Name = name, Filters = 4, KernelSize = size, Strides = strides, Padding = padding, PaddingMode = mode, Activation = activation };
        return random.NextInt32(9) switch
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
            _ =>
            [
                conv with { Name = $"{name}a", Inputs = [before], Filters = 2 },
                conv with { Name = $"{name}b", Inputs = [before], Filters = 3 },
                new ConcatenateLayer { Name = name, Inputs = [$"{name}a", $"{name}b"] },
            ],
        };
    }

    private static Dictionary<string, Func<ResolvedNetwork>> Create()
    {
        var cases = new Dictionary<string, Func<ResolvedNetwork>>();
        foreach (var (name, layers) in Convolutions().Concat(Windows()).Concat(Joins()).Concat(Activations()))
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
        yield return ("conv, edge, none", [conv with { PaddingMode = PaddingMode.Edge, Activation = ActivationKind.Relu }]);
    }

    private static IEnumerable<(string Name, LayerSpec[] Layers)> Windows()
    {
        yield return ("max pooling", [new MaxPooling2dLayer { Name = "x" }]);
        yield return ("max pooling, overlapping, same", [new MaxPooling2dLayer { Name = "x", PoolSize = new(3, 3), Strides = new(2, 2), Padding = Padding2.Same }]);
        yield return ("max pooling, uneven padding", [new MaxPooling2dLayer { Name = "x", PoolSize = new(3, 2), Padding = Padding2.Explicit(0, 1, 2, 0) }]);
        yield return ("average pooling", [new AveragePooling2dLayer { Name = "x", PoolSize = new(2, 3) }]);
        yield return ("average pooling, same", [new AveragePooling2dLayer { Name = "x", PoolSize = new(3, 3), Strides = new(1, 2), Padding = Padding2.Same }]);
        yield return ("average pooling, uneven padding", [new AveragePooling2dLayer { Name = "x", PoolSize = new(3, 3), Padding = Padding2.Explicit(2, 0, 0, 1) }]);
        yield return ("batch normalization", [new BatchNormalizationLayer { Name = "x", Epsilon = 1e-3 }]);
        yield return ("batch normalization, activated", [new BatchNormalizationLayer { Name = "x", Activation = ActivationKind.Silu }]);
        yield return ("dropout", [new DropoutLayer { Name = "x" }]);
    }

    private static IEnumerable<(string Name, LayerSpec[] Layers)> Joins()
    {
        var a = new Conv2dLayer { Name = "a", Filters = 4, Inputs = ["input"] };
        var b = a with { Name = "b", Filters = 5 };
        yield return ("add", [a, a with { Name = "b" }, new AddLayer { Name = "x", Inputs = ["a", "b"], Activation = ActivationKind.Relu }]);
        yield return ("add, thrice the same", [a, new AddLayer { Name = "x", Inputs = ["a", "a", "a"] }]);
        yield return ("concatenate", [a, b, new ConcatenateLayer { Name = "x", Inputs = ["b", "a", "b"] }]);
        yield return ("a layer named like a tensor", [a, a with { Name = "a.weight", Inputs = ["a"] }, a with { Name = "a.bias", Inputs = ["a.weight"] }]);
        yield return ("layers named like the outputs", [a with { Name = "probabilities", Activation = ActivationKind.Elu }, a with { Name = "logits", Inputs = ["probabilities"] }]);
    }

    private static IEnumerable<(string Name, LayerSpec[] Layers)> Activations() =>
        from kind in Enum.GetValues<ActivationKind>()
        where kind != ActivationKind.Softmax
        select ($"activation {kind}", new LayerSpec[]
        {
            new ActivationLayer { Name = "x", Activation = kind },
            new Conv2dLayer { Name = "y", Filters = 3, Activation = kind },
        });

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
            new AddLayer { Name = "c", Inputs = ["a", "b"] },
            new ConcatenateLayer { Name = "d", Inputs = ["c", "mean", "a"] },
            new FlattenLayer { Name = "e" },
            dense,
        ]);
    }
}
