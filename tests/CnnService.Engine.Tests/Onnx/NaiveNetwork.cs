using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Engine.Tests.Onnx;

/// <summary>
/// A network run the slow and obvious way, in float64, one image at a time: every sum is written as its definition says.
/// The judge of what OnnxRuntime makes of exported files.
/// </summary>
internal sealed class NaiveNetwork(ResolvedNetwork network, NamedWeights weights, Preprocessing preprocessing)
{
    /// <summary>What becomes of the input, and of each layer's value, before others see it; by default nothing.</summary>
    public Func<string, NaiveTensor, NaiveTensor> Seen { get; init; } = (_, value) => value;

    /// <summary>The values of every layer for one image, by name; <c>[C,H,W]</c>, and the logits under the last layer's.</summary>
    public Dictionary<string, NaiveTensor> Run(ReadOnlySpan<byte> pixels)
    {
        var values = new Dictionary<string, NaiveTensor> { [NetworkSpec.InputName] = Seen(NetworkSpec.InputName, Normalize(pixels)) };
        foreach (var layer in network.Layers)
        {
            var raw = Apply(layer, [.. layer.Inputs.Select(name => values[name])]);
            var isHead = layer.Name == network.Output.Name && Written(layer.Spec) is ActivationKind.Sigmoid or ActivationKind.Softmax;
            values[layer.Name] = Seen(layer.Name, isHead ? raw : raw.Map(value => Activate(layer.Spec, value)));
        }

        return values;
    }

    public double[] Logits(ReadOnlySpan<byte> pixels) => Run(pixels)[network.Output.Name].Data;

