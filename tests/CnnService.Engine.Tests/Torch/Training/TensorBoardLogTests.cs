using CnnService.Core.Training;
using CnnService.Torch.Training;

namespace CnnService.Engine.Tests.Torch.Training;

[Collection(TorchSuite.Name)]
public sealed class TensorBoardLogTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("cnnservice-events-").FullName, "tensorboard");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void Begin_FreshRun_WritesSixScalarsAnEpoch()
    {
        LoadedTorch.Runtime.Require();
        var add = new TensorBoardLog().Begin(_folder, []);
        add(Epoch(1));
        add(Epoch(2));

        var scalars = EventFile.Read(File());

        Assert.Equal(12, scalars.Count);
        Assert.Equal(
            [
                new("loss/train", 2, 0.5f, 4), new("loss/validation", 2, 0.75f, 4), new("accuracy/train", 2, 0.25f, 4),
                new("accuracy/validation", 2, 0.125f, 4), new("learning_rate", 2, 0.0625f, 4), new("images_per_second", 2, 128, 4),
            ],
            scalars.Skip(6));
    }

    [Fact]
    public void Begin_ResumedRun_HoldsEachEpochOnce()
    {
        LoadedTorch.Runtime.Require();
        var log = new TensorBoardLog();
        var first = log.Begin(_folder, []);
        first(Epoch(1));
        first(Epoch(2));
        first(Epoch(3)); // Done again after the checkpoint of epoch 2.

        var second = log.Begin(_folder, [Epoch(1), Epoch(2)]);
        second(Epoch(3));
        second(Epoch(4));

        Assert.Equal([1, 2, 3, 4], EventFile.Read(File()).Where(scalar => scalar.Tag == "loss/train").Select(scalar => scalar.Step));
        Assert.Equal([2, 4, 7, 9], EventFile.Read(File()).Where(scalar => scalar.Tag == "loss/train").Select(scalar => scalar.WallTime));
    }

    [Fact]
    public void Begin_EpochNotValidated_HasNoScalarOfIt()
    {
        LoadedTorch.Runtime.Require();
        new TensorBoardLog().Begin(_folder, [Epoch(1) with { ValidationLoss = double.NaN, ValidationAccuracy = double.NaN }]);

        Assert.DoesNotContain(EventFile.Read(File()), scalar => scalar.Tag.EndsWith("/validation", StringComparison.Ordinal));
    }

    private static EpochMetrics Epoch(int epoch) => new(epoch, 1.0 / epoch, 0.25, 0.75, 0.125, 0.0625, 2.25, 128);

    private string File() => Assert.Single(Directory.GetFiles(_folder));
}
