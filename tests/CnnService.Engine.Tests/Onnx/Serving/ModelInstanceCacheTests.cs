using CnnService.Core.Architecture;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Engine.Tests.Onnx.Serving;

public sealed class ModelInstanceCacheTests : IDisposable
{
    private readonly TemporaryModel _model = new();

    [Fact]
    public async Task Reserve_WithAFullQueue_IsRefusedAtOnceAndGivesPlacesBack()
    {
        await using var bench = new ServingBench(new() { MaxQueueSize = 3 });
        using (bench.Classifier.Reserve(_model.Model, 2).Value)
        {
            using var last = bench.Classifier.Reserve(_model.Model, 1).Value;
            var refused = bench.Classifier.Reserve(_model.Model, 1).Problem!;
            Assert.Equal((ProblemKind.Unavailable, "classify.queue-full"), (refused.Kind, refused.Code));
            Assert.True(refused.RetryAfter > TimeSpan.Zero);
            last.Dispose(); // Twice, by the using: gives back once.
            Assert.Equal("classify.queue-full", bench.Classifier.Reserve(_model.Model, 2).Problem?.Code);
        }

        using var all = bench.Classifier.Reserve(_model.Model, 3).Value;
        Assert.True((await all.ClassifyAsync(_model.Image(1), CancellationToken.None)).Succeeded);
    }

    [Fact]
    public async Task Reserve_OfMoreThanTheQueueTakes_IsLetInWhileItIsEmpty()
    {
        await using var bench = new ServingBench(new() { MaxQueueSize = 3 });
        using (bench.Classifier.Reserve(_model.Model, 10).Value)
        {
            Assert.False(bench.Classifier.Reserve(_model.Model, 1).Succeeded);
        }

        using var again = bench.Classifier.Reserve(_model.Model, 1).Value;
    }

    [Fact]
    public async Task Load_WithAFullQueue_IsDoneAllTheSame()
    {
        await using var bench = new ServingBench(new() { MaxQueueSize = 1 });
        using var only = bench.Classifier.Reserve(_model.Model, 1).Value;
        Assert.Null(await bench.Classifier.LoadAsync(_model.Model, CancellationToken.None));
        Assert.True(bench.Models.MemoryOf(_model.Model) > 0);
    }

    [Fact]
    public async Task Load_OfADamagedFile_SaysSo()
    {
        await using var bench = new ServingBench();
        await File.WriteAllBytesAsync(_model.Model.OnnxPath, [1, 2, 3]);
        Assert.Equal("model.corrupt", (await bench.Classifier.LoadAsync(_model.Model, CancellationToken.None))?.Code);
    }

    [Fact]
    public async Task Reserve_HeldWhileItsVersionIsUnloaded_IsStillAnswered()
    {
        await using var bench = new ServingBench();
        using var places = bench.Classifier.Reserve(_model.Model, 1).Value;
        bench.Classifier.Unload(_model.Folder);
        using var later = bench.Classifier.Reserve(_model.Model, 1).Value;
        bench.Classifier.Unload(_model.Folder);

        foreach (var one in new[] { places, later })
        {
            var answer = (await one.ClassifyAsync(_model.Image(1), CancellationToken.None)).Value;
            Near.Equal(_model.Naive.Probabilities(_model.Pixels(1)), answer.Values, 1e-5, "probabilities");
        }
    }

    [Fact]
    public async Task Load_OverTheMemoryBudget_LetsTheLongestUnusedGo()
    {
        using var second = Wide(2);
        using var third = Wide(3);
        using var first = Wide(1);
        // Two of them, not three.
        var room = (int)((2 * VersionLoader.MemoryOf(first.Model, BatchingPlan.For("some", null, new(), ServingDevice.Cpu))) >> 20) + 1;
        await using var bench = new ServingBench(new() { MemoryMebibytes = room });
        foreach (var model in new[] { first, second, first, third })
        {
            Assert.True((await bench.Classifier.ClassifyAsync(model.Model, model.Image(1), CancellationToken.None)).Succeeded);
        }

        Assert.Equal([true, false, true], new[] { first, second, third }.Select(model => bench.Models.MemoryOf(model.Model) > 0));
    }

    [Fact]
    public async Task Plan_OfAModelWithSettingsOfItsOwn_IsTheirs()
    {
        var options = new ServingOptions { MaxBatchSize = 4, MaxQueueSize = 50 };
        options.Models["some"] = new BatchingSettings { MaxBatchSize = 2, Instances = 3 };
        await using var bench = new ServingBench(options);
        bench.Settings.Known["some"] = new BatchingSettings { MaxBatchSize = 1 };
        using var places = bench.Models.Reserve(_model.Model, 1).Value;

        Assert.Equal(new BatchingPlan(1, TimeSpan.Zero, 50, TimeSpan.FromSeconds(10), 3), places.Plan);
    }

    [Fact]
    public async Task Device_ThatIsNotThere_IsAProblemUnlessTheProcessorIsAllowed()
    {
        await using var strict = new ServingBench(new() { Device = "cuda" });
        await using var lax = new ServingBench(new() { Device = "cuda", AllowCpu = true });

        var refused = (await strict.Classifier.ClassifyAsync(_model.Model, _model.Image(1), CancellationToken.None)).Problem!;
        Assert.Equal((ProblemKind.Unavailable, "serving.device-missing"), (refused.Kind, refused.Code));
        Assert.Equal("cpu", (await lax.Classifier.ClassifyAsync(_model.Model, _model.Image(1), CancellationToken.None)).Value.Device);
    }

