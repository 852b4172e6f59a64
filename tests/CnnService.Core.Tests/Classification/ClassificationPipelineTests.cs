using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Tests.Classification.Bulk;

namespace CnnService.Core.Tests.Classification;

public sealed class ClassificationPipelineTests : IDisposable
{
    private static readonly string[] Classes = ["even", "odd"];

    private readonly LoadedModel _model = SomeBulk.Plan(string.Empty, Classes, Classes, [0]).Model;
    private readonly DecodeSlots _slots = new();
    private readonly NumberDecoder _decoder = new();
    private readonly ParityClassifier _classifier = new(TimeProvider.System);
    private readonly TensorsOfItsOwn _tensors = new();

    private ClassificationPipeline Pipeline => new(_classifier, _tensors, _decoder, _slots, TimeProvider.System);

    [Fact]
    public async Task Classify_SomeImages_AnswersEachInItsPlace()
    {
        var images = (await ClassifyAsync(1, 2, 3)).Value;

        Assert.Equal(["odd", "even", "odd"], images.Select(image => image.Prediction.Value.Label));
        Assert.Equal(0.75f, images[0].Answer.Value.Values[1]);
    }

    [Fact]
    public async Task Classify_OneImageUnreadable_IsAProblemInItsPlaceOnly()
    {
        var images = (await ClassifyAsync(1, NumberDecoder.Unreadable, 2)).Value;

        Assert.Equal([null, "image.unreadable", null], images.Select(image => image.Prediction.Problem?.Code));
    }

    [Fact]
    public async Task Classify_QueueFull_IsRefusedBeforeAnythingIsDecoded()
    {
        _classifier.IsFull = true;

        Assert.Equal("classify.queue-full", (await ClassifyAsync(1, 2)).Problem?.Code);
        Assert.Equal(0, _decoder.Decoded);
    }

    [Theory]
    [InlineData(10, null)] // Of 50 million pixels each, the limit exactly; the unreadable one has none.
    [InlineData(11, "request.too-many-pixels")]
    [InlineData(1, null)]
    public async Task Classify_ImagesOfManyPixels_AreCountedBeforeAnythingIsDecoded(int images, string? code)
    {
        _decoder.Size = (10_000, 5_000);

        var answer = await ClassifyAsync([.. Enumerable.Repeat((byte)1, images), NumberDecoder.Unreadable]);

        Assert.Equal((code, code is null), (answer.Problem?.Code, _decoder.Decoded > 0));
    }

    [Fact]
    public async Task Classify_Done_GivesThePlacesBack()
    {
        await ClassifyAsync(1, NumberDecoder.Unreadable);

        Assert.Equal((2, 0), (_classifier.MostReserved, _classifier.Reserved));
    }

    /// <summary>The mirror image of two pixels shows the other one first.</summary>
    [Theory]
    [InlineData(1, 0.75f)]
    [InlineData(2, 0.5f)]
    public async Task Classify_InViews_AveragesThemAndTakesAPlaceForEach(int views, float odd)
    {
        _decoder.HasNext = true;

        var images = await Pipeline.ClassifyAsync(_model, [new byte[] { 1 }], new() { Views = views }, CancellationToken.None);

        Assert.Equal([1 - odd, odd], images.Value[0].Answer.Value.Values);
        Assert.Equal((views, 0), (_classifier.MostReserved, _classifier.Reserved));
    }

    [Fact]
    public async Task Classify_ListsAsManyClassesAsAskedFor()
    {
        var images = (await Pipeline.ClassifyAsync(_model, [new byte[] { 1 }], new() { Top = 1 }, CancellationToken.None)).Value;

        Assert.Equal([new("odd", 0.75f)], images[0].Prediction.Value.Top);
    }

    [Fact]
    public async Task Decode_TruncatedFile_IsTakenWhereItIsAllowed()
    {
        await Pipeline.ClassifyAsync(_model, [new byte[] { 1 }], new() { AllowTruncated = true }, CancellationToken.None);

        Assert.Equal(new DecodeTarget(1, 1, 3, AllowTruncated: true), _decoder.Target);
    }

    [Fact]
    public async Task Run_Tensors_EntersAfterDecoding()
    {
        var answer = await Pipeline.RunAsync(_model, 1,
            _ => ValueTask.FromResult<Outcome<TensorInput>>(new TensorInput(1, new float[] { 7 }, null)), null, CancellationToken.None);

        Assert.Equal([7], answer.Value.Tensors[0].Values.ToArray());
        Assert.Equal(0, _decoder.Decoded);
    }

    public void Dispose() => _slots.Dispose();

    private Task<Outcome<IReadOnlyList<ClassifiedImage>>> ClassifyAsync(params byte[] numbers) => Pipeline.ClassifyAsync(
        _model, [.. numbers.Select(number => (ReadOnlyMemory<byte>)new[] { number })], ClassificationRequest.Default,
        CancellationToken.None);

    private sealed class NumberDecoder : IImageDecoder
    {
        public const byte Unreadable = 255;

        private int _decoded;

        public int Decoded => _decoded;

        public DecodeTarget Target { get; private set; }

        /// <summary>Of each image.</summary>
        public (int Width, int Height) Size { get; set; } = (1, 1);

        /// <summary>Whether the next number follows in a second pixel.</summary>
        public bool HasNext { get; set; }

        public Outcome<ImageHeader> ReadHeader(ReadOnlyMemory<byte> file) => file.Span[0] == Unreadable
            ? Problem.Unprocessable("image.unreadable", "It is no image.")
            : new ImageHeader("image/png", Size.Width, Size.Height, IsGrey: false);

        public Outcome<PixelBuffer> Decode(ReadOnlyMemory<byte> file, DecodeTarget target)
        {
            Interlocked.Increment(ref _decoded);
            Target = target;
            return file.Span[0] == Unreadable
                ? Problem.Unprocessable("image.unreadable", "It is no image.")
                : HasNext ? new PixelBuffer(2, 1, 3, [file.Span[0], 0, 0, (byte)(file.Span[0] + 1), 0, 0])
                : new PixelBuffer(1, 1, 3, [file.Span[0], 0, 0]);
        }
    }

    /// <summary>Answers with what it is given.</summary>
    private sealed class TensorsOfItsOwn : ITensorRunner
    {
        public async ValueTask<Outcome<TensorAnswer>> RunAsync(
            LoadedModel model, int images, Func<IAnswerLimit, ValueTask<Outcome<TensorInput>>> input, IReadOnlyList<string>? outputs,
            CancellationToken cancel) =>
            (await input(new NoLimit())).Map(
                given => new TensorAnswer([new("output", [given.Count, 1], given.Planes!.Value)], default, default, images, "cpu"));

        public ValueTask<Outcome<TensorSignature>> DescribeAsync(LoadedModel model, CancellationToken cancel) =>
            throw new NotSupportedException();

        public ServingCounts Counts(LoadedModel model) => throw new NotSupportedException();

        public void Unload(LoadedModel model) => throw new NotSupportedException();

        private sealed class NoLimit : IAnswerLimit
        {
            public CancellationToken Over => CancellationToken.None;

            public Problem RecordTimeout() => throw new NotSupportedException();
        }
    }
}