    /// <summary>One a class, a single sigmoid spread over two.</summary>
    public double[] Probabilities(ReadOnlySpan<byte> pixels)
    {
        var logits = Logits(pixels);
        if (logits.Length == 1)
        {
            var positive = 1 / (1 + Math.Exp(-logits[0]));
            return [1 - positive, positive];
        }

        var powers = logits.Select(logit => Math.Exp(logit - logits.Max())).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static ActivationKind Written(LayerSpec layer) => layer switch
    {
        ActivatedLayer activated => activated.Activation,
        ActivationLayer activation => activation.Activation,
        _ => ActivationKind.Linear,
    };

    private static double Activate(LayerSpec layer, double x) => layer switch
    {
        ActivationLayer { Activation: ActivationKind.LeakyRelu, Slope: { } slope } => x > 0 ? x : slope * x,
        ActivationLayer { Activation: ActivationKind.Elu, Slope: { } slope } => x > 0 ? x : slope * (Math.Exp(x) - 1),
        ActivationLayer { Activation: ActivationKind.HardSigmoid } own =>
            Math.Clamp(((own.Slope ?? 1.0 / 6) * x) + (own.Offset ?? 0.5), 0, 1),
        ActivationLayer { Activation: ActivationKind.Clip } clip =>
            Math.Min(Math.Max(x, clip.Minimum ?? double.MinValue), clip.Maximum ?? double.MaxValue),
        _ => Activate(Written(layer), x),
    };

    private static double Activate(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Linear => x,
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.LeakyRelu => x > 0 ? x : 0.1 * x,
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Gelu => x * NormalShare(x),
        ActivationKind.GeluTanh => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        ActivationKind.Silu => x / (1 + Math.Exp(-x)),
        ActivationKind.HardSwish => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        ActivationKind.Elu => x > 0 ? x : Math.Exp(x) - 1,
        ActivationKind.Selu => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)),
        ActivationKind.Mish => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        ActivationKind.Relu6 => Math.Clamp(x, 0, 6),
        ActivationKind.HardSigmoid => Math.Clamp((x / 6) + 0.5, 0, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The standard normal distribution: its density summed from 0 by Simpson's rule.</summary>
    private static double NormalShare(double x)
    {
        const int Steps = 2000;
        var step = x / Steps;
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
        {
            var weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Exp(-(i * step) * (i * step) / 2);
        }

        return 0.5 + (sum * step / 3 / Math.Sqrt(2 * Math.PI));
    }

    private NaiveTensor Apply(ResolvedLayer layer, NaiveTensor[] inputs) => layer.Spec switch
    {
        Conv2dLayer conv => Convolve(layer, conv, inputs[0]),
        MaxPooling2dLayer pool =>
            Slide(inputs[0], pool, layer.OutputShape, cells => cells.Where(cell => cell.Inside).Max(cell => cell.Value)),
        AveragePooling2dLayer pool => Slide(
            inputs[0], pool, layer.OutputShape,
            cells => cells.Where(cell => cell.Inside || (pool.CountIncludePad && cell.Padded)).Average(cell => cell.Value)),
        GlobalAveragePooling2dLayer =>
            NaiveTensor.Vector([.. Enumerable.Range(0, inputs[0].Channels).Select(c => inputs[0].Map(c).Average())]),
        GlobalMaxPooling2dLayer => NaiveTensor.Vector([.. Enumerable.Range(0, inputs[0].Channels).Select(c => inputs[0].Map(c).Max())]),
        Padding2dLayer pad => NaiveTensor.Create(
            inputs[0].Channels,
            layer.OutputShape.Height,
            layer.OutputShape.Width,
            (c, y, x) => inputs[0].Read(c, y - pad.Padding.Top, x - pad.Padding.Left, pad.PaddingMode)),
        LocalResponseNormalizationLayer norm => NormalizeResponses(norm, inputs[0]),
        LayerNormalizationLayer norm => NormalizeImage(layer.Name, norm, inputs[0]),
        SelectChannelsLayer select => NaiveTensor.Create(select.Channels.Count, inputs[0].Height, inputs[0].Width,
            (c, y, x) => inputs[0].Data[inputs[0].At(select.Channels[c], y, x)]),
        PReluLayer => NaiveTensor.Create(inputs[0].Channels, inputs[0].Height, inputs[0].Width, (c, y, x) =>
            inputs[0].Data[inputs[0].At(c, y, x)] is var value && value > 0 ? value : value * weights[$"{layer.Name}.weight"].Data[c]),
        BatchNormalizationLayer norm => BatchNormalize(layer.Name, norm, inputs[0]),
        FlattenLayer => NaiveTensor.Vector(inputs[0].Data),
        DenseLayer dense => Multiply(layer.Name, dense, inputs[0]),
        AddLayer => Join(inputs, (one, other) => one + other),
        MultiplyLayer => Join(inputs, (one, other) => one * other),
        ConcatenateLayer =>
            inputs[0] with { Channels = inputs.Sum(input => input.Channels), Data = [.. inputs.SelectMany(input => input.Data)] },
        _ => inputs[0],
    };

    private NaiveTensor Normalize(ReadOnlySpan<byte> pixels)
    {
        var shape = network.Spec.Input;
        var input = new NaiveTensor(shape.Channels, shape.Height, shape.Width, new double[shape.Channels * shape.Height * shape.Width]);
        for (var c = 0; c < shape.Channels; c++)
        {
            var channel = preprocessing.ChannelOrder == ChannelOrder.Bgr ? shape.Channels - 1 - c : c;
            for (var y = 0; y < shape.Height; y++)
            {
                for (var x = 0; x < shape.Width; x++)
                {
                    var value = pixels[(((y * shape.Width) + x) * shape.Channels) + channel] * preprocessing.Scale;
                    input.Data[input.At(c, y, x)] = (value - preprocessing.Mean[c]) / preprocessing.Std[c];
                }
            }
        }

        return input;
    }

    private NaiveTensor Convolve(ResolvedLayer layer, Conv2dLayer conv, NaiveTensor input)
    {
        var kernel = weights[$"{layer.Name}.weight"].Data;
        var bias = conv.UseBias ? weights[$"{layer.Name}.bias"].Data : new float[conv.Filters];
        var padding = layer.Padding;
        var (kh, kw) = conv.KernelSize;
        var height = ((input.Height + padding.Top + padding.Bottom - (((kh - 1) * conv.Dilation.Height) + 1)) / conv.Strides.Height) + 1;
        var width = ((input.Width + padding.Left + padding.Right - (((kw - 1) * conv.Dilation.Width) + 1)) / conv.Strides.Width) + 1;
        var depth = input.Channels / conv.Groups;
        return NaiveTensor.Create(conv.Filters, height, width, (filter, y, x) =>
        {
            var first = filter / (conv.Filters / conv.Groups) * depth;
            var sum = (double)bias[filter];
            for (var k = 0; k < depth * kh * kw; k++)
            {
                var row = (y * conv.Strides.Height) + (k / kw % kh * conv.Dilation.Height) - padding.Top;
                var column = (x * conv.Strides.Width) + (k % kw * conv.Dilation.Width) - padding.Left;
                sum += kernel[(filter * depth * kh * kw) + k] * input.Read(first + (k / (kh * kw)), row, column, conv.PaddingMode);
            }

            return sum;
        });
    }

    /// <summary>Cells on the map, cells of the padding as written (zeros), and cells beyond both.</summary>
    private static NaiveTensor Slide(
        NaiveTensor input, PoolingLayer pool, TensorShape output,
        Func<IEnumerable<(bool Inside, bool Padded, double Value)>, double> reduce)
    {
        var written = pool.Padding.Resolve(new(input.Height, input.Width), pool.PoolSize, pool.EffectiveStrides, new(1, 1));
        return NaiveTensor.Create(output.Channels, output.Height, output.Width, (c, y, x) => reduce(
            from row in Enumerable.Range((y * pool.EffectiveStrides.Height) - written.Top, pool.PoolSize.Height)
            from column in Enumerable.Range((x * pool.EffectiveStrides.Width) - written.Left, pool.PoolSize.Width)
            let inside = row >= 0 && row < input.Height && column >= 0 && column < input.Width
            select (inside, row < input.Height + written.Bottom && column < input.Width + written.Right,
                inside ? input.Data[input.At(c, row, column)] : 0.0)));
    }

    /// <summary>By mean and variance of the channels at a place, or of a group of channels.</summary>
    private NaiveTensor NormalizeImage(string name, LayerNormalizationLayer norm, NaiveTensor input)
    {
        var (weight, bias) = (weights[$"{name}.weight"].Data, weights[$"{name}.bias"].Data);
        var size = input.Channels / (norm.Groups ?? 1);
        return NaiveTensor.Create(input.Channels, input.Height, input.Width, (c, y, x) =>
        {
            double[] together = norm.Groups is null
                ? [.. Enumerable.Range(0, input.Channels).Select(channel => input.Data[input.At(channel, y, x)])]
                : [.. Enumerable.Range(c / size * size, size).SelectMany(input.Map)];
            var mean = together.Average();
            var variance = together.Average(value => (value - mean) * (value - mean));
            var cell = input.At(c, y, x);
            var at = norm.Elementwise ? cell : c;
            return ((input.Data[cell] - mean) / Math.Sqrt(variance + norm.Epsilon) * weight[at]) + bias[at];
        });
    }

    private static NaiveTensor NormalizeResponses(LocalResponseNormalizationLayer norm, NaiveTensor input) => NaiveTensor.Create(
        input.Channels, input.Height, input.Width, (c, y, x) =>
        {
            var energy = Enumerable.Range(c - (norm.Size / 2), norm.Size)
                .Where(channel => channel >= 0 && channel < input.Channels)
                .Sum(channel => Math.Pow(input.Data[input.At(channel, y, x)], 2));
            return input.Data[input.At(c, y, x)] / Math.Pow(norm.Bias + (norm.Alpha / norm.Size * energy), norm.Beta);
        });

    /// <summary>A side of one cell stands for every cell of the largest.</summary>
    private static NaiveTensor Join(NaiveTensor[] inputs, Func<double, double, double> join)
    {
        var whole = inputs.MaxBy(input => input.Data.Length)!;
        return NaiveTensor.Create(whole.Channels, whole.Height, whole.Width, (c, y, x) => inputs
            .Select(input => input.Data[input.At(input.Channels == 1 ? 0 : c, input.Height == 1 ? 0 : y, input.Width == 1 ? 0 : x)])
            .Aggregate(join));
    }

    private NaiveTensor BatchNormalize(string name, BatchNormalizationLayer norm, NaiveTensor input)
    {
        float Of(string tensor, int channel) => weights[$"{name}.{tensor}"].Data[channel];
        return NaiveTensor.Create(input.Channels, input.Height, input.Width, (c, y, x) =>
            ((input.Data[input.At(c, y, x)] - Of("running_mean", c)) / Math.Sqrt(Of("running_var", c) + norm.Epsilon) * Of("weight", c))
            + Of("bias", c));
    }

    private NaiveTensor Multiply(string name, DenseLayer dense, NaiveTensor input)
    {
        var matrix = weights[$"{name}.weight"].Data;
        return NaiveTensor.Create(dense.Units.Count, 1, 1, (unit, _, _) =>
            (dense.UseBias ? weights[$"{name}.bias"].Data[unit] : 0)
            + input.Data.Select((value, i) => value * matrix[(unit * input.Data.Length) + i]).Sum());
    }
}