    [Fact]
    public async Task Run_ThatDoesNotEnd_TimesOut_AndItsVersionIsOpenedAnew()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualResetEventSlim();
        await using var bench = new ServingBench(time: time);
        using var stuck = bench.Models.Reserve(_model.Model, 1).Value;
        var image = new GatedImage(_model.Pixels(1), gate.Wait);
        var batcher = (await stuck.OpenedAsync(CancellationToken.None)).Value;
        var held = stuck.RunAsync(batcher, new(1, null, [image.Pixels]), batcher.Network.Outputs, CancellationToken.None).AsTask();
        await image.FirstRead;

        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("classify.timeout", (await held).Problem?.Code);
        using (var early = bench.Models.Reserve(_model.Model, 1).Value)
        {
            Assert.Same(batcher, (await early.OpenedAsync(CancellationToken.None)).Value); // It may be slow.
        }

        Assert.Equal(0, bench.Models.LeftBehind);
        time.Advance(TimeSpan.FromSeconds(50));
        var answer = await bench.Classifier.ClassifyAsync(_model.Model, _model.Image(2), CancellationToken.None);

        Near.Equal(_model.Naive.Probabilities(_model.Pixels(2)), answer.Value.Values, 1e-5, "probabilities");
        Assert.Equal(1, bench.Models.LeftBehind);
        gate.Set();
    }

    [Fact]
    public async Task Reserve_OfALoadedVersion_HasItsTimeFromThenOn()
    {
        var time = new FakeTimeProvider();
        await using var bench = new ServingBench(time: time);
        Assert.Null(await bench.Classifier.LoadAsync(_model.Model, CancellationToken.None));
        time.Advance(TimeSpan.FromMinutes(1));
        using var reservation = bench.Classifier.Reserve(_model.Model, 1).Value;

        time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(reservation.Over.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(reservation.Over.IsCancellationRequested);

        var timeout = reservation.RecordTimeout();
        Assert.Equal((ProblemKind.Timeout, "classify.timeout"), (timeout.Kind, timeout.Code));
        Assert.Equal(new(1, TimeSpan.FromSeconds(10)), bench.Models.StatisticsOf(_model.Model).Counts.Failed);
        Assert.Equal("classify.timeout", (await reservation.ClassifyAsync(_model.Image(1), CancellationToken.None)).Problem?.Code);
    }

    [Fact]
    public async Task Reservation_MadeWhileTheVersionIsOpened_HasItsTimeFromThenOn()
    {
        var time = new FakeTimeProvider();
        await using var bench = new ServingBench();
        using var open = bench.Models.AcquireUnqueued(_model.Model);
        var opening = new TaskCompletionSource<Outcome<DynamicBatcher>>();
        using var pool = new LeasedPool<string, ModelInstance>(new() { MaxCount = 1 }, _ => { }); // The batcher is the bench's.
        var lease = pool.Acquire("version", () => new ModelInstance(_model.Model, open.Plan, opening.Task, time)).Value;
        using var reservation = new QueueReservation(lease, 1, new(time), time);

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(reservation.Over.IsCancellationRequested);
        opening.SetResult(await open.OpenedAsync(CancellationToken.None));
        Assert.True((await reservation.OpenedAsync(CancellationToken.None)).Succeeded);
        time.Advance(open.Plan.DefaultTimeout - TimeSpan.FromSeconds(1));
        Assert.False(reservation.Over.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(reservation.Over.IsCancellationRequested);
    }

    [Fact]
    public async Task Run_WhoseImagesCameTooLate_IsOneFailure()
    {
        await using var bench = new ServingBench();

        var answer = await bench.Runner.RunAsync(
            _model.Model,
            3,
            limit =>
            {
                Problem[] late = [limit.RecordTimeout(), limit.RecordTimeout(), limit.RecordTimeout()];
                return ValueTask.FromResult<Outcome<TensorInput>>(late[2]);
            },
            null,
            CancellationToken.None);

        Assert.Equal("classify.timeout", answer.Problem?.Code);
        Assert.Equal(1, bench.Models.StatisticsOf(_model.Model).Counts.Failed.Count);
    }

    [Fact]
    public async Task Dispose_WithARunThatDoesNotEnd_DoesNotWaitForIt()
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualResetEventSlim();
        var bench = new ServingBench(time: time);
        using (var stuck = bench.Models.Reserve(_model.Model, 1).Value)
        {
            var image = new GatedImage(_model.Pixels(1), gate.Wait);
            var batcher = (await stuck.OpenedAsync(CancellationToken.None)).Value;
            var held = stuck.RunAsync(batcher, new(1, null, [image.Pixels]), batcher.Network.Outputs, CancellationToken.None).AsTask();
            await image.FirstRead;
            time.Advance(TimeSpan.FromSeconds(11));
            Assert.False((await held).Succeeded);
        }

        var disposing = bench.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));

        await disposing;
        gate.Set();
    }

    public void Dispose() => _model.Dispose();

    /// <summary>With weights of 4 MB.</summary>
    private static TemporaryModel Wide(ulong seed) => new(
        Some.Network(10, new(16, 16, 3), new FlattenLayer { Name = "flat" }, new DenseLayer
        {
            Name = "wide",
            Units = 1300,
        }, new DenseLayer { Name = "head" }), seed);
}
