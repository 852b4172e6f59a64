using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Engine.Tests.Onnx;

/// <summary>Small networks, weights and images, the same each time.</summary>
internal static class Some
{
    /// <summary>Spreads bytes over -8 to 8, so that every activation function shows all its parts.</summary>
    public static Preprocessing Preprocessing(int channels = 3) => new()
    {
        Normalization = NormalizationKind.Standardize,
        Scale = 1 / 255.0,
        Mean = [.. Enumerable.Range(0, channels).Select(c => 0.5 - (0.01 * c))],
        Std = [.. Enumerable.Range(0, channels).Select(c => (1 + (0.1 * c)) / 16)],
    };

    public static ResolvedNetwork Network(int classes, InputSpec input, params LayerSpec[] layers)
    {
        var errors = new ValidationErrors();
        var network = NetworkSpecValidator.Resolve(new(input, layers), classes, errors);
        Assert.False(errors.Any, string.Join("; ", errors.ToDictionary().Select(e => $"{e.Key} {e.Value[0]}")));
        return network!;
    }

    /// <summary>Convolution, pooling and two dense layers over an image of 8 by 8; three classes.</summary>
    public static ResolvedNetwork Network() => Network(
        3,
        new(8, 8, 3),
        new Conv2dLayer { Name = "conv", Filters = 6, Padding = Padding2.Same, Activation = ActivationKind.Relu },
        new MaxPooling2dLayer { Name = "pool" },
        new FlattenLayer { Name = "flat" },
        new DenseLayer { Name = "hidden", Units = 10, Activation = ActivationKind.Tanh },
        new DropoutLayer { Name = "drop" },
        new DenseLayer { Name = "classes_out", Activation = ActivationKind.Softmax });

    /// <summary>Random weights that keep the size of what goes through.</summary>
    public static NamedWeights Weights(ResolvedNetwork network, ulong seed = 1)
    {
        var weights = new NamedWeights();
        var random = new CounterRandom(seed);
        foreach (var layer in network.Layers)
        {
            AddWeights(weights, layer, ref random);
        }

        return weights;
    }

    public static byte[] Image(ResolvedNetwork network, ulong seed)
    {
        var random = new CounterRandom(seed, 77);
        var pixels = new byte[network.Spec.Input.Shape.Elements];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.NextInt32(256);
        }

        return pixels;
    }

    public static PixelBuffer Buffer(ResolvedNetwork network, byte[] pixels)
    {
        var (height, width, channels) = network.Spec.Input;
        return new(width, height, channels, pixels);
    }

    public static string[] Classes(int count) => [.. Enumerable.Range(0, count).Select(i => $"class {i} – é\"")];

    private static void AddWeights(NamedWeights weights, ResolvedLayer layer, ref CounterRandom random)
    {
        var inputs = layer.InputShapes[0];
        switch (layer.Spec)
        {
            case Conv2dLayer conv:
                Add(weights, $"{layer.Name}.weight",
                    [conv.Filters, inputs.Channels / conv.Groups, conv.KernelSize.Height, conv.KernelSize.Width], ref random);
                AddBias(weights, layer.Name, conv.Filters, conv.UseBias, ref random);
                break;
            case DenseLayer dense:
                Add(weights, $"{layer.Name}.weight", [dense.Units.Count, inputs.Channels], ref random);
                AddBias(weights, layer.Name, dense.Units.Count, dense.UseBias, ref random);
                break;
            case LayerNormalizationLayer norm:
                Add(weights, $"{layer.Name}.weight", [.. norm.ParameterShape(inputs)], ref random);
                Add(weights, $"{layer.Name}.bias", [.. norm.ParameterShape(inputs)], ref random);
                break;
            case PReluLayer:
                Add(weights, $"{layer.Name}.weight", [inputs.Channels], ref random);
                break;
            case BatchNormalizationLayer:
                Add(weights, $"{layer.Name}.weight", [inputs.Channels], ref random);
                Add(weights, $"{layer.Name}.bias", [inputs.Channels], ref random);
                Add(weights, $"{layer.Name}.running_mean", [inputs.Channels], ref random);
                Add(weights, $"{layer.Name}.running_var", [inputs.Channels], ref random, low: 0.5, high: 2);
                break;
        }
    }

    private static void AddBias(NamedWeights weights, string layer, int size, bool useBias, ref CounterRandom random)
    {
        if (useBias)
        {
            Add(weights, $"{layer}.bias", [size], ref random);
        }
    }

    private static void Add(NamedWeights weights, string name, int[] shape, ref CounterRandom random, double low = -1, double high = 1)
    {
        var scale = shape.Length == 1 ? 1 : Math.Sqrt(3.0 / shape.Skip(1).Aggregate(1, (product, size) => product * size));
        var data = new float[shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = (float)(scale * random.NextDouble(low, high));
        }

        weights.Add(name, new(shape, data));
    }
}
