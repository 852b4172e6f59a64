using CnnService.Core.Architecture;
using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Engine.Tests.Onnx.Serving;

public sealed class ClassifierTests : IAsyncDisposable
{
    private readonly TemporaryModel _model = new();
    private readonly ServingBench _bench = new();

    private IClassifier Classifier => _bench.Classifier;

    [Fact]
    public async Task Classify_ManyImagesAtOnce_GivesEachItsOwnProbabilities()
    {
        var seeds = Enumerable.Range(0, 200).Select(i => (ulong)i).ToArray();
        var answers = await Task.WhenAll(seeds.Select(seed => Task.Run(async () =>
            (await Classifier.ClassifyAsync(_model.Model, _model.Image(seed), CancellationToken.None)).Value)));

        foreach (var seed in seeds)
        {
            var answer = answers[seed];
            Near.Equal(_model.Naive.Probabilities(_model.Pixels(seed)), answer.Values, 1e-5, $"image {seed}");
            Assert.InRange(answer.BatchSize, 1, 8);
            Assert.Equal("cpu", answer.Device);
        }
    }

    [Fact]
    public async Task Classify_WithOneSigmoidOutput_SpreadsItOverTwoClasses()
    {
        using var model = new TemporaryModel(Some.Network(
            2, new(6, 5, 1), new FlattenLayer(), new DenseLayer { Activation = ActivationKind.Sigmoid }));
        var answer = (await Classifier.ClassifyAsync(model.Model, model.Image(1), CancellationToken.None)).Value;

        Near.Equal(model.Naive.Probabilities(model.Pixels(1)), answer.Values, 1e-5, "classes");
        Assert.Equal(1, answer.Values.Sum(), 6);
    }

    [Fact]
    public async Task Classify_FromACorruptFile_IsRefusedUntilItIsRepaired()
    {
        _model.FlipBit();
        await AssertCorruptAsync(_model);
        await AssertCorruptAsync(_model);
        _model.FlipBit();

        Assert.True((await ClassifyAsync(_model)).Succeeded);
    }

    [Fact]
    public async Task Classify_FromAMissingFile_IsRefused()
    {
        File.Delete(_model.Model.OnnxPath);

        await AssertCorruptAsync(_model);
    }

    [Fact]
    public async Task Classify_FromAFileThatIsNoNetwork_IsRefused()
    {
        using var garbage = new TemporaryModel(onnx: [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))]);
        using var empty = new TemporaryModel(onnx: []);

        await AssertCorruptAsync(garbage);
        await AssertCorruptAsync(empty);
    }

    [Fact]
    public async Task Classify_BesideACorruptModel_ServesTheOthers()
    {
        using var corrupt = new TemporaryModel(seed: 2);
        corrupt.FlipBit();
        await AssertCorruptAsync(corrupt);

        Assert.True((await ClassifyAsync(_model)).Succeeded);
    }

    [Fact]
    public async Task Classify_OfAnImageOfAnotherSize_IsRefused()
    {
        var turned = new PixelBuffer(4, 16, 3);

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Classifier.ClassifyAsync(_model.Model, turned, CancellationToken.None));
    }

    [Fact]
    public async Task Classify_WithMoreModelsThanAreKept_LetsTheLongestUnusedGo()
    {
        using var second = new TemporaryModel(seed: 2);
        using var third = new TemporaryModel(seed: 3);
        await using var bench = new ServingBench(new() { MaxLoadedModels = 2 });
        var classifier = bench.Classifier;
        await AssertAnswersAsync(classifier, _model);
        await AssertAnswersAsync(classifier, second);
        await AssertAnswersAsync(classifier, _model);
        await AssertAnswersAsync(classifier, third); // Pushes the second out.
        _model.FlipBit();
        second.FlipBit();

        await AssertAnswersAsync(classifier, _model); // Loaded: its file is not read again.
        Assert.Equal("model.corrupt",
            (await classifier.ClassifyAsync(second.Model, second.Image(1), CancellationToken.None)).Problem?.Code);
    }

    [Fact]
    public async Task Unload_OfALoadedModel_ReadsItsFileAgain()
    {
        Assert.True((await ClassifyAsync(_model)).Succeeded);
        _model.FlipBit();
        Assert.True((await ClassifyAsync(_model)).Succeeded);
        Classifier.Unload(_model.Folder);

        await AssertCorruptAsync(_model);
    }

    [Fact]
    public async Task Unload_WhileImagesAreUnderWay_AnswersThemAll()
    {
        using var stop = new CancellationTokenSource();
        var unloading = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Classifier.Unload(_model.Folder);
                    await Task.Yield();
                }
            },
            CancellationToken.None);
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => AssertAnswersAsync(Classifier, _model))));
        }

        await stop.CancelAsync();
        await unloading;
    }

    [Fact]
    public async Task Classify_CancelledBeforeItStarts_Throws()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Classifier.ClassifyAsync(_model.Model, _model.Image(1), new CancellationToken(canceled: true)));
        Assert.True((await ClassifyAsync(_model)).Succeeded);
    }

    [Fact]
    public async Task Classify_AfterDispose_Throws()
    {
        await _bench.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => ClassifyAsync(_model));
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _model.Dispose();
    }

    private async Task<Outcome<ClassProbabilities>> ClassifyAsync(TemporaryModel model) =>
        await Classifier.ClassifyAsync(model.Model, model.Image(1), CancellationToken.None);

    private async Task AssertCorruptAsync(TemporaryModel model)
    {
        var problem = (await ClassifyAsync(model)).Problem;

        Assert.Equal((ProblemKind.Unavailable, "model.corrupt"), (problem?.Kind, problem?.Code));
    }

    private static async Task AssertAnswersAsync(IClassifier classifier, TemporaryModel model)
    {
        var answer = (await classifier.ClassifyAsync(model.Model, model.Image(1), CancellationToken.None)).Value;
        Near.Equal(model.Naive.Probabilities(model.Pixels(1)), answer.Values, 1e-5, "probabilities");
    }
}
