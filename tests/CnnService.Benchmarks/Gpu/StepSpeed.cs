using System.Diagnostics;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using CnnService.Torch.Training.Optimizing;
using static TorchSharp.torch;

namespace CnnService.Benchmarks.Gpu;

/// <summary>
/// A training step of the article's network on images that lie on the device: without an optimizer, with the one that moves a parameter at
/// a time, and with the fused one where the device has its kernels, in turns.
/// </summary>
internal sealed class StepSpeed : IDisposable
{
    private const int Side = 150;

    private readonly TorchNetwork _network;
    private readonly Optimizer _plain;
    private readonly Optimizer? _fused;
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly int _batchSize;

    /// <param name="device">Where it runs.</param>
    /// <param name="type">Of the arithmetic.</param>
    /// <param name="kind">The optimizer.</param>
    /// <param name="batchSize">Images of a step.</param>
    public StepSpeed(Device device, ScalarType type, OptimizerKind kind, int batchSize)
    {
        _ = PresetCatalog.TryFind("article-cnn", out var preset);
        var network = NetworkSpecValidator.Resolve(preset!.Create(2, new InputSpec(Side, Side, 3)), 2, new ValidationErrors())!;
        _network = new(network, InitialWeights.Create(network, 42), device, type);
        _network.Tensors.RequireGradients(true);
        _plain = Optimizer.CreatePlain(_network.Tensors, new() { Name = kind }, ParameterRules.None, clip: null);
        _fused = FusedOptimizer.Fits(device)
            ? new FusedOptimizer(_network.Tensors, new() { Name = kind }, ParameterRules.None, clip: null)
            : null;
        _images = rand([batchSize, 3, Side, Side], device: device).DetachFromDisposeScope();
        _labels = zeros([batchSize], ScalarType.Int64, device: device).DetachFromDisposeScope();
        _batchSize = batchSize;
    }

    /// <summary>
    /// Milliseconds of a step, medians of the rounds, and images a second with the optimizer that training takes there: the fused one, or
    /// the plain one, where Fused is none.
    /// </summary>
    /// <param name="rounds">Turns of all three.</param>
    /// <param name="steps">Steps of a turn, timed together.</param>
    public (double None, double Plain, double? Fused, double ImagesPerSecond) Measure(int rounds, int steps)
    {
        Optimizer?[] kinds = _fused is null ? [null, _plain] : [null, _plain, _fused];
        var found = kinds.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < kinds.Length; i++)
            {
                found[i].Add(Turn(kinds[i], steps));
            }
        }

        var medians = found.Select(times => Figures.Median(times.Skip(1))).ToArray(); // The first round warms up.
        return (medians[0], medians[1], _fused is null ? null : medians[2], 1000 * _batchSize / medians[^1]);
    }

    /// <summary>
    /// The optimizers alone, on one set of gradients, in turns: milliseconds of a step and of the processor's work in it, which other
    /// programs on the machine disturb less; medians. For the processor, which has no queue of its own to wait for.
    /// </summary>
    /// <exception cref="NotSupportedException">The device has no fused optimizer.</exception>
    public (double Plain, double PlainWork, double Fused, double FusedWork) MeasureUpdates(int rounds)
    {
        var fusedOptimizer = _fused ?? throw new NotSupportedException("The device has no fused optimizer.");
        using var scope = NewDisposeScope();
        var loss = Losses.CrossEntropy(_network.Forward(_images, ForwardMode.Training), _labels);
        var gradients = Gradients.Compute(loss, _plain.Parameters);
        List<(double Time, double Work)> plain = [], fused = [];
        for (var round = 0; round <= rounds; round++)
        {
            plain.Add(Update(_plain, gradients));
            fused.Add(Update(fusedOptimizer, gradients));
        }

        return (Figures.Median(plain.Skip(1).Select(one => one.Time)), Figures.Median(plain.Skip(1).Select(one => one.Work)),
            Figures.Median(fused.Skip(1).Select(one => one.Time)), Figures.Median(fused.Skip(1).Select(one => one.Work)));
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
        _plain.Dispose();
        _fused?.Dispose();
        _network.Dispose();
    }

    private static (double Time, double Work) Update(Optimizer optimizer, IList<Tensor> gradients)
    {
        using var process = Process.GetCurrentProcess();
        var (start, work) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        optimizer.Step(gradients, 1e-6);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        process.Refresh();
        return (time, (process.TotalProcessorTime - work).TotalMilliseconds);
    }

    private double Turn(Optimizer? optimizer, int steps)
    {
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var loss = Losses.CrossEntropy(_network.Forward(_images, ForwardMode.Training), _labels);
            var gradients = Gradients.Compute(loss, _plain.Parameters);
            optimizer?.Step(gradients, 1e-6);
            if (step == steps - 1)
            {
                // Waits for the device.
                _ = loss.item<float>() + gradients[^1].sum().to(ScalarType.Float32).item<float>();
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps;
    }
}
