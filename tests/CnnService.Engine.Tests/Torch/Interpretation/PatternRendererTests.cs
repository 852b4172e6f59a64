using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Interpretation;
using TorchSharp;

namespace CnnService.Engine.Tests.Torch.Interpretation;

[Collection(TorchSuite.Name)]
public sealed class PatternRendererTests : IDisposable
{
    private readonly PatternBench _bench = new();

    [Fact]
    public async Task Render_Twice_GivesTheSameBytes()
    {
        var model = _bench.Small();
        using var slots = new RenderingSlots(LoadedTorch.Runtime, LoadedTorch.Devices);
        using var afterRestart = new PatternRenderer(slots);

        var first = (await _bench.RenderAsync(model, "conv_2", [4])).Single();
        var again = (await _bench.RenderAsync(model, "conv_2", [4])).Single();
        var later =
            (await afterRestart.RenderAsync(PatternBench.Job(model, "conv_2", new() { Iterations = 16 }), 4,
                TestContext.Current.CancellationToken)).Value.Single();

        Assert.Equal(first.Image.Data, again.Image.Data);
        Assert.Equal(first.Image.Data, later.Image.Data);
        Assert.Equal(first with { Image = later.Image }, later);
    }

    [Fact]
    public async Task Render_AloneOrWithNeighbours_GivesTheSameBytes()
    {
        var model = _bench.Small();
        var grid = (await _bench.RenderAsync(model, "conv_2", [0, 1, 2, 3, 4]));
        var reversed = (await _bench.RenderAsync(model, "conv_2", [4, 3, 2]));
        Assert.Equal([0, 1, 2, 3, 4], grid.Select(tile => tile.Figures.Filter));
        Assert.Equal([4, 3, 2], reversed.Select(tile => tile.Figures.Filter));
        foreach (var tile in reversed)
        {
            Assert.Equal(grid[tile.Figures.Filter].Image.Data, tile.Image.Data);
            var alone = (await _bench.RenderAsync(model, "conv_2", [tile.Figures.Filter])).Single();
            Assert.Equal(grid[tile.Figures.Filter].Image.Data, alone.Image.Data);
        }
    }

    [Fact]
    public async Task Render_WhateverTheThreadsOfTheProcess_GivesTheSameBytes()
    {
        var model = _bench.Small();
        var before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(1);
            var one = (await _bench.RenderAsync(model, "conv_2", [1], size: 96)).Single();
            torch.set_num_threads(4);
            var four = (await _bench.RenderAsync(model, "conv_2", [1], size: 96)).Single();
            Assert.Equal(one.Image.Data, four.Image.Data);
            Assert.Equal(4, torch.get_num_threads());
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Fact]
    public async Task Render_AnotherSeedFilterOrWeights_GivesAnotherImage()
    {
        var model = _bench.Small();
        var image = (await _bench.RenderAsync(model, "conv_2", [4])).Single().Image.Data;
        Assert.NotEqual(image, (await _bench.RenderAsync(model, "conv_2", [4], seed: 1)).Single().Image.Data);
        Assert.NotEqual(image, (await _bench.RenderAsync(model, "conv_2", [5])).Single().Image.Data);

        // The same network under another hash starts elsewhere: what is drawn belongs to the weights.
        var other = model with { Manifest = model.Manifest with { Files = [new(ModelPackage.WeightsFile, 1, "00")] } };
        Assert.NotEqual(image, (await _bench.RenderAsync(other, "conv_2", [4])).Single().Image.Data);
    }

    [Fact]
    public async Task Render_MoreSteps_ExciteTheFilterMore()
    {
        var model = _bench.Small();
        int[] filters = [0, 1, 2, 3];
        var few = (await _bench.RenderAsync(model, "conv_2", filters, iterations: 16));
        var many = (await _bench.RenderAsync(model, "conv_2", filters, iterations: 128));
        foreach (var (tile, better) in few.Zip(many))
        {
            Assert.Equal((16, 128), (tile.Figures.Iterations, better.Figures.Iterations));
            Assert.Equal(tile.Figures.StartActivation, better.Figures.StartActivation);
            Assert.True(tile.Figures.Activation > tile.Figures.StartActivation, $"{tile}");
            Assert.True(better.Figures.Activation > tile.Figures.Activation, $"{better} after {tile}");
            Assert.True(better.Figures.Activation > better.Figures.NoiseActivation, $"{better}");
            Assert.Equal(PatternStatus.Ok, better.Figures.Status);
        }
    }

    [Fact]
    public async Task Render_NoIterationsOrSizeGiven_TakesTheUsualOnes()
    {
        var model = _bench.Small();
        var shallow = (await _bench.RenderAsync(model, "conv_1", [0], iterations: null)).Single();
        var deep = (await _bench.RenderAsync(model, "conv_2", [0], iterations: null)).Single();
        Assert.Equal((256, 64), (shallow.Figures.Iterations, shallow.Figures.Size));
        Assert.Equal((128, 64), (deep.Figures.Iterations, deep.Figures.Size));
        Assert.Equal((64, 64, 3), (deep.Image.Width, deep.Image.Height, deep.Image.Channels));
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("output")]
    public async Task Render_UnitOfADenseLayer_ClimbsAtTheModelsOwnSize(string layer)
    {
        var model = _bench.Small();
        var tile = (await _bench.RenderAsync(model, layer, [0], iterations: 64, size: 128)).Single();
        Assert.Equal((32, 32, 32), (tile.Figures.Size, tile.Image.Width, tile.Image.Height));
        Assert.True(tile.Figures.Activation > Math.Max(tile.Figures.StartActivation, tile.Figures.NoiseActivation), $"{tile}");
    }

