using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Engines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Hosting;

/// <summary>When what is drawn is drawn on the GPU.</summary>
public class DrawingDeviceTests
{
    private static readonly GpuDivision Shared = new(0.6, 0.25, 0.1);

    private readonly FakeTimeProvider _time = new();
    private readonly GpuUse _use = new();
    private readonly Lines _log = new();

    [Fact]
    public void IsGpuFree_WhileATrainingRuns_IsNotAndTheLogTellsEachChangeOnce()
    {
        var device = Create(["cpu", "cuda:0"], "cuda");
        Assert.True(device.IsGpuFree);
        using (_use.Begin())
        using (_use.Begin())
        {
            Assert.False(device.IsGpuFree);
            Assert.False(device.IsGpuFree);
        }

        Assert.True(device.IsGpuFree);
        Assert.Equal(
            [
                "Patterns and explanations are computed on the GPU: no training has it.",
                "Patterns and explanations are computed on the processor while a training has the GPU.",
                "Patterns and explanations are computed on the GPU: no training has it.",
            ],
            _log.Written);
    }

    [Fact]
    public void GiveUpGpu_ForWantOfMemory_LastsTenMinutes()
    {
        var device = Create(["cpu", "cuda:0"], "cpu");
        device.GiveUpGpu();
        Assert.False(device.IsGpuFree);
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(device.IsGpuFree);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(device.IsGpuFree);
    }

    [Theory]
    [InlineData(new[] { "cpu", "cuda:0" }, "cuda", 0.1, true, true)]
    [InlineData(new[] { "cpu", "cuda:0" }, "cuda", 0, false, true)] // Drawing has no share.
    [InlineData(new[] { "cpu", "cuda:0" }, "cpu", 0.1, true, false)]
    [InlineData(new[] { "cpu" }, "cuda", 0.1, false, true)]
    [InlineData(null, null, 0.1, false, false)]
    public void HasGpu_OfEachEngine_IsWhatItFound(string[]? torch, string? serving, double share, bool patterns, bool explanations)
    {
        var device = Create(torch, serving, Shared with { Drawing = share });

        Assert.Equal((patterns, explanations), (device.HasGpu, device.HasServingGpu));
    }

    [Fact]
    public void IsGpuFree_OnAHostWithoutOne_LogsNothing()
    {
        _ = Create(["cpu"], "cpu").IsGpuFree;

        Assert.Empty(_log.Written);
    }

    private DrawingDevice Create(string[]? torch, string? serving, GpuDivision? division = null) =>
        new(new Torch(torch), new Serving(serving), _use, division ?? Shared, _time, _log);

    private sealed class Torch(string[]? devices) : ITorchRuntime
    {
        public Outcome<TorchRuntimeInfo> Status => devices is null
            ? new Problem(ProblemKind.Unavailable, "torch.unavailable", "none")
            : new TorchRuntimeInfo("2.11.0", "/none", devices, 2, false);
    }

    private sealed class Serving(string? device) : IServingDevice
    {
        public Outcome<string> Device => device is null ? new Problem(ProblemKind.Unavailable, "serving.device-missing", "none") : device;

        public string? Note => null;
    }

    private sealed class Lines : ILogger<DrawingDevice>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
