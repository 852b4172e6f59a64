using System.Diagnostics;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Imaging;
using CnnService.Imaging.Codec;
using CnnService.Torch;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Batching;
using CnnService.Torch.Native;
using CnnService.Torch.Networks;
using CnnService.Torch.Training;
using CnnService.Torch.Training.Objectives;
using CnnService.Torch.Training.Optimizing;
using Microsoft.Extensions.DependencyInjection;
using static TorchSharp.torch;

namespace CnnService.Benchmarks.Scenarios;

/// <summary>
/// Where a training's time goes: the data path, the preparation, the augmentation, the passes, the optimizer and the evaluation,
/// each alone, on real images; medians. The same step with almost no arithmetic in it bounds what is not libtorch's own.
/// </summary>
internal static class StepParts
{
    private const int Side = 150;
    private const int Repeats = 40;

    public static async Task RunAsync(Arguments arguments)
    {
        var data = arguments.Required(0, "a folder or archive of images");
        var batchSize = arguments.Whole("--batch-size", 32);
        var folder = Directory.CreateTempSubdirectory("cnnservice-parts-").FullName;
        try
        {
            await using var services = Services(folder);
            services.GetRequiredService<TorchRuntime>().Require();
            HostMemory.KeepFreedBuffers();
            using var source = await OpenAsync(services, data, folder);
            Console.WriteLine(
                $"{source.Count} images of {Side}x{Side}, batches of {batchSize}, {get_num_threads()} threads; medians of {Repeats}");
            Measure(source, batchSize, ScalarType.BFloat16);
            Measure(source, batchSize, ScalarType.Float32);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(IPixelSource source, int batchSize, ScalarType type)
    {
        using var bench = new Bench(Network(Side), type);
        using var small = new Bench(Network(16), type);
        using var feed = new StreamedFeed(source, CPU);
        using var augmenter = BatchAugmenter.Create(AugmentationSpec.Article, 42, new InputSpec(Side, Side, 3), CPU)!;
        using var pipeline = new BatchPipeline(Preprocessing.Create(NormalizationKind.Rescale, 3, [], []), CPU);
        using var batch = feed.Batches(EpochOrder.Sequential(source.Count), batchSize).First();
        var order = EpochOrder.Shuffled(source.Count, 42, 0);
        using var epoch = new AugmentedEpoch(augmenter, order, epoch: 0);
        var path = Median(5, () =>
        {
            foreach (var one in feed.Batches(order, batchSize))
            {
                one.Dispose();
            }
        }) * batchSize / source.Count;
        var prepare = Median(Repeats, () => pipeline.Preprocess(batch.Pixels).Dispose());
        var augment = Median(Repeats, () => epoch.Apply(batch.Pixels, batch.First).Dispose());
        bench.Take(pipeline.Preprocess(batch.Pixels), batch.Labels);
        small.Take(rand([1, 3, 16, 16]), zeros([1], ScalarType.Int64));
        var (forward, backward, update, step) = bench.Measure();
        var overhead = small.Measure().Step;
        using var objective = new Objective(new TrainingPlan
        {
            RunId = string.Empty,
            DatasetFolder = string.Empty,
            Dataset = string.Empty,
            DatasetDigest = string.Empty,
            Classes = ["a", "b"],
            Architecture = "custom",
            Network = bench.Network.Network.Spec,
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
        }, CPU);
        var evaluation = Median(3, () => Evaluator.Run(bench.Network, objective, feed, pipeline, CancellationToken.None));
        Figures.Print($"{type}: reading a batch {path.Text()} ms, preparing it {prepare.Text()}, augmentation 'article' {augment.Text()}");
        Figures.Print(
            $"  forward {forward.Text()} ms, backward {backward.Text()}, optimizer "
            + $"{update.Text()}; the step {step.Text()} ms = {(1000 * batchSize / step).Text()} images/s");
        Figures.Print($"  evaluation {(1000 * source.Count / evaluation).Text()} images/s");
        Figures.Print(
            $"  the same step with one image of 16x16: {overhead.Text()} ms, so at least "
            + $"{(100 * (1 - (overhead / step))).Text()} % of the step is libtorch's own");
    }

    private static ServiceProvider Services(string folder) => new ServiceCollection()
        .AddLogging().AddImaging().AddTorch()
        .Configure<ImagingOptions>(options => options.PixelCacheFolder = Path.Combine(folder, "pixels"))
        .BuildServiceProvider();

    private static async Task<IPixelSource> OpenAsync(ServiceProvider services, string data, string folder)
    {
        var into = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        var import = new DatasetImport
        {
            Name = "data",
            Origin = Directory.Exists(data) ? DatasetOrigin.Folder : DatasetOrigin.Archive,
            Source = Directory.Exists(data) ? RegularFile.RealPath(data) : data,
            Folder = into,
        };
        return (await services.GetRequiredService<IDatasetImporter>().ImportAsync(
                import, new Progress<ImportProgress>(), CancellationToken.None))
            .Bind(manifest => services.GetRequiredService<IPixelCache>()
                .Open(into, manifest, Split.Train, Side, Side, 3, CancellationToken.None))
            .Match(source => source, problem => throw new InvalidOperationException(problem.Detail));
    }

    private static ResolvedNetwork Network(int side)
    {
        _ = PresetCatalog.TryFind("article-cnn", out var preset);
        return NetworkSpecValidator.Resolve(preset!.Create(2, new InputSpec(side, side, 3)), 2, new ValidationErrors())!;
    }

    private static double Median(int times, Action action)
    {
        action();
        return Figures.Median(Enumerable.Range(0, times).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }));
    }

    /// <summary>A network with its optimizer and one batch for it.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly Optimizer _optimizer;
        private Tensor? _images;
        private Tensor? _labels;

        public Bench(ResolvedNetwork network, ScalarType type)
        {
            Network = new TorchNetwork(network, InitialWeights.Create(network, 42), CPU, type);
            Network.Tensors.RequireGradients(true);
            _optimizer = Optimizer.Create(Network.Tensors, new(), ParameterRules.None, clip: null);
        }

        public TorchNetwork Network { get; }

        public void Take(Tensor images, Tensor labels) => (_images, _labels) = (images, labels);

        /// <summary>Milliseconds.</summary>
        public (double Forward, double Backward, double Update, double Step) Measure()
        {
            List<double> forward = [], backward = [], update = [];
            for (var i = 0; i <= Repeats; i++)
            {
                using var scope = NewDisposeScope();
                var start = Stopwatch.GetTimestamp();
                var logits = Network.Forward(_images!, ForwardMode.Training);
                var loss = Losses.CrossEntropy(logits, _labels!);
                var middle = Stopwatch.GetTimestamp();
                var gradients = Gradients.Compute(loss, _optimizer.Parameters);
                var late = Stopwatch.GetTimestamp();
                _optimizer.Step(gradients, 1e-5);
                forward.Add(Stopwatch.GetElapsedTime(start, middle).TotalMilliseconds);
                backward.Add(Stopwatch.GetElapsedTime(middle, late).TotalMilliseconds);
                update.Add(Stopwatch.GetElapsedTime(late).TotalMilliseconds);
            }

            var whole = Enumerable.Range(1, Repeats).Select(i => forward[i] + backward[i] + update[i]);
            return (Figures.Median(forward.Skip(1)), Figures.Median(backward.Skip(1)), Figures.Median(update.Skip(1)),
                Figures.Median(whole));
        }

        public void Dispose()
        {
            _images?.Dispose();
            _optimizer.Dispose();
            Network.Dispose();
        }
    }
}
