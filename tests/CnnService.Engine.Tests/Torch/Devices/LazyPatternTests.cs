using System.Runtime.InteropServices;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Engine.Tests.Torch.Interpretation;
using CnnService.Torch.Interpretation;
using CnnService.Torch.Native;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Devices;

/// <summary>Patterns, class images and the maps of a film on another device than the processor.</summary>
[Collection(TorchSuite.Name)]
public sealed class LazyPatternTests : IDisposable
{
    private const int MostOfALevel = 2;

    private static readonly PatternRequest Short = new() { Iterations = 16, Size = 32 };

    private static readonly Dictionary<string, PatternRequest> Requests = new(StringComparer.Ordinal)
    {
        ["natural"] = Short,
        ["quick"] = Short with { Method = PatternMethod.Quick },
        ["article"] = Short with { Method = PatternMethod.Article },
        ["against"] = Short with { Direction = -1 },
        ["neuron"] = Short with { Objective = PatternObjective.Neuron },
        ["pixels"] = Short with { InPixels = true, Transforms = PatternTransforms.None },
        ["plain colours"] = Short with { Decorrelates = false, Decay = 0.5 },
    };

    private readonly PatternBench _processor = new();
    private readonly PatternBench _other = new(LazyDevice.Only);

    public static TheoryData<string> Ways => [.. Requests.Keys];

