using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Snapshots;

namespace CnnService.Core.Tests.Interpretation.Timelapse;

/// <summary>A run's folder with snapshots of a network that never learned, and what draws timelapses of it.</summary>
internal sealed class SomeTimelapse : IDisposable
{
    private readonly PatternTileCache _tiles;

    public SomeTimelapse(ISnapshotMaps? maps = null)
    {
        _tiles = new(Painter, new MemoryImageCache());
        Timelapses = new(_tiles, maps ?? new MapsByEpoch());
    }

    public TrainingPlan Plan { get; init; } = new()
    {
        RunId = "run-1",
        DatasetFolder = "/none",
        Dataset = "pets",
        DatasetDigest = "0",
        Classes = ["cat", "dog"],
        Architecture = "custom",
        Network = SomeModel.Create().Network.Spec,
        Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
        SnapshotBytes = 1 << 20,
    };

    public TemporaryFolder Folder { get; } = new();

    public PatternPainter Painter { get; } = new();

    public TimelapsePipeline Timelapses { get; }

    /// <summary>Keeps the epochs 0 to the given one.</summary>
    public SomeTimelapse Until(int last)
    {
        for (var epoch = 0; epoch <= last; epoch++)
        {
            var weights = new NamedWeights();
            weights.Add("w", new([1], [epoch]));
            SnapshotFolder.Write(Folder.Root, epoch, weights);
        }

        return this;
    }

    public TimelapseSource Source(int frames = 12, double accuracy = 0.5) => TimelapseSource.Create(
        Plan, Folder.Root,
        [.. Enumerable.Range(1, 40)
            .Select(epoch => new EpochMetrics(epoch, 1.0 / epoch, double.NaN, double.NaN, epoch == 1 ? double.NaN : accuracy, 0.001, 2,
                100))], frames).Value;

    public void Dispose()
    {
        _tiles.Dispose();
        Painter.Dispose();
        Folder.Dispose();
    }

    /// <summary>Ramps that are steeper in later epochs; flat before the first.</summary>
    private sealed class MapsByEpoch : ISnapshotMaps
    {
        public Outcome<LayerActivations> Read(
            LoadedModel snapshot, ResolvedLayer layer, PixelBuffer image, CancellationToken cancel) => new LayerActivations(
            SomeModel.Filters, 6, 6,
            Enumerable.Range(0, SomeModel.Filters * 36).Select(i => (float)(snapshot.Version * (i % 36))).ToArray());
    }
}
