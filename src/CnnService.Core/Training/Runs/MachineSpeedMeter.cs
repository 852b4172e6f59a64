using System.Diagnostics;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Training.Runs;

/// <summary>Times a few batches of ResNet-18, with random weights, in each engine. Takes some seconds; uses every core.</summary>
/// <param name="fast">The training engine in the arithmetic of training.</param>
/// <param name="exact">The training engine in float32.</param>
/// <param name="exporter">Writes the network.</param>
/// <param name="onnx">Serves it.</param>
public sealed class MachineSpeedMeter(
    IFeatureRunners fast, INetworkRunnerFactory exact, IModelExporter exporter, IOnnxRunnerFactory onnx)
{
    private const int Images = 16;
    private const double EnoughSeconds = 0.6;

    /// <summary>Blocks. Problem codes: <c>training.device-unavailable</c>, <c>model.corrupt</c>.</summary>
    public Outcome<MachineSpeed> Measure()
    {
        var network = Backbone();
        var weights = RandomWeights(network);
        var preprocessing = Preprocessing.Create(NormalizationKind.Imagenet, 3, [], []);
        var plan = Plan(network, preprocessing);
        return fast.Load(network, weights, plan).Bind(training =>
        {
            using var first = training.Runner;
            var trained = Time(network, first);
            return onnx.Load(exporter.Export(network, weights, [], preprocessing), preprocessing).Map(served =>
            {
                using (served)
                {
                    using var third = exact.Load(network, weights, preprocessing);
                    return MachineSpeed.Typical(Environment.ProcessorCount) with
                    {
                        Training = trained,
                        Serving = Time(network, served),
                        Exact = Time(network, third),
                    };
                }
            });
        });
    }

    /// <summary>Multiply-adds a second, of the best of several batches after one that warms up.</summary>
    private static double Time(ResolvedNetwork network, INetworkRunner runner)
    {
        var input = network.Spec.Input;
        var batch = new PixelBatch(new byte[Images * input.Shape.Elements], Images, input.Height, input.Width, input.Channels);
        runner.Logits(batch);
        var (best, began) = (double.PositiveInfinity, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < EnoughSeconds)
        {
            var start = Stopwatch.GetTimestamp();
            runner.Logits(batch);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Images * network.Layers.Sum(layer => (double)layer.MultiplyAdds) / best;
    }

    private static ResolvedNetwork Backbone()
    {
        var spec = PresetCatalog.All.First(preset => preset.Name == "resnet18").Create(2);
        return NetworkSpecValidator.Resolve(
            spec with { Layers = [.. spec.Layers.Take(spec.Layers.Count - 1)] }, NetworkSpecValidator.NoClasses, new())
            ?? throw new InvalidOperationException("The preset resnet18 breaks rules.");
    }

    private static NamedWeights RandomWeights(ResolvedNetwork network)
    {
        var weights = new NamedWeights();
        var random = new CounterRandom(0x5EED);
        foreach (var tensor in NetworkTensor.List(network))
        {
            var values = new float[tensor.Shape.Aggregate(1, (product, size) => product * size)];
            var spread = Math.Sqrt(2.0 * tensor.Shape[0] / values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = tensor.Shape.Count > 1 ? (float)(spread * random.NextDouble(-1, 1)) : 1;
            }

            weights.Add(tensor.Name, new(tensor.Shape, values));
        }

        return weights;
    }

    private static TrainingPlan Plan(ResolvedNetwork network, Preprocessing preprocessing) => new()
    {
        RunId = string.Empty,
        Dataset = string.Empty,
        DatasetFolder = string.Empty,
        DatasetDigest = string.Empty,
        Classes = [],
        Architecture = "resnet18",
        Network = network.Spec,
        Preprocessing = preprocessing,
    };
}
