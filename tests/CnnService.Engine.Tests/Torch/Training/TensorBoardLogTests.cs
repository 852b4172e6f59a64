using CnnService.Core.Training;
using CnnService.Torch.Training;

namespace CnnService.Engine.Tests.Torch.Training;

[Collection(TorchSuite.Name)]
public sealed class TensorBoardLogTests : IDisposable
{
    private const int Start = 1_700_000_000;

    private readonly Clock _clock = new();
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("cnnservice-events-").FullName, "tensorboard");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void Begin_FreshRun_WritesSixScalarsAnEpoch()
    {
        LoadedTorch.Runtime.Require();
        var add = new TensorBoardLog(_clock).Begin(_folder, []);
        add(Epoch(1));
        _clock.Now += TimeSpan.FromSeconds(60);
        add(Epoch(2));

        var scalars = EventFile.Read(File());

        Assert.Equal(12, scalars.Count);
        Assert.Equal(
            [
                new("loss/train", 2, 0.5f, Start + 60), new("loss/validation", 2, 0.75f, Start + 60),
                new("accuracy/train", 2, 0.25f, Start + 60), new("accuracy/validation", 2, 0.125f, Start + 60),
                new("learning_rate", 2, 0.0625f, Start + 60), new("images_per_second", 2, 128, Start + 60),
            ],
            scalars.Skip(6));
    }

    [Fact]
    public void Begin_ResumedRun_HoldsEachEpochOnce()
    {
        LoadedTorch.Runtime.Require();
        var log = new TensorBoardLog(_clock);
        var first = log.Begin(_folder, []);
        first(Epoch(1));
        first(Epoch(2));
        first(Epoch(3)); // Done again after the checkpoint of epoch 2.

        _clock.Now += TimeSpan.FromHours(5);
        var second = log.Begin(_folder, [Epoch(1), Epoch(2)]);
        second(Epoch(3));
        _clock.Now += TimeSpan.FromSeconds(3);
        second(Epoch(4));

        const int Again = Start + (5 * 3600);
        var losses = EventFile.Read(File()).Where(scalar => scalar.Tag == "loss/train").ToArray();
        Assert.Equal([1, 2, 3, 4], losses.Select(scalar => scalar.Step));
        Assert.Equal([Again - 3, Again, Again, Again + 3], losses.Select(scalar => scalar.WallTime)); // 2.25 s an epoch, rounded down.
    }

    [Fact]
    public void Begin_EpochNotValidated_HasNoScalarOfIt()
    {
        LoadedTorch.Runtime.Require();
        new TensorBoardLog(_clock).Begin(_folder, [Epoch(1) with { ValidationLoss = double.NaN, ValidationAccuracy = double.NaN }]);

        Assert.DoesNotContain(EventFile.Read(File()), scalar => scalar.Tag.EndsWith("/validation", StringComparison.Ordinal));
    }

    private static EpochMetrics Epoch(int epoch) => new(epoch, 1.0 / epoch, 0.25, 0.75, 0.125, 0.0625, 2.25, 128);

    private string File() => Assert.Single(Directory.GetFiles(_folder));

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.FromUnixTimeSeconds(Start);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
