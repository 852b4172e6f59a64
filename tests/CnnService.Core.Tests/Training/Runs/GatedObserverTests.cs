using CnnService.Core.Training;
using CnnService.Core.Training.Runs;

namespace CnnService.Core.Tests.Training.Runs;

public sealed class GatedObserverTests
{
    private readonly List<string> _heard = [];

    [Fact]
    public void Everything_ThatIsWrittenOrStepsOn_PassesTheGateBefore()
    {
        var observer = new GatedObserver(new Listener(_heard), new Gate(_heard), CancellationToken.None);

        observer.Started("cpu", Precision.Float32, 0);
        observer.Weights(0, () => throw new InvalidOperationException("not asked for"));
        observer.Step(new(1, 1, 2, 3, 4));
        observer.Epoch(new(1, 0, 0, 0, 0, 0, 0, 0));
        observer.Checkpoint(1, 0);
        observer.Log("said");

        Assert.Equal(["gate", "started", "gate", "weights", "gate", "step", "gate", "epoch", "checkpoint", "said"], _heard);
    }

    private sealed class Gate(List<string> heard) : ITrainingGate
    {
        public void Pass(CancellationToken cancel) => heard.Add("gate");
    }

    private sealed class Listener(List<string> heard) : ITrainingObserver
    {
        public void Started(string device, Precision precision, int resumedEpoch) => heard.Add("started");

        public void Step(StepProgress progress) => heard.Add("step");

        public void Epoch(EpochMetrics metrics) => heard.Add("epoch");

        public void Weights(int epoch, Func<Core.Models.NamedWeights> copy) => heard.Add("weights");

        public void Checkpoint(int epoch, int step) => heard.Add("checkpoint");

        public void Log(string message) => heard.Add(message);
    }
}
