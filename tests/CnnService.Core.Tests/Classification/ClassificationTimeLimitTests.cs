using System.Collections.Concurrent;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Tests.Classification.Bulk;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Core.Tests.Classification;

/// <summary>The time limit of an answer covers the wait for a decoder and the decoding. One image is decoded at a time here.</summary>
public sealed class ClassificationTimeLimitTests : IDisposable
{
    private static readonly string[] Classes = ["even", "odd"];
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly LoadedModel _model = SomeBulk.Plan(string.Empty, Classes, Classes, [0]).Model;
    private readonly DecodeSlots _slots;
    private readonly ParityClassifier _classifier;
    private readonly GatedDecoder _decoder = new();

    public ClassificationTimeLimitTests() => (_slots, _classifier) = (new(count: 1), new(_clock));

    [Fact]
    public async Task Classify_LimitReachedWhileDecoding_IsATimeoutAtTheLimit()
    {
        var answer = ClassifyAsync(1);
        await _decoder.BegunAsync(1);

        _clock.Advance(ParityClassifier.Limit - Moment);
        Assert.False(answer.IsCompleted);
        _clock.Advance(Moment);

        Assert.Equal(["classify.timeout"], await answer);
        Assert.Equal((1, 0), (_classifier.Late, _classifier.Reserved));
    }

    [Fact]
    public async Task Classify_LimitReachedWhileWaitingForADecoder_IsATimeoutAndIsNeverDecoded()
    {
        var first = ClassifyAsync(1);
        await _decoder.BegunAsync(1);
        _clock.Advance(ParityClassifier.Limit / 2);
        var second = ClassifyAsync(2);
        _clock.Advance(ParityClassifier.Limit / 2);
        Assert.Equal(["classify.timeout"], await first);

        _clock.Advance((ParityClassifier.Limit / 2) - Moment);
        Assert.False(second.IsCompleted);
        _clock.Advance(Moment);
        Assert.Equal(["classify.timeout"], await second);

        _decoder.Open(1);
        _decoder.Open(4);
        Assert.Equal(["even"], await ClassifyAsync(4));
        Assert.Equal([1, 4], _decoder.Begun);
    }

    [Fact]
    public async Task Classify_DecodedAfterTheSlotCameFree_HasTheRestOfItsTimeOnly()
    {
        var first = ClassifyAsync(1);
        await _decoder.BegunAsync(1);
        var second = ClassifyAsync(2);
        _clock.Advance(ParityClassifier.Limit / 2);
        _decoder.Open(1);
        Assert.Equal(["odd"], await first);
        await _decoder.BegunAsync(2);

        // The time of the second one began before it had the slot: nothing is waited for but the limit.
        _clock.Advance(ParityClassifier.Limit / 2);

        Assert.Equal(["classify.timeout"], await second);
    }

    [Fact]
    public async Task Classify_FirstOfSeveralDecodedInTime_IsAnsweredBesideTimeouts()
    {
        _decoder.Open(1);
        var answer = ClassifyAsync(1, 2, 3);
        await _decoder.BegunAsync(2);

        _clock.Advance(ParityClassifier.Limit);

        Assert.Equal(["odd", "classify.timeout", "classify.timeout"], await answer);
        Assert.Equal([1, 2], _decoder.Begun);
        Assert.Equal(2, _classifier.Late);
    }

    [Fact]
    public async Task Classify_ClientLeavesWhileDecoding_IsNotWaitedForAndGivesItsPlacesBack()
    {
        using var client = new CancellationTokenSource();
        var answer = ClassifyAsync(client.Token, 1, 2);
        await _decoder.BegunAsync(1);

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.Equal((0, 0), (_classifier.Late, _classifier.Reserved));
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _slots.Dispose();
    }

    private Task<string[]> ClassifyAsync(params byte[] numbers) => ClassifyAsync(CancellationToken.None, numbers);

    /// <summary>Label or problem code of each image.</summary>
    private async Task<string[]> ClassifyAsync(CancellationToken cancel, params byte[] numbers)
    {
        var pipeline = new ClassificationPipeline(_classifier, null!, _decoder, _slots, _clock);
        var images = await pipeline.ClassifyAsync(
            _model, [.. numbers.Select(number => (ReadOnlyMemory<byte>)new[] { number })], ClassificationRequest.Default, cancel);
        return [.. images.Value.Select(image => image.Prediction.Match(found => found.Label, problem => problem.Code))];
    }

    /// <summary>Decodes an image once its gate is open.</summary>
    private sealed class GatedDecoder : IImageDecoder, IDisposable
    {
        private readonly ConcurrentDictionary<byte, (TaskCompletionSource Begun, TaskCompletionSource Gate)> _images = new();
        private readonly ConcurrentQueue<int> _begun = new();

        /// <summary>Numbers of the images whose decoding has begun, in order.</summary>
        public IEnumerable<int> Begun => _begun;

        public Task BegunAsync(byte number) => Image(number).Begun.Task;

        public void Open(byte number) => Image(number).Gate.TrySetResult();

        public Outcome<ImageHeader> ReadHeader(ReadOnlyMemory<byte> file) => new ImageHeader("image/png", 1, 1, IsGrey: false);

        public Outcome<PixelBuffer> Decode(ReadOnlyMemory<byte> file, DecodeTarget target)
        {
            var number = file.Span[0];
            _begun.Enqueue(number);
            Image(number).Begun.TrySetResult();
            Image(number).Gate.Task.Wait(TestContext.Current.CancellationToken);
            return new PixelBuffer(1, 1, 3, [number, 0, 0]);
        }

        /// <summary>Lets all decoders end.</summary>
        public void Dispose()
        {
            foreach (var number in _images.Keys)
            {
                Open(number);
            }
        }

        private (TaskCompletionSource Begun, TaskCompletionSource Gate) Image(byte number) => _images.GetOrAdd(
            number,
            _ => (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)));
    }
}
