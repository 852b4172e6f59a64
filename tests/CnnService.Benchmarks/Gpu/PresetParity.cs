using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Benchmarks.Gpu;

/// <summary>
/// Logits and gradients of a preset in training on a device, against the processor in float32. Without dropout, whose draws are each
/// device's own.
/// </summary>
internal static class PresetParity
{
    private const int Images = 4;
    private const int Side = 64;

    /// <param name="preset">The architecture.</param>
    /// <param name="device">To be checked.</param>
    /// <param name="type">Of its arithmetic; float32 is computed without TF32.</param>
    /// <param name="limit">
    /// Largest length of the difference, relative to the length on the processor: of the logits, and of all gradients together.
    /// </param>
    public static CheckResult Check(Preset preset, Device device, ScalarType type, double limit)
    {
        backends.cuda.matmul.allow_tf32 = false;
        backends.cudnn.allow_tf32 = false;
        var spec = preset.Create(2, new InputSpec(Side, Side, 3));
        var layers = spec.Layers.Select(layer => layer is DropoutLayer dropout ? dropout with { Rate = 0 } : layer);
        var network = NetworkSpecValidator.Resolve(spec with { Layers = [.. layers] }, 2, new ValidationErrors())!;
        var expected = Compute(network, CPU, ScalarType.Float32);
        var found = Compute(network, device, type);
        var logits = Difference(expected[0], found[0]);
        var gradients = Difference([.. expected.Skip(1).SelectMany(values => values)], [.. found.Skip(1).SelectMany(values => values)]);
        var magnitude = expected[0].Max(Math.Abs);
        return new(
            logits <= limit && gradients <= limit && magnitude > 1e-5, // Of nothing there is no difference.
            ("preset", preset.Name), ("device", device.ToString()), ("type", type.ToString()), ("largestLogit", (double)magnitude),
            ("logits", logits), ("gradients", gradients), ("limit", limit));
    }

    /// <summary>The logits, then the gradient of each parameter.</summary>
    private static List<float[]> Compute(ResolvedNetwork network, Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var torchNetwork = new TorchNetwork(network, InitialWeights.Create(network, 42), device, type);
        torchNetwork.Tensors.RequireGradients(true);
        var random = new CounterRandom(7);
        var pixels = new float[Images * 3 * Side * Side];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (float)random.NextDouble(0, 1);
        }

        var images = tensor(pixels, [Images, 3, Side, Side], device: device);
        var labels = tensor([0L, 1L, 0L, 1L], device: device);
        var logits = torchNetwork.Forward(images, ForwardMode.Training);
        var loss = Losses.CrossEntropy(logits, labels);
        var parameters = torchNetwork.Tensors.Trained.Select(name => torchNetwork.Tensors[name]).ToList();
        var gradients = autograd.grad([loss], parameters);
        return [Values(logits), .. gradients.Select(Values)];
    }

    private static float[] Values(Tensor values) => values.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();

    private static double Difference(float[] expected, float[] found) =>
        Math.Sqrt(expected.Zip(found, (a, b) => Math.Pow(a - b, 2)).Sum() / Math.Max(1e-30, expected.Sum(a => (double)a * a)));
}