    public void Dispose()
    {
        _processor.Dispose();
        _other.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Render_EachWay_GivesTheProcessorsImage(string way) =>
        await AssertNearAsync(_processor.Small(), "conv_2", Requests[way], filter: 3);

    [Fact]
    public async Task Render_LinearLayer_GivesTheProcessorsImage() => await AssertNearAsync(
        _processor.HandMade(ActivationKind.Linear, ([.. Enumerable.Range(0, 27).Select(i => (float)Math.Sin(1.7 * i))], 0)), "conv", Short);

    [Fact]
    public async Task Render_Class_GivesTheProcessorsImage()
    {
        var model = _processor.Small();
        await AssertNearAsync(PatternJob.CreateForClass(model, 1, Short).Value, filter: 0);
    }

    [Fact]
    public void Respond_Images_AreTheProcessorsAnswers()
    {
        var model = _processor.Small();

        Assert.All(Answers(_processor).Zip(Answers(_other)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        float[] Answers(PatternBench bench) => bench.Renderer.Respond(
            PatternBench.Job(model, "conv_2"), [Image()], CancellationToken.None).Value[0];
    }

    [Theory]
    [InlineData("conv_1")]
    [InlineData("dense")]
    public void Read_Snapshot_GivesTheProcessorsMaps(string layer)
    {
        var model = _processor.Small();
        using var slots = new RenderingSlots(LoadedTorch.Runtime, LoadedTorch.Devices);
        using var others = new RenderingSlots(LoadedTorch.Runtime, LazyDevice.Only);

        Assert.All(Values(slots).Zip(Values(others)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        float[] Values(RenderingSlots on) =>
            new SnapshotMaps(on).Read(model, model.Network.Find(layer)!, Image(), CancellationToken.None).Value.Values.ToArray();
    }

    [Fact]
    public async Task Render_OnTheGpuOrNot_IsDoneOnTheJobsDevice()
    {
        var devices = new AskedDevices(LazyDevice.AsGpu);
        using var host = new PatternBench(devices);
        var job = PatternBench.Job(_processor.Small(), "conv_2", Short);

        var onProcessor = (await host.RenderAsync(job, 3))[0];
        Assert.Equal([DeviceChoice.Cpu], devices.Asked.Distinct());
        devices.Asked.Clear();
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (true, true); // As a training leaves them.
        var onGpu = (await host.RenderAsync(job.On(gpu: true), 3))[0];
        Assert.False(backends.cuda.matmul.allow_tf32 || backends.cudnn.allow_tf32);
        Assert.Equal([DeviceChoice.Cuda], devices.Asked.Distinct()); // Neither the network nor the noise of the other one is taken.

        Assert.Equal((await _processor.RenderAsync(job, 3))[0].Image.Data, onProcessor.Image.Data);
        Assert.True(onProcessor.Image.Data.Zip(onGpu.Image.Data, (a, b) => Math.Abs(a - b)).Max() <= MostOfALevel);
    }

    [Theory]
    [InlineData(true, "drawing.gpu-memory")]
    [InlineData(false, null)] // The host's memory is no matter of the GPU's.
    public async Task Render_WithoutTheMemory_IsAProblemOfTheGpuOnly(bool onGpu, string? code)
    {
        using var host = new PatternBench(new NoMemory());
        var job = PatternBench.Job(_processor.Small(), "conv_2", Short).On(onGpu);

        async Task<string?> CodeAsync()
        {
            return (await host.Renderer.RenderAsync(job, 0, TestContext.Current.CancellationToken)).Problem?.Code;
        }

        if (code is null)
        {
            await Assert.ThrowsAsync<ExternalException>(CodeAsync);
            return;
        }

        Assert.Equal(code, await CodeAsync());
        Assert.Equal(code, host.Renderer.Respond(job, [Image()], CancellationToken.None).Problem?.Code);
    }

    [Fact]
    public async Task Render_OnAGpuThatIsNotThere_IsAProblemAndNotDoneElsewhere()
    {
        Assert.SkipWhen(LoadedTorch.Runtime.Require().Devices.Count > 1, "This host has a GPU.");
        var job = PatternBench.Job(_processor.Small(), "conv_2", Short).On(gpu: true);

        var drawn = await _processor.Renderer.RenderAsync(job, 0, TestContext.Current.CancellationToken);

        Assert.Equal("training.device-unavailable", drawn.Problem?.Code);
    }

    private Task AssertNearAsync(LoadedModel model, string layer, PatternRequest request, int filter = 0) =>
        AssertNearAsync(PatternBench.Job(model, layer, request), filter);

    private async Task AssertNearAsync(PatternJob job, int filter)
    {
        var expected = await _processor.RenderAsync(job, filter);
        var tiles = await _other.RenderAsync(job, filter);
        Assert.Equal(expected.Count, tiles.Count);
        foreach (var (one, other) in expected.Zip(tiles))
        {
            var (figures, others) = (one.Figures, other.Figures);
            Assert.Equal(figures.Status, others.Status);
            Assert.Equal(figures.Activation, others.Activation, 0.01 * Math.Max(1, Math.Abs(figures.Activation)));
            Assert.Equal(figures.NoiseActivation, others.NoiseActivation, 1e-4 * Math.Max(1, Math.Abs(figures.NoiseActivation)));
            Assert.True(one.Image.Data.Zip(other.Image.Data, (a, b) => Math.Abs(a - b)).Max() <= MostOfALevel, "The images differ.");
        }
    }

    private static PixelBuffer Image()
    {
        var image = new PixelBuffer(32, 32, 3);
        for (var i = 0; i < image.Data.Length; i++)
        {
            image.Data[i] = (byte)(i * 31);
        }

        return image;
    }

    /// <summary>Remembers what was asked for.</summary>
    private sealed class AskedDevices(IDevices devices) : IDevices
    {
        public List<DeviceChoice> Asked { get; } = [];

        public Outcome<Device> Choose(DeviceChoice wanted)
        {
            lock (Asked)
            {
                Asked.Add(wanted);
            }

            return devices.Choose(wanted);
        }
    }

    /// <summary>A device that has no memory left.</summary>
    private sealed class NoMemory : IDevices
    {
#pragma warning disable CA2201 // What TorchSharp throws.
        public Outcome<Device> Choose(DeviceChoice wanted) =>
            throw new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB.");
#pragma warning restore CA2201
    }
}
