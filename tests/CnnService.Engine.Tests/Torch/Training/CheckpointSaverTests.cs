using CnnService.Core.Training;
using CnnService.Torch.Networks;
using CnnService.Torch.Training;
using Microsoft.Extensions.Time.Testing;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Training;

[Collection(TorchSuite.Name)]
public sealed class CheckpointSaverTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingObserver _observer = new();
    private readonly TrainingState _state;
    private readonly List<CheckpointState> _written = [];

    public CheckpointSaverTests()
    {
        LoadedTorch.Runtime.Require();
        var (plan, network) = TrainingBench.Some.Plan().Resolve().Value;
        _state = TrainingState.Start(new(plan, network), CPU, Precision.Float32).Value;
    }

    public void Dispose()
    {
        _state.Dispose();
        _observer.Dispose();
    }

    [Theory]
    [InlineData(0, new[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(2, new[] { 1, 6 })] // The next would be due after 40 s; the epochs up to the last one take 25 s.
    [InlineData(0.6, new[] { 1, 4, 6 })] // Due after 12 s.
    public void SaveAfterEpoch_SavingThatTakesItsTime_IsDoneWhenItTakesATwentiethAtMost(double seconds, int[] epochs)
    {
        using var writer = Writer(_ => _time.Advance(TimeSpan.FromSeconds(seconds)));
        var saver = Saver(writer, every: TimeSpan.FromHours(1));
        for (var epoch = 1; epoch <= 6; epoch++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            _state.Complete(new(epoch, 1, 1, 1, 1, 0.01, 5, 8));
            saver.SaveAfterEpoch();
            WaitFor(writer);
        }

        saver.SaveAtEnd();

        Assert.Equal(epochs.Select(epoch => (epoch, 0)), _observer.Checkpoints);
        Assert.Equal(_observer.Checkpoints, Written);
    }

    [Fact]
    public void SaveIfDue_WhileItIsWritten_TheTrainingGoesOnAndWhatIsWrittenIsOfItsStep()
    {
        using var gate = new ManualResetEventSlim();
        using var writer = Writer(_ => Assert.True(gate.Wait(TimeSpan.FromSeconds(30)), "The training waited for the disk."));
        var saver = Saver(writer, Minute);
        var before = TrainingBench.HashOf(_state.Network.Tensors.Snapshot());

        Step(1, Minute);
        saver.SaveIfDue();
        Assert.True(writer.IsWriting);
        using (no_grad())
        {
            _state.Network.Tensors["conv.weight"].fill_(OwnedScalars.Create(7));
        }

        Step(2, TimeSpan.FromSeconds(59));
        saver.SaveIfDue();
        saver.SaveAfterEpoch();
        Assert.Empty(_observer.Checkpoints);
        gate.Set();
        WaitFor(writer);
        Assert.Empty(_observer.Checkpoints); // Told on the training's thread.
        saver.SaveIfDue();

        Assert.Equal([(0, 1)], _observer.Checkpoints);
        Assert.Equal(before, TrainingBench.HashOf(_written.Single().Part(CheckpointState.Network)));
    }

    [Fact]
    public void SaveIfDue_TheNextIsDueBeforeOneIsWritten_WritesThemOneByOneAndLeavesNoneOut()
    {
        var writing = 0;
        using var writer = Writer(_ =>
        {
            Assert.Equal(1, Interlocked.Increment(ref writing));
            Thread.Yield();
            Interlocked.Decrement(ref writing);
        });
        var saver = Saver(writer, every: TimeSpan.Zero);
        foreach (var step in Enumerable.Range(1, 20))
        {
            Step(step, TimeSpan.Zero);
            saver.SaveIfDue();
        }

        saver.Save();

        Assert.Equal(Enumerable.Range(1, 20).Select(step => (0, step)), Written);
        Assert.Equal(Written, _observer.Checkpoints);
    }

    [Fact]
    public void SaveIfDue_TheWriteBeforeFailed_ThrowsWhatItThrew()
    {
        using var writer = Writer(_ => throw new IOException("No space left on device", 28));
        var saver = Saver(writer, Minute);
        Step(1, Minute);
        saver.SaveIfDue();
        WaitFor(writer);
        Step(2, TimeSpan.Zero);

        Assert.Equal(28, Assert.Throws<IOException>(saver.SaveIfDue).HResult);
        Assert.Empty(_observer.Checkpoints);
    }

    [Fact]
    public void Dispose_OfATrainingThatFailed_WaitsForTheWriteAndLogsItsFailure()
    {
        using (var writer = Writer(_ => throw new IOException("No space left on device", 28)))
        {
            Step(3, Minute);
            Saver(writer, TimeSpan.Zero).SaveIfDue();
        }

        Assert.Equal(["The checkpoint of 0 epochs and 3 steps was not written: No space left on device"], _observer.Messages);
    }

    [Fact]
    public void SaveAtEnd_AnEpochInProgressThatDiverged_IsNotSavedAndSaysSo()
    {
        using var writer = Writer(_ => { });
        using (no_grad())
        {
            _state.Network.Tensors["dense.bias"].fill_(OwnedScalars.Create(double.NaN));
        }

        Saver(writer, Minute).SaveAtEnd();

        Assert.Empty(_written);
        Assert.Contains("has diverged", Assert.Single(_observer.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Save_NothingDoneSinceTheLast_WritesNothing()
    {
        using var writer = Writer(_ => { });
        var saver = Saver(writer, every: TimeSpan.Zero);
        Step(1, TimeSpan.Zero);
        saver.SaveIfDue();

        saver.Save();
        saver.Save();

        Assert.Equal([(0, 1)], Written);
    }

    private IEnumerable<(int Epoch, int Step)> Written => _written.Select(state => (state.Position.Epoch, state.Position.Step));

    private static void WaitFor(CheckpointWriter writer) => SpinWait.SpinUntil(() => !writer.IsWriting);

    private void Step(int step, TimeSpan later)
    {
        _state.Step = step;
        _time.Advance(later);
    }

    private CheckpointWriter Writer(Action<CheckpointState> write) => new(
        state =>
        {
            write(state);
            _written.Add(state);
        },
        _time,
        _observer.Log);

    private CheckpointSaver Saver(CheckpointWriter writer, TimeSpan every) =>
        new(writer, _state, "plan", every, _observer, _time, isSaved: false);
}
