using CnnService.Core.Common;
using CnnService.Core.Datasets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Core.Tests.Datasets;

public sealed class DecodeSlotsTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly RecordingLogger _log = new();
    private readonly DecodeSlots _slots;
    private readonly List<SlowImage> _images = [];

    public DecodeSlotsTests() => _slots = new(_clock, _log, count: 2);

    [Fact]
    public async Task RunWithin_ManyTimeouts_KeepTheSlotsUntilTheDecodersEndAndNoLonger()
    {
        SlowImage[] late = [.. Enumerable.Range(0, 7).Select(_ => Image())];
        var answers = late.Select(image => RunAsync(image)).ToArray();
        await Task.WhenAll(late[0].Begun, late[1].Begun);
        _clock.Advance(Limit);
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("late", answer.Problem?.Code));

        // Both decoders are still at work, so that nobody else may begin.
        SlowImage[] next = [Image(), Image()];
        var all = next.Select(image => RunAsync(image)).ToArray();
        Assert.DoesNotContain(next, image => image.Begun.IsCompleted);

        late[0].End();
        late[1].End();
        await Task.WhenAll(next.Select(image => image.Begun));
        Array.ForEach(next, image => image.End());
        Assert.All(await Task.WhenAll(all), answer => Assert.True(answer.Succeeded));
        Assert.All(late[2..], image => Assert.False(image.Begun.IsCompleted));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task RunWithin_TimeThatIsOver_BeginsNothing(int seconds)
    {
        var image = Image();

        Assert.Equal("late", (await RunAsync(image, TimeSpan.FromSeconds(seconds))).Problem?.Code);
        Assert.False(image.Begun.IsCompleted);
    }

    [Fact]
    public async Task RunWithin_CallerWhoLeaves_IsLetGoWhetherItsImageIsAtWorkOrWaits()
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
    public async Task RunWithin_DecoderThatFailsAfterItsCallerHasLeft_IsLoggedAndItsSlotFree()
    {
        SlowImage[] late = [Image(new InvalidOperationException("It broke.")), Image()];
        var answers = late.Select(image => RunAsync(image)).ToArray();
        await Task.WhenAll(late.Select(image => image.Begun));
        _clock.Advance(Limit);
        await Task.WhenAll(answers);

        late[0].End();

        Assert.Equal("It broke.", (await _log.Logged).Message);
        var next = Image();
        next.End();
        Assert.True((await RunAsync(next)).Succeeded);
    }

    [Fact]
    public async Task RunWithin_DecoderThatFailsWhileItsCallerWaits_TellsTheCallerAlone()
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
    }

    private SlowImage Image(Exception? failure = null)
    {
        var image = new SlowImage(failure);
        _images.Add(image);
        return image;
    }

    private Task<Outcome<int>> RunAsync(SlowImage image, TimeSpan? within = null, CancellationToken cancel = default) =>
        _slots.RunWithinAsync(
            image.Decode, within ?? Limit, () => new Problem(ProblemKind.Timeout, "late", "It took too long."), cancel);

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
