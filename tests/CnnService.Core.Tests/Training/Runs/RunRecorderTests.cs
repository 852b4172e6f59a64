using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Runs;

namespace CnnService.Core.Tests.Training.Runs;

public sealed class RunRecorderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly EpochsKept _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Epoch_EachIsOnDiskAndPassedOn()
    {
        var heard = new Listener();
        var recorder = new RunRecorder(heard, _log, _folder.Root);
        recorder.Started("cpu", Precision.Float32, 0);
        recorder.Epoch(Epoch(1));
        recorder.Epoch(Epoch(2));

        Assert.Equal([Epoch(1), Epoch(2)], OnDisk());
        Assert.Equal(OnDisk(), recorder.History);
        Assert.Equal([1, 2], _log.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(_folder["tensorboard"], _log.Folder);
    }

    [Fact]
    public void Started_AgainFromAnEarlierCheckpoint_DropsWhatIsDoneAgain()
    {
        var first = new RunRecorder(new Listener(), _log, _folder.Root);
        first.Started("cpu", Precision.Float32, 0);
        first.Epoch(Epoch(1));
        first.Epoch(Epoch(2));
        first.Epoch(Epoch(3));

        var second = new RunRecorder(new Listener(), _log, _folder.Root);
        second.Started("cpu", Precision.Float32, resumedEpoch: 2);
        Assert.Equal([Epoch(1), Epoch(2)], second.History);
        second.Epoch(Epoch(3));

        Assert.Equal([1, 2, 3], _log.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal([1, 2, 3], OnDisk().Select(epoch => epoch.Epoch));
    }

    private static EpochMetrics Epoch(int epoch) => new(epoch, 1.0 / epoch, 0.5, double.NaN, double.NaN, 0.001, 2, 100);

    private EpochMetrics[] OnDisk() =>
        JsonSerializer.Deserialize<EpochMetrics[]>(File.ReadAllBytes(_folder["history.json"]), CoreJson.Options)!;
}
