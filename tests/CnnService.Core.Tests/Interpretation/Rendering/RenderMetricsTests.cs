using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Core.Tests.Interpretation.Rendering;

public sealed class RenderMetricsTests : IDisposable
{
    private readonly MeterListener _listener = new() { InstrumentPublished = Enable };
    private readonly ConcurrentQueue<string> _told = [];
    private readonly string _kind = $"kind-{Guid.NewGuid():N}";

    public RenderMetricsTests()
    {
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            if (tags[0].Value is string kind && kind == _kind)
            {
                _told.Enqueue($"{tags[1].Value}");
            }
        });
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Watch_TellsHowItEnded()
    {
        Assert.Equal(1, RenderMetrics.Measure(_kind, () => (1, RenderOutcome.Hit)));
        Assert.Equal(2, await RenderMetrics.MeasureAsync(_kind, () => Task.FromResult((2, RenderOutcome.Drawn))));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => RenderMetrics.MeasureAsync<int>(_kind, () => throw new InvalidOperationException()));
        Assert.Throws<InvalidOperationException>(() => RenderMetrics.Measure<int>(_kind, () => throw new InvalidOperationException()));

        Assert.Equal(["hit", "drawn", "failed", "failed"], _told);
    }

    [Fact]
    public async Task Watch_OfWhatIsCancelled_TellsNothing()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => RenderMetrics.MeasureAsync<int>(_kind, () => throw new OperationCanceledException()));

        Assert.Empty(_told);
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == Telemetry.Name && instrument.Name == "cnnservice.render.duration")
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
