using CnnService.Core.Common;
using CnnService.Core.Datasets;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Tests.Datasets;

public sealed class DecodeSlotsTests : IDisposable
{
    private readonly RecordingLogger _log = new();
    private readonly DecodeSlots _slots;
    private readonly List<SlowImage> _images = [];
    private CancellationTokenSource _over = new(); // Of the images that come until it is cancelled.
    private int _atWork;
    private int _mostAtWork;

    public DecodeSlotsTests() => _slots = new(_log, count: 2);

    [Fact]
    public async Task RunUntil_ManyTimeouts_KeepTheSlotsUntilTheDecodersEndAndNoLonger()
    {
        SlowImage[] late = [.. Enumerable.Range(0, 7).Select(_ => Image())];
        var answers = late.Select(image => RunAsync(image)).ToArray();
        await Task.WhenAll(late[0].Begun, late[1].Begun);
        await TimeIsOverAsync();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("late", answer.Problem?.Code));

        // Both decoders are still at work, so that nobody else may begin.
        SlowImage[] next = [Image(), Image()];
        var all = next.Select(image => RunAsync(image)).ToArray();
        late[0].End();
        late[1].End();
        await Task.WhenAll(next.Select(image => image.Begun));
        Array.ForEach(next, image => image.End());
        Assert.All(await Task.WhenAll(all), answer => Assert.True(answer.Succeeded));
        Assert.All(late[2..], image => Assert.False(image.Begun.IsCompleted));
        Assert.Equal(2, _mostAtWork);
    }

    [Fact]
    public async Task RunUntil_TimeThatIsOver_BeginsNothing()
    {
        var image = Image();
        await _over.CancelAsync();

        Assert.Equal("late", (await RunAsync(image)).Problem?.Code);
        Assert.False(image.Begun.IsCompleted);
    }

    [Fact]
    public async Task RunUntil_CallerWhoLeaves_IsLetGoWhetherItsImageIsAtWorkOrWaits()
    {
        using var caller = new CancellationTokenSource();
        SlowImage[] images = [Image(), Image(), Image()];
        var answers = images.Select(image => RunAsync(image, cancel: caller.Token)).ToArray();
        await Task.WhenAll(images[0].Begun, images[1].Begun);

        await caller.CancelAsync();

        foreach (var answer in answers)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        }

        Assert.False(images[2].Begun.IsCompleted);
        images[0].End();
        var next = Image();
        var following = RunAsync(next);
        await next.Begun;
        next.End();
        Assert.True((await following).Succeeded);
    }

    [Fact]
    public async Task RunUntil_DecoderThatFailsAfterItsCallerHasLeft_IsLoggedAndItsSlotFree()
    {
        SlowImage[] late = [Image(new InvalidOperationException("It broke.")), Image()];
        var answers = late.Select(image => RunAsync(image)).ToArray();
        await Task.WhenAll(late.Select(image => image.Begun));
        await TimeIsOverAsync();
        await Task.WhenAll(answers);

        late[0].End();

        Assert.Equal("It broke.", (await _log.Logged).Message);
        var next = Image();
        next.End();
        Assert.True((await RunAsync(next)).Succeeded);
    }

    [Fact]
    public async Task RunUntil_DecoderThatFailsWhileItsCallerWaits_TellsTheCallerAlone()
    {
        var image = Image(new InvalidOperationException("It broke."));
        image.End();

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(image));
        Assert.False(_log.Logged.IsCompleted);
    }

    public void Dispose()
    {
        _images.ForEach(image => image.End());
        _slots.Dispose();
        _over.Dispose();
    }

    private async Task TimeIsOverAsync()
    {
        using var over = _over;
        _over = new();
        await over.CancelAsync();
    }

    private SlowImage Image(Exception? failure = null)
    {
        var image = new SlowImage(failure);
        _images.Add(image);
        return image;
    }

    private Task<Outcome<int>> RunAsync(SlowImage image, CancellationToken cancel = default) => _slots.RunUntilAsync(
        () =>
        {
            var atWork = Interlocked.Increment(ref _atWork);
            lock (_images)
            {
                _mostAtWork = Math.Max(_mostAtWork, atWork);
            }

            try
            {
                return image.Decode();
            }
            finally
            {
                Interlocked.Decrement(ref _atWork);
            }
        },
        () => new Problem(ProblemKind.Timeout, "late", "It took too long."), _over.Token, cancel);

    /// <summary>Its decoding ends when it is told to, with a failure if it has one.</summary>
    private sealed class SlowImage(Exception? failure)
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void End() => _end.TrySetResult();

        public Outcome<int> Decode()
        {
            _begun.TrySetResult();
            _end.Task.Wait(TestContext.Current.CancellationToken);
            return failure is null ? 1 : throw failure;
        }
    }

    private sealed class RecordingLogger : ILogger<DecodeSlots>
    {
        private readonly TaskCompletionSource<Exception> _logged = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The first failure that was logged.</summary>
        public Task<Exception> Logged => _logged.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                _logged.TrySetResult(exception);
            }
        }
    }
}