    [Fact]
    public async Task Render_GreyModel_GivesAGreyImage()
    {
        var tile = (await _bench.RenderAsync(_bench.Small(channels: 1), "conv_2", [0], iterations: 64, size: 47)).Single();
        Assert.Equal((47, 47, 1), (tile.Image.Width, tile.Image.Height, tile.Image.Channels));
        Assert.Equal(PatternStatus.Ok, tile.Figures.Status);
    }

    [Fact]
    public async Task Render_OblongModel_GivesAnImageOfItsShape()
    {
        var model = _bench.Untrained(new(new(45, 31, 3),
        [
            new Conv2dLayer { Name = "conv", Filters = 4, Activation = ActivationKind.Relu },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output" },
        ]));
        var tile = (await _bench.RenderAsync(model, "output", [0])).Single();
        Assert.Equal((31, 45, 45), (tile.Image.Width, tile.Image.Height, tile.Figures.Size));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(-1)]
    public async Task Render_FilterThatTheLayerHasNot_IsABrokenContract(int filter) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _bench.RenderAsync(_bench.Small(), "conv_2", [filter]));

    [Fact]
    public async Task Render_WithoutTheTensorLibrary_SaysSo()
    {
        using var slots = new RenderingSlots(new NoTorch(), LoadedTorch.Devices);
        using var renderer = new PatternRenderer(slots);
        var job = PatternBench.Job(_bench.Small(), "conv_2");

        var tile = await renderer.RenderAsync(job, 0, TestContext.Current.CancellationToken);
        var responses = renderer.Respond(job, [new PixelBuffer(32, 32, 3)], TestContext.Current.CancellationToken);

        Assert.Equal("torch.unavailable", tile.Problem?.Code);
        Assert.Equal("torch.unavailable", responses.Problem?.Code);
    }

    [Fact]
    public async Task Render_TornWeights_SaysOfWhichVersion()
    {
        var model = _bench.Small();
        await File.WriteAllBytesAsync(model.WeightsPath, [1, 2, 3], TestContext.Current.CancellationToken);
        var job = PatternBench.Job(model, "conv_2");

        var tile = await _bench.Renderer.RenderAsync(job, 0, TestContext.Current.CancellationToken);
        var responses = _bench.Renderer.Respond(job, [new PixelBuffer(32, 32, 3)], TestContext.Current.CancellationToken);

        Assert.Equal((ProblemKind.Unavailable, "model.corrupt"), (tile.Problem!.Kind, tile.Problem.Code));
        Assert.Contains("model:1", tile.Problem.Detail, StringComparison.Ordinal);
        Assert.Equal("model.corrupt", responses.Problem?.Code);
    }

    [Fact]
    public async Task Render_ManyAtOnce_HoldsTwoSlots()
    {
        Assert.Equal(2, _bench.Renderer.MaxConcurrency);
        using var slots = new RenderingSlots(LoadedTorch.Runtime, LoadedTorch.Devices);
        var (running, most) = (0, 0);
        var open = new ManualResetEventSlim();
        var work = Enumerable.Range(0, 5).Select(_ => slots.RunAsync(Work, TestContext.Current.CancellationToken)).ToArray();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref running) == 2, TimeSpan.FromMinutes(10)));
        open.Set();
        await Task.WhenAll(work);
        Assert.Equal(2, most);

        Outcome<int> Work()
        {
            lock (slots)
            {
                most = Math.Max(most, ++running);
            }

            open.Wait(TestContext.Current.CancellationToken);
            return Interlocked.Decrement(ref running);
        }
    }

    [Fact]
    public async Task Render_Cancelled_StopsAndGivesItsPlacesBack()
    {
        var model = _bench.Small();
        using var cancel = new CancellationTokenSource();
        var job = PatternBench.Job(model, "conv_2", new() { Iterations = 2048, Size = 128 });
        var rendering = Task.WhenAll(Enumerable.Range(0, 6).Select(filter => _bench.Renderer.RenderAsync(job, filter, cancel.Token)));
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(rendering.IsCompleted);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rendering.WaitAsync(TimeSpan.FromMinutes(10)));
        Assert.Equal(2, (await _bench.RenderAsync(model, "conv_2", [0, 1])).Count);
    }

    [Fact]
    public async Task Render_AgainAndAgain_LeavesNoTensors()
    {
        var before = LiveTensors.Count();
        var model = _bench.Small();
        await _bench.RenderAsync(model, "conv_2", [0, 1]);
        var loaded = torch.Tensor.TotalCount;
        await _bench.RenderAsync(model, "conv_2", [2, 3, 4], iterations: 32);
        await _bench.RenderAsync(model, "dense", [0]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _bench.Renderer.RenderAsync(PatternBench.Job(model, "conv_2"), 0, new CancellationToken(canceled: true)));
        Assert.Equal(loaded, torch.Tensor.TotalCount);
        _bench.Renderer.Dispose();
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    public void Dispose() => _bench.Dispose();

    private sealed class NoTorch : ITorchRuntime
    {
        public Outcome<TorchRuntimeInfo> Status => new Problem(ProblemKind.Unavailable, "torch.unavailable", "None here.");
    }
}
