using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Torch.Native;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Benchmarks.Gpu;

/// <summary>
/// Logits and gradients of a preset in training on a device, against the processor in float32. Without dropout, whose draws are each
/// device's own. Differences are lengths relative to the length on the processor: of the logits, and of all gradients together.
/// </summary>
internal sealed class PresetParity
{
    private const int Images = 4;
    private const int Side = 64;
    private const double Float32Limit = 1e-3;

    /// <summary>Unit roundoff of bfloat16: 8 bits of precision.</summary>
    private const double Roundoff = 1.0 / 256;

    private readonly string _name;
    private readonly ResolvedNetwork _network;
    private readonly List<float[]> _expected;

    public PresetParity(Preset preset)
    {
        _name = preset.Name;
        var spec = preset.Create(2, new InputSpec(Side, Side, 3));
        var layers = spec.Layers.Select(layer => layer is DropoutLayer dropout ? dropout with { Rate = 0 } : layer);
        _network = NetworkSpecValidator.Resolve(spec with { Layers = [.. layers] }, 2, new ValidationErrors())!;
        _expected = Compute(CPU, ScalarType.Float32);
    }

    /// <summary>Without TF32, so that only the order of the sums differs.</summary>
    public CheckResult Float32(Device device)
    {
        GpuArithmetic.TakeFloat32AtItsWord();
        return Judge(device, ScalarType.Float32, Compute(device, ScalarType.Float32), (Float32Limit, Float32Limit));
    }

    /// <summary>
    /// The processor's own bfloat16 is the measure. Both round the same tensors to 8 bits and add up in float32, so that their errors are
    /// two draws from one distribution: each is as long as the other, whatever the network amplifies, and more than twice as long is a
    /// fault. One rounding of the result itself is allowed on top, which is what is left where the processor happens to be exact.
    /// </summary>
    public CheckResult Bfloat16(Device device)
    {
        var (logits, gradients) = Differences(Compute(CPU, ScalarType.BFloat16));
        return Judge(device, ScalarType.BFloat16, Compute(device, ScalarType.BFloat16),
            ((2 * logits) + Roundoff, (2 * gradients) + Roundoff));
    }

    private CheckResult Judge(Device device, ScalarType type, List<float[]> found, (double Logits, double Gradients) limit)
    {
        var (logits, gradients) = Differences(found);
        var magnitude = _expected[0].Max(Math.Abs);
        return new(
            logits <= limit.Logits && gradients <= limit.Gradients && magnitude > 1e-5, // Of nothing there is no difference.
            ("preset", _name), ("device", device.ToString()), ("type", type.ToString()), ("largestLogit", (double)magnitude),
            ("logits", logits), ("logitsLimit", limit.Logits), ("gradients", gradients), ("gradientsLimit", limit.Gradients));
    }

    private (double Logits, double Gradients) Differences(List<float[]> found) =>
        (Vectors.Difference(_expected[0], found[0]), Vectors.Difference(All(_expected), All(found)));

    private static float[] All(List<float[]> values) => [.. values.Skip(1).SelectMany(gradient => gradient)];

    /// <summary>The logits, then the gradient of each parameter.</summary>
    private List<float[]> Compute(Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(_network, InitialWeights.Create(_network, 42), device, type);
        network.Tensors.RequireGradients(true);
        var random = new CounterRandom(7);
        var pixels = new float[Images * 3 * Side * Side];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (float)random.NextDouble(0, 1);
        }

        var images = tensor(pixels, [Images, 3, Side, Side], device: device);
        var labels = tensor([0L, 1L, 0L, 1L], device: device);
        var logits = network.Forward(images, ForwardMode.Training);
        var loss = Losses.CrossEntropy(logits, labels);
        var parameters = network.Tensors.Trained.Select(name => network.Tensors[name]).ToList();
        var gradients = Gradients.Compute(loss, parameters);
        return [Vectors.Read(logits), .. gradients.Select(Vectors.Read)];
    }
}
