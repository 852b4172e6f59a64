using CnnService.Core.Classification;
using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Classification.Bulk;

public sealed class BulkClassificationTests : IDisposable
{
    private static readonly string[] Classes = ["even", "odd"];

    private readonly TemporaryFolder _folder = new();
    private readonly NumberRunner _network = new();

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(200)]
    public async Task Run_AllImages_EachOnceInOrder(int count)
    {
        var plan = Plan(count);

        Assert.True((await RunAsync(plan, attempt: 1)).Succeeded);

        using var file = Open(plan, 2);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (float)i), file.Read().Select(row => row[1]));
        Assert.Equal(Enumerable.Range(0, count), _network.Seen);
        Assert.True(_network.Disposed);
    }

    [Fact]
    public async Task Run_StoppedAgainAndAgain_NoImageTwiceNoneMissing()
    {
        var plan = Plan(150);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            using var stop = new CancellationTokenSource();
            var begun = -1;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(plan, attempt, new ImportContext(done =>
            {
                begun = begun < 0 ? done : begun;
                if (done > begun)
                {
                    stop.Cancel();
                }
            }), cancel: stop.Token));
        }

        Assert.True((await RunAsync(plan, attempt: 4)).Succeeded);

        Assert.Equal(Enumerable.Range(0, 150), _network.Seen);
        using var file = Open(plan, 5);
        Assert.Equal(Enumerable.Range(0, 150).Select(i => (float)i), file.Read().Select(row => row[1]));
    }

    [Fact]
    public async Task Run_CancelledWhileTheNextBatchIsReady_ClassifiesItNoMore()
    {
        var plan = Plan(64);
        var decoder = new NumberDecoder();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(plan, attempt: 1, new ImportContext(done =>
        {
            if (done > 0)
            {
                SpinWait.SpinUntil(() => decoder.Decoded == 64); // Both batches are made ready at once.
                stop.Cancel();
            }
        }), decoder, cancel: stop.Token));

        Assert.Equal(Enumerable.Range(0, 32), _network.Seen);
    }

    [Fact]
    public async Task Run_ImageGone_KeepsWhatCameBeforeAndNamesIt()
    {
        var plan = Plan(100);
        File.Delete(Path.Combine(_folder.Root, DatasetFolder.ImagesFolder, $"{70:d64}"));

        var failed = await RunAsync(plan, attempt: 1);

        Assert.Equal("dataset.image-missing", failed.Problem?.Code);
        Assert.Contains("id-70", failed.Problem!.Detail, StringComparison.Ordinal);
        using var file = Open(plan, 2);
        Assert.Equal(64, file.Count);
    }

    [Fact]
    public async Task Run_OneOutput_IsSpreadOverTwoClasses()
    {
        var plan = Plan(3);
        _network.Outputs = 1;

        Assert.True((await RunAsync(plan, attempt: 1)).Succeeded);

        using var file = Open(plan, 2);
        Assert.Equal([[0, 0], [0, 1], [0, 2]], file.Read());
    }

    [Fact]
    public async Task Run_PartOfADataset_TakesItsImagesOnly()
    {
        var plan = SomeBulk.Plan(Files(4), Classes, Classes, [0, 1, 0, 1], Split.Test, [Split.Train, Split.Test, Split.Test, Split.Train]);

        Assert.True((await RunAsync(plan, attempt: 1)).Succeeded);

        Assert.Equal([1, 2], _network.Seen);
    }

    [Fact]
    public async Task Run_WhereDecodedImagesAreThere_DecodesNone()
    {
        var plan = SomeBulk.Plan(Files(5), Classes, Classes, [0, 1, 0, 1, 0], null,
            [Split.Train, Split.Train, Split.Validation, Split.Validation, Split.Validation]);
        var decoder = new NumberDecoder();

        var done = await RunAsync(plan, attempt: 1, decoder: decoder, cache: new NumberCache { [Split.Validation] = [2, 3, 4] });

        Assert.True(done.Succeeded);
        Assert.Equal([0, 1, 2, 3, 4], _network.Seen);
        Assert.Equal(2, decoder.Decoded);
    }

    [Fact]
    public void Key_OfAnotherNetworkOrOtherImages_IsAnother()
    {
        var plan = Plan(3);

        Assert.Equal(plan.Key(), Plan(3).Key());
        Assert.NotEqual(plan.Key(), (plan with { Split = Split.Validation }).Key());
        Assert.NotEqual(plan.Key(), (plan with { Dataset = plan.Dataset with { Digest = "1" } }).Key());
        var retrained = plan.Model.Manifest with { Files = [new(ModelPackage.WeightsFile, 1, "3")] };
        Assert.NotEqual(plan.Key(), (plan with { Model = plan.Model with { Manifest = retrained } }).Key());
    }

    public void Dispose() => _folder.Dispose();

    private BulkPlan Plan(int count) => SomeBulk.Plan(Files(count), Classes, Classes, [.. Enumerable.Range(0, count).Select(i => i % 2)]);

    /// <summary>A data set's and a model's files at once; each image's file is its number.</summary>
    private string Files(int count)
    {
        File.WriteAllBytes(Path.Combine(_folder.Root, ModelPackage.OnnxFile), []);
        var images = Directory.CreateDirectory(Path.Combine(_folder.Root, DatasetFolder.ImagesFolder)).FullName;
        for (var i = 0; i < count; i++)
        {
            File.WriteAllBytes(Path.Combine(images, $"{i:d64}"), [(byte)i]);
        }

        return _folder.Root;
    }

    private PredictionFile Open(BulkPlan plan, int attempt) =>
        PredictionFile.Open(Directory.CreateDirectory(Path.Combine(_folder.Root, "job")).FullName, attempt, plan.Key(), Classes.Length);

    private async Task<Outcome<Unit>> RunAsync(
        BulkPlan plan, int attempt, ImportContext? told = null, NumberDecoder? decoder = null, NumberCache? cache = null,
        CancellationToken cancel = default)
    {
        using var file = Open(plan, attempt);
        return await new BulkClassification(Pipeline(decoder ?? new NumberDecoder()), cache ?? [], _network).RunAsync(
            plan, _folder.Root, file, told ?? new ImportContext(_ => { }), cancel);
    }

    /// <summary>Of which only the decoding is used: a whole data set has a network of its own.</summary>
    private static ClassificationPipeline Pipeline(NumberDecoder decoder) => new(null!, null!, decoder, null!, TimeProvider.System);

    private sealed class ImportContext(Action<int> tell) : IProgress<int>
    {
        public void Report(int value) => tell(value);
    }

    /// <summary>The score of class 1 is the image's number.</summary>
    private sealed class NumberRunner : INetworkRunner, IOnnxRunnerFactory
    {
        public List<int> Seen { get; } = [];

        public bool Disposed { get; private set; }

        public int Outputs { get; set; } = 2;

        public Outcome<INetworkRunner> Load(byte[] onnx, Preprocessing preprocessing, string? output = null) => this;

        public float[] Logits(PixelBatch batch)
        {
            int[] numbers = [.. Enumerable.Range(0, batch.Count).Select(i => (int)batch.Data.Span[i * 3])];
            Seen.AddRange(numbers);
            return [.. numbers.SelectMany(number => Outputs == 1 ? new float[] { number } : [0, number])];
        }

        public void Dispose() => Disposed = true;
    }

    private sealed class NumberDecoder : IImageDecoder
    {
        private int _decoded;

        public int Decoded => _decoded;

        public Outcome<ImageHeader> ReadHeader(ReadOnlyMemory<byte> file) => throw new NotSupportedException();

        public Outcome<PixelBuffer> Decode(ReadOnlyMemory<byte> file, DecodeTarget target)
        {
            Interlocked.Increment(ref _decoded);
            return new PixelBuffer(1, 1, 3, [file.Span[0], 0, 0]);
        }
    }

    /// <summary>The numbers of the images of the splits that are decoded already.</summary>
    private sealed class NumberCache : Dictionary<Split, byte[]>, IPixelCache
    {
        public Outcome<IPixelSource> Open(
            string datasetFolder, DatasetManifest manifest, Split split, int height, int width, int channels, CancellationToken cancel,
            IProgress<int>? decoded = null) =>
            throw new NotSupportedException();

        public IPixelSource? TryOpen(DatasetManifest manifest, Split split, int height, int width, int channels) =>
            TryGetValue(split, out var numbers) ? new Numbers(numbers) : null;
    }

    private sealed class Numbers(byte[] numbers) : IPixelSource
    {
        public int Count => numbers.Length;

        public int Height => 1;

        public int Width => 1;

        public int Channels => 3;

        public int Label(int index) => 0;

        public ReadOnlySpan<byte> Pixels(int index) => new byte[] { numbers[index], 0, 0 };

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
