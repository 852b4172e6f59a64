using Microsoft.Extensions.Time.Testing;

namespace CnnService.Engine.Tests.Torch.Training;

[Collection(TorchSuite.Name)]
public sealed class CheckpointSaverTests
{
    [Theory]
    [InlineData(0, new[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(2, new[] { 1, 6 })] // The next would be due after 40 s; the epochs up to the last one take 20 s.
    [InlineData(0.6, new[] { 1, 4, 6 })] // Due after 12 s.
    public void SaveAfterEpoch_SavingThatTakesItsTime_IsDoneWhenItTakesATwentiethAtMost(double seconds, int[] epochs)
    {
        var time = new FakeTimeProvider();
        using var bench = new TrainingBench
        {
            Time = time,
            Plan = TrainingBench.Some.Plan() with { Epochs = 6, CheckpointEvery = TimeSpan.FromHours(1) },
        };
        using var observer = new RecordingObserver
        {
            OnStep = () => time.Advance(TimeSpan.FromSeconds(1)), // Five steps an epoch.
            FailAtCheckpoint = _ =>
            {
                time.Advance(TimeSpan.FromSeconds(seconds));
                return null;
            },
        };

        Assert.True(bench.Train(observer).Succeeded);

        Assert.Equal(epochs.Select(epoch => (epoch, 0)), observer.Checkpoints);
    }
}
