using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training.Fitting;

/// <summary>Features that do not tell the classes apart well, and a trainer that says how well it did.</summary>
public sealed class FineTunerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Heard _heard = new();
    private readonly Time _time = new();
    private readonly List<int> _planned = [];
    private int _epochs;
    private string[]? _frozen;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_TrainedNetworkIsBetter_IsKept_AndJudgedOnTheOtherHalf()
    {
        var fitted = Run(validationLoss: 0.001).Value;

        // The epoch's own figures are of the images that chose; an odd image, logit 10, has the loss ln(1 + e^-10), an even one ln 2.
        var odd = (double)fitted.Judging.Count(row => row % 2 == 1) / fitted.Judging.Count;
        Assert.Equal(3, fitted.Trained.Best.Epoch);
        Assert.Equal((odd * Math.Log(1 + Math.Exp(-10))) + ((1 - odd) * Math.Log(2)), fitted.Trained.Best.ValidationLoss, 1e-6);
        Assert.All(fitted.Judging, row => Assert.False(ValidationHalves.Chooses(Hash(row))));
        Assert.Equal([1, 2, 3, 4, 5], _heard.Epochs);
        Assert.Equal((4, "look"), (_epochs, Assert.Single(_frozen!)));
        // Its last layer is 10 times the first feature, which is 1 for odd images and 0 for even ones.
        Assert.Equal(Enumerable.Range(0, 100).Select(row => row % 2 == 0 ? 0f : 10f), fitted.Logits);
    }

    [Fact]
    public void Run_FittedClassifierIsBetter_IsKept()
    {
        var fitted = Run(validationLoss: 9).Value;

        Assert.Equal(1, fitted.Trained.Best.Epoch);
        Assert.Contains(_heard.Sentences, sentence => sentence.Contains("The fitted classifier is better", StringComparison.Ordinal));
    }

    /// <summary>As served, the mean of the later epochs' weights tells all images apart: their last layer is 30 on average.</summary>
    [Fact]
    public void Run_MeanOfTheWeightsIsBetter_IsKept()
    {
        var fitted = Run(validationLoss: 0.2, weightsPerEpoch: [1000, 1000, 20, 40]).Value;

        Assert.Equal(30, fitted.Trained.Weights["output.weight"].Data[0]);
        Assert.Contains(_heard.Sentences, sentence => sentence.Contains("the mean of 2 epochs' weights", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("training.diverged", true)]
    [InlineData("training.out-of-memory", true)]
    [InlineData("checkpoint.mismatch", false)]
    public void Run_TrainingFails_KeepsWhatWasFitted_UnlessTheRunIsAtFault(string code, bool isKept)
    {
        var outcome = Run(0.001, failure: Problem.Unprocessable(code, "It failed."));

        Assert.Equal(isKept, outcome.Succeeded);
        Assert.Equal(isKept, _heard.Sentences.Contains("It failed. The fitted classifier is kept."));
    }

    [Theory]
    [InlineData(100, 0, "There is no time for an epoch")]
    [InlineData(12, 4, "There are too few validation images")]
    public void Run_NoTimeOrNothingToJudgeBy_TrainsNothing(int validation, int epochs, string reason)
    {
        _time.Fit = epochs;

        Assert.Equal(1, Run(0.001, validation: validation).Value.Trained.Best.Epoch);
        Assert.Equal(0, _epochs);
        Assert.Contains(_heard.Sentences, sentence => sentence.StartsWith(reason, StringComparison.Ordinal));
    }

    /// <summary>Rates follow from the number of epochs, so that a second attempt must not choose another.</summary>
    [Fact]
    public void Run_Again_KeepsTheNumberOfEpochs_AndTellsThoseThatWereDone()
    {
        Run(0.001);
        _heard.Epochs.Clear();
        RunHistory.Write(_folder["run"], [.. Enumerable.Range(1, 3).Select(epoch => Metrics(epoch, 1))]);
        _time.Fit = 2;

        Run(0.001, resumed: 2);

        Assert.Equal((4, 4), (_epochs, _time.Told));
        Assert.Equal([1, 2, 3, 4, 5], _heard.Epochs);
    }

    /// <summary>Steps measured before the first epoch may mislead: it goes on after it with as many as there is time for.</summary>
    [Theory]
    [InlineData(2, 3, 4)]
    [InlineData(1, 3, 4)]
    [InlineData(4, 0, 1)]
    public void Run_FirstEpochTakesAnotherTime_PlansAgain_AndTellsEachEpochOnce(int fit, int stillFit, int epochs)
    {
        (_time.Fit, _time.StillFit) = (fit, stillFit);

        Run(0.001);

        Assert.Equal([fit, epochs], _planned);
        Assert.Equal((epochs, 3, 1.0), (_time.Told, _time.Wanted, _time.EpochSeconds));
        Assert.Equal(Enumerable.Range(1, 1 + epochs), _heard.Epochs);
    }

    [Fact]
    public void Run_FirstEpochTakesAboutWhatWasExpected_KeepsTheNumber()
    {
        (_time.Fit, _time.StillFit) = (4, 3);

        Run(0.001);

        Assert.Equal([4], _planned);
    }

    /// <summary>Whoever told of them: where the time is over then, there is an epoch to keep.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void Started_WithEpochsThatWereDone_IsToldThatOneIsComplete(int resumed, int expected)
    {
        var told = 0;

        new FineTuningObserver(_heard, [], 4, TimeProvider.System) { Completed = () => told++ }.Started("cpu", Precision.Float32, resumed);

        Assert.Equal(expected, told);
    }

    /// <summary>What the machine was timed at before may be wrong by now.</summary>
    [Theory]
    [InlineData(200, 0.5)]
    [InlineData(double.PositiveInfinity, null)]
    public void Run_WithABudget_PlansByAStepMeasuredNow(double seconds, double? measured)
    {
        _time.SecondsLeft = seconds;

        Run(0.001);

        Assert.Equal(measured, _time.StepSeconds);
    }

    /// <summary>All epochs, the fit among them, are measured on the same images: those that choose.</summary>
    [Fact]
    public void Run_Fit_IsToldWithFiguresOfTheImagesThatChoose()
    {
        var fitted = Run(validationLoss: 9).Value;

        var (chosen, judged) = (Judged(fitted, Enumerable.Range(0, 100).Except(fitted.Judging)), Judged(fitted, fitted.Judging));
        Assert.NotEqual(chosen, judged, 6);
        Assert.Equal(chosen, _heard.FirstLoss, 6);
        Assert.Equal(judged, fitted.Trained.Best.ValidationLoss, 6);
    }

    private static double Judged(FittedNetwork fitted, IEnumerable<int> rows) => rows.Average(row =>
        Math.Log(1 + Math.Exp(row % 2 == 1 ? -fitted.Logits[row] : fitted.Logits[row])));

    private Outcome<FittedNetwork> Run(
        double validationLoss, Problem? failure = null, int validation = 100, int resumed = 0, float[]? weightsPerEpoch = null)
    {
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllBytes(_folder["weights"], Weights());
        var plan = Plan() with { StartFrom = new("m", 1, _folder["weights"], Sha256(File.ReadAllBytes(_folder["weights"]))) };
        var exporter = new LastLayerOnnx();
        var fitting = new ClassifierFitting(new FeaturesOf(Feature), exporter, exporter, TimeProvider.System);
        var trainer = new Trainer(planned =>
        {
            _planned.Add(planned.Plan.Epochs);
            (_epochs, _frozen) = (planned.Plan.Epochs, [.. planned.Plan.Frozen ?? []]);
            return (failure, _planned.Count > 1 && resumed == 0 ? 1 : resumed, validationLoss, weightsPerEpoch ?? []);
        });
        return new FineTuner(fitting, trainer, TimeProvider.System).Run(
            plan.Resolve().Value,
            new(
                new NumberedImages(40), [.. Enumerable.Range(0, 40).Select(i => Hash(1000 + i))],
                new NumberedImages(validation), [.. Enumerable.Range(0, validation).Select(Hash)]),
            _folder["run"], _time, _heard, CancellationToken.None);
    }

    private static float[] Feature(byte first) => [first % 2, first % 3, 1];

    private static string Hash(int number) => Sha256(BitConverter.GetBytes(number));

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private static EpochMetrics Metrics(int epoch, double validationLoss) => new(epoch, 1, 0.5, validationLoss, 0.5, 0.001, 1, 40);

    private static byte[] Weights()
    {
        using var stream = new MemoryStream();
        var weights = new NamedWeights();
        weights.Add("look.weight", new([3, 3, 1, 1], new float[9]));
        weights.Add("look.bias", new([3], new float[3]));
        SafetensorsFile.Write(stream, weights);
        return stream.ToArray();
    }

    private static TrainingPlan Plan() => new()
    {
        RunId = "run-1",
        DatasetFolder = "data",
        Dataset = "shapes",
        DatasetDigest = "abc",
        Classes = ["a", "b"],
        Architecture = "custom",
        Network = new(new(1, 1, 3),
        [
            new Conv2dLayer { Name = "look", Filters = 3, KernelSize = new(1, 1) },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output", Units = 1 },
        ]),
        Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [0, 0, 0], [1, 1, 1]),
        // So strong that what is fitted says next to nothing.
        Classifier = new() { Regularization = 1000 },
        FineTuning = new() { Share = 0.5 },
        Epochs = 5,
    };

    private sealed class Time : IRemainingTime
    {
        public int Fit { get; set; } = 4;

        public int StillFit { get; set; } = 3;

        public int Wanted { get; private set; }

        public double EpochSeconds { get; private set; }

        public double SecondsLeft { get; set; } = 1000;

        public double? StepSeconds { get; private set; }

        public int Told { get; private set; }

        public int EpochsThatFit(int wanted, double? stepSecondsPerImage)
        {
            StepSeconds = stepSecondsPerImage;
            return Math.Min(wanted, Fit);
        }

        public int EpochsStillFit(int wanted, double epochSeconds)
        {
            (Wanted, EpochSeconds) = (wanted, epochSeconds);
            return Math.Min(wanted, StillFit);
        }

        public void Decided(int epochs) => Told = epochs;
    }

    /// <summary>Epochs whose second has the least validation loss; where that is above 1, the weights turn the classes round.</summary>
    private sealed class Trainer(
        Func<PlannedTraining, (Problem? Failure, int Resumed, double Loss, float[] Weights)> result) : ITrainer
    {
        public Outcome<TrainedNetwork> Train(
            PlannedTraining planned, Core.Datasets.IPixelSource training, Core.Datasets.IPixelSource validation, string checkpoints,
            ITrainingObserver observer, CancellationToken cancel)
        {
            Assert.NotNull(planned.Weights);
            var (failure, resumed, loss, weights) = result(planned);
            if (failure is not null)
            {
                return failure;
            }

            EpochMetrics[] history = [.. Enumerable.Range(1, planned.Plan.Epochs)
                .Select(epoch => Metrics(epoch, epoch == 2 ? loss : loss + 1))];
            observer.Started("cpu", Precision.Float32, resumed);
            foreach (var epoch in history.Skip(resumed))
            {
                cancel.ThrowIfCancellationRequested();
                observer.Epoch(epoch);
                observer.Weights(epoch.Epoch, () => Copy(planned, weights.ElementAtOrDefault(epoch.Epoch - 1)));
            }

            var best = history[Math.Min(1, history.Length - 1)];
            return new TrainedNetwork(Copy(planned, loss > 1 ? -10 : 10), best, history, "cpu", Precision.Float32);
        }

        public Outcome<double> TimeStep(PlannedTraining planned, CancellationToken cancel) => 0.5;

        private static NamedWeights Copy(PlannedTraining planned, float first)
        {
            var copy = new NamedWeights();
            foreach (var (name, tensor) in planned.Weights!.All)
            {
                copy.Add(name, name switch
                {
                    "output.weight" => new(tensor.Shape, [first, 0, 0]),
                    "output.bias" => new(tensor.Shape, [first > 10 ? -first / 2 : 0]),
                    _ => tensor,
                });
            }

            return copy;
        }
    }

    /// <summary>"Exports" the last layer, and runs it on the features; without it, gives the features.</summary>
    private sealed class LastLayerOnnx : IModelExporter, IOnnxRunnerFactory
    {
        public byte[] Export(
            ResolvedNetwork network, NamedWeights weights, IReadOnlyList<string> classes, Preprocessing preprocessing,
            ExportVariant? variant = null) => network.Output.Spec is DenseLayer
            ? [.. weights["output.weight"].Data.Append(weights["output.bias"].Data[0]).SelectMany(BitConverter.GetBytes)]
            : [];

        public Outcome<INetworkRunner> Load(byte[] onnx, Preprocessing preprocessing, string? output = null) =>
            Outcome.Success<INetworkRunner>(
            new RunnerOf(first => onnx.Length == 0 ? Feature(first)
                : [Feature(first).Append(1).Select((value, i) => value * BitConverter.ToSingle(onnx, 4 * i)).Sum()]));
    }

    private sealed class Heard : ITrainingObserver
    {
        public List<int> Epochs { get; } = [];

        public double FirstLoss { get; private set; }

        public List<string> Sentences { get; } = [];

        public void Started(string device, Precision precision, int resumedEpoch) => Assert.Equal(0, resumedEpoch);

        public void Step(StepProgress progress)
        {
        }

        public void Epoch(EpochMetrics metrics)
        {
            Epochs.Add(metrics.Epoch);
            FirstLoss = metrics.Epoch == 1 ? metrics.ValidationLoss : FirstLoss;
        }

        public void Checkpoint(int epoch, int step)
        {
        }

        public void Log(string message) => Sentences.Add(message);
    }
}
