using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Export;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Engine.Tests.Onnx.Serving;

public sealed class DynamicBatcherTests
{
    [Fact]
    public async Task Run_WhileTheNetworkIsBusy_JoinsWhatWaitsAndAnswersEachItsOwn()
    {
        await using var bench = new BatcherBench(new() { MaxBatchSize = 4 });
        var held = await bench.HoldAsync();
        var waiting = Enumerable.Range(1, 5).Select(seed => bench.SendAsync((ulong)seed)).ToArray();
        bench.Open();

        Assert.Equal(1, (await held).Value.BatchSize);
        var answers = await Task.WhenAll(waiting);
        Assert.Equal([4, 4, 4, 4, 1], answers.Select(answer => answer.Value.BatchSize));
        for (var i = 0; i < answers.Length; i++)
        {
            bench.AssertAnswers((ulong)i + 1, answers[i]);
        }
    }

    [Fact]
    public async Task Run_OfRequestsOfSeveralImages_CountsEachImage()
    {
        await using var bench = new BatcherBench(new() { MaxBatchSize = 4 });
        var held = await bench.HoldAsync();
        var three = bench.SendAsync(bench.Images(1, 3));
        var two = bench.SendAsync(bench.Images(4, 2)); // No room for it beside the three.
        var one = bench.SendAsync(6);
        var larger = bench.SendAsync(bench.Images(7, 6));
        bench.Open();

        Assert.True((await held).Succeeded);
        Assert.Equal([3, 3, 3, 6], (await Task.WhenAll(three, two, one, larger)).Select(answer => answer.Value.BatchSize));
        bench.AssertAnswers([1, 2, 3], await three);
        bench.AssertAnswers([4, 5], await two);
        bench.AssertAnswers(6, await one);
        bench.AssertAnswers([7, 8, 9, 10, 11, 12], await larger);
    }

