using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Snapshots;

namespace CnnService.Core.Tests.Training.Snapshots;

public sealed class SnapshotRecorderTests : IDisposable
{
    private const int Values = 1000;
    private const long Room = 1L << 40;

    private readonly TemporaryFolder _folder = new();
    private readonly Listener _heard = new();
    private long _free = Room;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_EachEpoch_IsAReadableFileWithItsHash()
    {
        var recorder = Begin(budget: Room);

        Train(recorder, 0, 3);

        var kept = SnapshotFolder.Read(_folder.Root);
        Assert.Equal([0, 1, 2, 3], kept.Select(snapshot => snapshot.Epoch));
        foreach (var snapshot in kept)
        {
            var path = Path.Combine(_folder["snapshots", $"0000{snapshot.Epoch}"], "weights.safetensors");
            Assert.Equal(snapshot.Epoch, SafetensorsFile.Read(path).Value.Weights["w"].Data[Values - 1]);
            var bytes = File.ReadAllBytes(path);
            Assert.Equal((bytes.LongLength, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))),
                (snapshot.Weights.Bytes, snapshot.Weights.Sha256));
        }
    }

    [Fact]
    public void Weights_MoreThanTheBudget_AreThinnedOutAndNeverOverIt()
    {
        const long Budget = 5 * (Values + 100) * sizeof(float);
        var recorder = Begin(Budget);
        for (var epoch = 0; epoch <= 40; epoch++)
        {
            Train(recorder, epoch, epoch);
            var bytes =
                Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories)
                .Where(file => file.EndsWith("weights.safetensors", StringComparison.Ordinal)).Sum(file => new FileInfo(file).Length);
            Assert.InRange(bytes, 1, Budget);
        }

        var kept = SnapshotFolder.Read(_folder.Root).Select(snapshot => snapshot.Epoch).ToArray();
        Assert.Equal((5, 0, 40), (kept.Length, kept[0], kept[^1]));
        Assert.Empty(_heard.Sentences);
    }

    [Fact]
    public void Weights_OfMoreEpochsThanAFilmCanShow_AreThinnedOutHoweverSmall()
    {
        Train(Begin(budget: Room), 0, 300);

        var kept = SnapshotFolder.Read(_folder.Root).Select(snapshot => snapshot.Epoch).ToArray();
        Assert.Equal((SnapshotRecorder.MaxSnapshots, 0, 300), (kept.Length, kept[0], kept[^1]));
    }

    [Fact]
    public void Weights_BudgetOfLessThanTwo_KeepsNoneAndSaysSoOnce()
    {
        Train(Begin(budget: 2 * Values * sizeof(float)), 0, 3);

        Assert.Empty(SnapshotFolder.Read(_folder.Root));
        Assert.Single(_heard.Sentences);
    }

    [Fact]
    public void Weights_DiskWithoutRoomToSpare_KeepsNoneUntilThereIs()
    {
        var recorder = Begin(budget: Room);
        Train(recorder, 0, 0);
        _free = DiskSpace.Reserve;
        Train(recorder, 1, 2);
        Assert.Equal([0], SnapshotFolder.Read(_folder.Root).Select(snapshot => snapshot.Epoch));
        Assert.Contains("epoch 1", Assert.Single(_heard.Sentences), StringComparison.Ordinal);

        _free = Room;
        Train(recorder, 3, 3);

        Assert.Equal([0, 3], SnapshotFolder.Read(_folder.Root).Select(snapshot => snapshot.Epoch));
    }

    [Fact]
    public void Started_FromAnEarlierCheckpoint_DropsWhatIsDoneAgainAndWhatIsTorn()
    {
        Train(Begin(budget: Room), 0, 3);
        var torn = Directory.CreateDirectory(_folder["snapshots", "00004.tmp-0"]).FullName;
        File.WriteAllText(Path.Combine(torn, "weights.safetensors"), "half");
        Directory.CreateDirectory(_folder["snapshots", "00005"]);

        var again = Begin(budget: Room, resumed: 2);

        Assert.Equal([0, 1, 2], SnapshotFolder.Read(_folder.Root).Select(snapshot => snapshot.Epoch));
        Assert.False(Directory.Exists(torn));
        Train(again, 2, 3);
        Assert.Equal([0, 1, 2, 3], SnapshotFolder.Read(_folder.Root).Select(snapshot => snapshot.Epoch));
    }

    private SnapshotRecorder Begin(long budget, int resumed = 0)
    {
        var recorder = new SnapshotRecorder(_heard, _folder.Root, budget, () => _free);
        recorder.Started("cpu", Precision.Float32, resumed);
        return recorder;
    }

    private static void Train(SnapshotRecorder recorder, int first, int last)
    {
        for (var epoch = first; epoch <= last; epoch++)
        {
            var weights = new NamedWeights();
            weights.Add("w", new([Values], [.. Enumerable.Repeat((float)epoch, Values)]));
            recorder.Weights(epoch, () => weights);
        }
    }
}
