using CnnService.Core.Common;

namespace CnnService.Engine.Tests.Onnx.Serving;

public sealed class DynamicBatcherTests
{
    [Fact]
    public async Task Classify_WhileTheNetworkIsBusy_JoinsWhatWaitsAndAnswersEachItsOwn()
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
    public async Task Classify_WithAFullQueue_IsRefusedAtOnce()
    {
        await using var bench = new BatcherBench(new() { QueueSize = 2 });
        var held = await bench.HoldAsync();
        var waiting = new[] { bench.SendAsync(1), bench.SendAsync(2) };

        var refused = bench.SendAsync(3);

        Assert.True(refused.IsCompletedSuccessfully);
        var problem = (await refused).Problem!;
        Assert.Equal((ProblemKind.Unavailable, "classify.queue-full"), (problem.Kind, problem.Code));
        Assert.True(problem.RetryAfter > TimeSpan.Zero);
        bench.Open();
        Assert.All(await Task.WhenAll([held, .. waiting]), answer => Assert.True(answer.Succeeded));
    }

    [Fact]
    public async Task Classify_CancelledInTheQueue_IsNotComputed()
    {
        await using var bench = new BatcherBench(new());
        var held = await bench.HoldAsync();
        using var cancel = new CancellationTokenSource();
        var picture = bench.Picture(1);
        var cancelled = bench.SendAsync(picture, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        bench.Open();

        Assert.True((await held).Succeeded);
        bench.AssertAnswers(2, await bench.SendAsync(2));
        Assert.Equal(0, picture.Reads);
    }

    [Fact]
    public async Task Classify_NotAnsweredInTime_IsATimeoutAndNotComputedLater()
    {
        await using var bench = new BatcherBench(new() { Timeout = TimeSpan.FromMilliseconds(200) });
        var held = await bench.HoldAsync();
        var picture = bench.Picture(1);
        var late = await bench.SendAsync(picture);

        Assert.Equal((ProblemKind.Timeout, "classify.timeout"), (late.Problem!.Kind, late.Problem.Code));
        Assert.Equal("classify.timeout", (await held).Problem!.Code);
        bench.Open();
        bench.AssertAnswers(2, await bench.SendAsync(2));
        Assert.Equal(0, picture.Reads);
    }

    [Fact]
    public async Task Classify_BesideAFailingPicture_AnswersTheOthers()
    {
        await using var bench = new BatcherBench(new());
        var held = await bench.HoldAsync();
        var good = new[] { bench.SendAsync(1), bench.SendAsync(2) };
        var bad = bench.Picture(3, () => throw new InvalidDataException("no pixels"));
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
    public async Task Classify_WithAFullBatch_DoesNotWaitForMore()
    {
        await using var bench = new BatcherBench(new() { MaxBatchSize = 3, MaxWait = TimeSpan.FromMinutes(5), Timeout = TimeSpan.FromMinutes(1) });
        var answers = await Task.WhenAll(bench.SendAsync(1), bench.SendAsync(2), bench.SendAsync(3));

        Assert.Equal([3, 3, 3], answers.Select(answer => answer.Value.BatchSize));
    }

    [Fact]
    public async Task Classify_Alone_WaitsForCompanyNoLongerThanAllowed()
    {
        await using var bench = new BatcherBench(new() { MaxWait = TimeSpan.FromMilliseconds(300) });
        var answer = await bench.SendAsync(1);

        bench.AssertAnswers(1, answer);
        Assert.InRange(answer.Value.QueueTime, TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Classify_OfAPictureOfAnotherSize_IsRefusedBeforeTheQueue()
    {
        await using var bench = new BatcherBench(new());

        await Assert.ThrowsAsync<ArgumentException>(async () => await bench.Batcher.ClassifyAsync(new byte[7], CancellationToken.None));
    }

    [Fact]
    public async Task Dispose_WithPicturesWaiting_AnswersThemFirst()
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
}