    [Fact]
    public async Task Run_OfRequestsForDifferentOutputs_GivesEachItsOwnInItsOrder()
    {
        await using var bench = new BatcherBench(new());
        var held = await bench.HoldAsync();
        var first = bench.SendAsync(bench.Images(1, 1), default, OnnxExporter.Logits);
        var second = bench.SendAsync(bench.Images(2, 2), default, OnnxExporter.Probabilities, OnnxExporter.Logits);
        bench.Open();

        Assert.True((await held).Succeeded);
        Assert.Equal([OnnxExporter.Logits], (await first).Value.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([OnnxExporter.Probabilities, OnnxExporter.Logits], (await second).Value.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(3, (await second).Value.BatchSize);
    }

    [Theory]
    [InlineData(2, 0)] // Two runs on all threads.
    [InlineData(null, 2)] // As many callers as threads: one more on one of them.
    public async Task Run_WhereASecondRunMayGo_IsBesideTheHeldOne(int? instances, int threads)
    {
        await using var bench = new BatcherBench(new() { Instances = instances, Threads = threads });
        var held = await bench.HoldAsync();

        bench.AssertAnswers(1, await bench.SendAsync(1));
        Assert.False(held.IsCompleted);
        bench.Open();
        Assert.True((await held).Succeeded);
    }

    [Fact]
    public async Task Run_OnOneThreadEach_TakesNoMoreThanItsShareOfWhatIsInside()
    {
        await using var bench = new BatcherBench(new() { Threads = 2, MaxBatchSize = 8 });
        var held = await bench.HoldAsync();
        var (second, third) = (bench.Image(1, bench.Wait), bench.Image(2, bench.Wait));
        var besideOne = bench.SendAsync(second);
        await second.FirstRead;
        var besideTwo = bench.SendAsync(third);
        await third.FirstRead;
        var waiting = Enumerable.Range(3, 6).Select(seed => bench.SendAsync((ulong)seed)).ToArray();
        bench.Open();

        await Task.WhenAll(held, besideOne, besideTwo);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.InRange(answer.Value.BatchSize, 1, 5)); // Half of nine.
    }

    [Fact]
    public async Task Run_WhateverTheEnd_GivesTheInputBackOnceAndNotWhileItIsRead()
    {
        var clock = new FakeTimeProvider();
        await using var bench = new BatcherBench(new() { DefaultTimeout = TimeSpan.FromMilliseconds(300) }, clock);
        Lent[] lent = [new(), new(), new(), new()];
        using var cancel = new CancellationTokenSource();
        var image = bench.Image(0, bench.Wait);
        var late = bench.SendAsync(new TensorInput(1, null, [image.Pixels], lent[0])); // Is being read when its time is up.
        await image.FirstRead;
        var waiting = bench.SendAsync(bench.Images(1, 1, lent[1])); // Waits when its time is up.
        var cancelled = bench.SendAsync(bench.Images(2, 1, lent[2]), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        clock.Advance(TimeSpan.FromMilliseconds(300));

        Assert.Equal("classify.timeout", (await late).Problem?.Code);
        Assert.Equal("classify.timeout", (await waiting).Problem?.Code);
        Assert.Equal([0, 1, 1], lent[..3].Select(one => one.Returns));
        bench.Open();
        bench.AssertAnswers(3, await bench.SendAsync(bench.Images(3, 1, lent[3])));
        Assert.Equal([1, 1, 1, 1], lent.Select(one => one.Returns));
    }

    [Fact]
    public async Task Statistics_CountsImagesRunsAndBatches()
    {
        await using var bench = new BatcherBench(new());
        var held = await bench.HoldAsync();
        var sent = new[] { bench.SendAsync(1), bench.SendAsync(bench.Images(2, 2)) };
        bench.Open();
        await Task.WhenAll([held, .. sent]);

        var counts = bench.Statistics.Counts;
        Assert.Equal((4, 2, 3, 3), (counts.Images, counts.Runs, counts.Succeeded.Count, counts.Queue.Count));
        Assert.Equal([1, 3], counts.Batches.Keys.Order());
        Assert.True(counts.Inference.Time > TimeSpan.Zero);
        Assert.Equal(0, counts.Failed.Count);
    }

    [Fact]
    public async Task Run_CancelledInTheQueue_IsNotComputed()
    {
        await using var bench = new BatcherBench(new());
        var held = await bench.HoldAsync();
        using var cancel = new CancellationTokenSource();
        var image = bench.Image(1);
        var cancelled = bench.SendAsync(image, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        bench.Open();

        Assert.True((await held).Succeeded);
        bench.AssertAnswers(2, await bench.SendAsync(2));
        Assert.Equal(0, image.Reads);
    }

    [Fact]
    public async Task Run_NotAnsweredInTime_IsATimeoutAndNotComputedLater()
    {
        var clock = new FakeTimeProvider();
        await using var bench = new BatcherBench(new() { DefaultTimeout = TimeSpan.FromMilliseconds(200) }, clock);
        var held = await bench.HoldAsync();
        var image = bench.Image(1);
        var waiting = bench.SendAsync(image);
        clock.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        var late = await waiting;
        Assert.Equal((ProblemKind.Timeout, "classify.timeout"), (late.Problem!.Kind, late.Problem.Code));
        Assert.Equal("classify.timeout", (await held).Problem!.Code);
        bench.Open();
        bench.AssertAnswers(2, await bench.SendAsync(2));
        Assert.Equal(0, image.Reads);
    }

    [Fact]
    public async Task Run_BesideAFailingImage_AnswersTheOthers()
    {
        await using var bench = new BatcherBench(new());
        var held = await bench.HoldAsync();
        var good = new[] { bench.SendAsync(1), bench.SendAsync(2) };
        var bad = bench.Image(3, () => throw new InvalidDataException("no pixels"));
        var failing = bench.SendAsync(bad);
        bench.Open();

        Assert.True((await held).Succeeded);
        bench.AssertAnswers(1, await good[0]);
        bench.AssertAnswers(2, await good[1]);
        Assert.Equal("no pixels", (await Assert.ThrowsAsync<InvalidDataException>(() => failing)).Message);
        Assert.Equal(2, bad.Reads);
        bench.AssertAnswers(4, await bench.SendAsync(4));
    }

    [Fact]
    public async Task Run_WithAFullBatch_DoesNotWaitForMore()
    {
        await using var bench = new BatcherBench(new()
        {
            MaxBatchSize = 3,
            MaxQueueDelay = TimeSpan.FromMinutes(5),
            DefaultTimeout = TimeSpan.FromMinutes(1),
        });
        var answers = await Task.WhenAll(Enumerable.Range(1, 3).Select(seed => bench.SendAsync(bench.Images((ulong)seed, 1), callers: 3)));

        Assert.Equal([3, 3, 3], answers.Select(answer => answer.Value.BatchSize));
    }

    [Fact]
    public async Task Run_OfACallerWhoIsAlone_DoesNotWaitForCompany()
    {
        var clock = new FakeTimeProvider(); // Stands still: what waits, waits for ever.
        await using var bench = new BatcherBench(new() { MaxQueueDelay = TimeSpan.FromMilliseconds(300) }, clock);

        bench.AssertAnswers(1, await bench.SendAsync(1));
        bench.AssertAnswers(2, await bench.SendAsync(2)); // The time of a run is known by now.
    }

    [Fact]
    public async Task Run_WithOthersAbout_WaitsForCompanyNoLongerThanAllowed()
    {
        var clock = new FakeTimeProvider();
        await using var bench = new BatcherBench(new() { MaxQueueDelay = TimeSpan.FromMilliseconds(300) }, clock);
        var waiting = bench.SendAsync(bench.Images(1, 1), callers: 2);
        for (var steps = 0; !waiting.IsCompleted && steps < 900; steps++)
        {
            // The batcher begins to wait in its own time: the clock goes on until it has waited.
            clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(10);
        }

        var answer = await waiting;
        bench.AssertAnswers(1, answer);
        Assert.InRange(answer.Value.Queue, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task Run_OfAnImageOfAnotherSize_IsRefusedBeforeTheQueue()
    {
        await using var bench = new BatcherBench(new());

        await Assert.ThrowsAsync<ArgumentException>(() => bench.SendAsync(new TensorInput(1, null, [new byte[7]])));
        await Assert.ThrowsAsync<ArgumentException>(() => bench.SendAsync(new TensorInput(2, new float[9], null)));
    }

    [Fact]
    public async Task Dispose_WithImagesWaiting_AnswersThemFirst()
    {
        await using var bench = new BatcherBench(new() { MaxBatchSize = 2 });
        var held = await bench.HoldAsync();
        var waiting = Enumerable.Range(1, 7).Select(seed => bench.SendAsync((ulong)seed)).ToArray();
        var disposing = bench.Batcher.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        bench.Open();

        await disposing;
        Assert.All(await Task.WhenAll([held, .. waiting]), answer => Assert.True(answer.Succeeded));
    }

    [Fact]
    public async Task Run_WhereTheNetworkIsFreeAndQuick_IsDoneByTheCallersThread()
    {
        var clock = new FakeTimeProvider();
        await using var bench = new BatcherBench(new(), clock);
        bench.AssertAnswers(1, await bench.SendAsync(1)); // How long an image takes is not known before.
        var reader = 0;
        int here;
        Task<Outcome<TensorAnswer>> answer;
        var tries = 0;
        do
        {
            await Task.Delay(10); // The network is given back behind the answer.
            here = Environment.CurrentManagedThreadId;
            answer = bench.SendAsync(bench.Image(2, () => Volatile.Write(ref reader, Environment.CurrentManagedThreadId)));
        }
        while (!answer.IsCompleted && ++tries < 500);

        Assert.Equal(here, reader);
        bench.AssertAnswers(2, await answer);
    }

    [Fact]
    public async Task Run_WhereTheNetworkIsSlow_LeavesTheCallerFreeToGiveUp()
    {
        var clock = new FakeTimeProvider();
        await using var bench = new BatcherBench(new(), clock);
        bench.AssertAnswers(1, await bench.SendAsync(bench.Image(1, () => clock.Advance(TimeSpan.FromMilliseconds(51)))));
        var slow = bench.Image(2, bench.Wait);
        var answer = bench.SendAsync(slow); // Would never come back on this thread.
        bench.Open();

        bench.AssertAnswers(2, await answer);
    }

    [Fact]
    public async Task Run_WithAFreeNetworkAndAnImageThatFails_FailsItsCallerOnly()
    {
        await using var bench = new BatcherBench(new(), new FakeTimeProvider());
        bench.AssertAnswers(1, await bench.SendAsync(1));
        var failing = bench.SendAsync(bench.Image(2, () => throw new InvalidDataException("no pixels")));

        Assert.Equal("no pixels", (await Assert.ThrowsAsync<InvalidDataException>(() => failing)).Message);
        bench.AssertAnswers(3, await bench.SendAsync(3));
    }

    /// <summary>Memory that is lent to a request.</summary>
    private sealed class Lent : IDisposable
    {
        private int _returns;

        public int Returns => Volatile.Read(ref _returns);

        public void Dispose() => Interlocked.Increment(ref _returns);
    }
}
