using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Fitting;
using CnnService.Core.Training.Runs;

namespace CnnService.Core.Tests.Training.Runs;

public sealed class TrainingPipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<Split, NumberedImages> _splits = new() { [Split.Train] = new(6), [Split.Validation] = new(4) };
    private readonly RunnerOf _trained = new(first => [first]);
    private readonly Listener _listener = new();
    private readonly EpochsKept _epochs = new();
    private readonly TrainerGiving _trainer;
    private RunnerOf _exported = new(first => [first]);
    private Outcome<TrainedNetwork> _result = Result();

    public TrainingPipelineTests() => _trainer = new(() => _result, () => _trained);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_SoundPlan_PublishesTheBestEpoch()
    {
        WriteDataset(Split.Train, Split.Validation);

        var manifest = Run().Value;

        Assert.Equal(new ModelOrigin("run-1", "shapes", "abc", 7), manifest.Origin);
        Assert.Equal(new ModelMetrics(0.5, 0.75, 0.625, 0.7), manifest.Metrics);
        Assert.Equal(new ParityReport(4, 0, 1) { On = ParityImages.Validation, Reference = ParityReference.TorchSharp }, manifest.Parity);
        Assert.Equal(["a", "b"], manifest.Classes);
        Assert.Equal(("validation", 4L), (manifest.Baseline!.Split, manifest.Baseline.Tenths.Sum(tenths => tenths.Sum())));
        Assert.Equal(4, _trainer.ValidationImages);
        Assert.Equal(3, _listener.Sentences.Count);

        var model = ModelPackage.Load("m", 1, _folder["run", "package"]).Value;
        Assert.Equal(FiveByteOnnx.File, File.ReadAllBytes(model.OnnxPath));
        Assert.Equal([1f, 2f, 3f], SafetensorsFile.Read(model.WeightsPath).Value.Weights["output.weight"].Data);
    }

    [Fact]
    public void Run_EverythingOpened_IsDisposed()
    {
        WriteDataset(Split.Train, Split.Validation);

        Run();

        Assert.All(_splits.Values, split => Assert.True(split.Disposed));
        Assert.True(_trained.Disposed);
        Assert.True(_exported.Disposed);
    }

    [Fact]
    public void Run_FinishedPackage_IsGivenAgainWithoutTraining()
    {
        WriteDataset(Split.Train, Split.Validation);
        Run();

        var again = Run();

        Assert.Equal(7, again.Value.Origin!.Epoch);
        Assert.Equal(1, _trainer.Trainings);
    }

    [Fact]
    public void Run_RottenPackage_IsMadeAnew()
    {
        WriteDataset(Split.Train, Split.Validation);
        Run();
        File.WriteAllBytes(_folder["run", "package", "model.onnx"], [5, 4, 3, 2, 0]);

        Assert.True(Run().Succeeded);

        Assert.Equal(2, _trainer.Trainings);
        Assert.True(ModelPackage.Verify(_folder["run", "package"]).Succeeded);
    }

    [Fact]
    public void Run_FinishedPackageWithoutEvaluation_IsJudgedBeforeItIsGiven()
    {
        WriteDataset(Split.Train, Split.Validation);
        Run();
        File.Delete(_folder["run", "evaluation.json"]);

        Assert.True(Run().Succeeded);

        Assert.NotNull(RunEvaluation.Read(_folder["run"]));
    }

    [Fact]
    public void Run_NoValidationImages_TrainsWithoutAndComparesOnTrainingImages()
    {
        WriteDataset(Split.Train);

        var manifest = Run().Value;

        Assert.Equal(0, _trainer.ValidationImages);
        Assert.Equal(6, manifest.Parity!.Images);
    }

    [Fact]
    public void Run_ExportThatDiffers_PublishesNothing()
    {
        WriteDataset(Split.Train, Split.Validation);
        _exported = new(first => [first + 1]);

        Assert.Equal("export.parity", Run().Problem?.Code);
        Assert.False(Directory.Exists(_folder["run", "package"]));
    }

    [Fact]
    public void Run_TrainingThatFails_PassesItsProblemOn()
    {
        WriteDataset(Split.Train, Split.Validation);
        _result = Problem.Unprocessable("training.diverged", "The loss is not a number.");

        Assert.Equal("training.diverged", Run().Problem?.Code);
    }

    [Fact]
    public void Run_SoundPlan_JudgesTheExportedNetworkOnValidationImages()
    {
        WriteDataset(Split.Train, Split.Validation);

        Run();

        // Image i has the logit i and the label i mod 2: all but the first are called "b".
        var evaluation = RunEvaluation.Read(_folder["run"])!;
        Assert.Equal((7, "shapes", "abc"), (evaluation.Epoch, evaluation.Dataset, evaluation.DatasetDigest));
        Assert.Equal([3, 3], evaluation.TrainingImages);
        Assert.Equal((Split.Validation, 4, 0.75),
            (evaluation.Validation.Split, evaluation.Validation.Images, evaluation.Validation.Accuracy));
        Assert.Equal([[1, 1], [0, 2]], evaluation.Validation.Confusion);
        Assert.Equal("Validation-2", Assert.Single(evaluation.Validation.Mistakes).Image);
        Assert.Null(evaluation.Test);
    }

    [Fact]
    public void Run_TestImages_AreJudgedOnceAndStandInTheManifest()
    {
        _splits[Split.Test] = new(2);
        WriteDataset(Split.Train, Split.Validation, Split.Test);

        var metrics = Run().Value.Metrics!;

        // Logits 0 and 1 for the labels 0 and 1.
        Assert.Equal((Math.Log(2) + Math.Log(1 + Math.Exp(-1))) / 2, metrics.TestLoss!.Value, 1e-12);
        Assert.Equal(1, metrics.TestAccuracy);
        Assert.Equal(metrics.TestLoss, RunEvaluation.Read(_folder["run"])!.Test!.Loss);
        Assert.True(_splits[Split.Test].Disposed);
    }

    [Fact]
    public void Run_NoValidationImages_JudgesTrainingImagesAndSaysSo()
    {
        WriteDataset(Split.Train);

        Run();

        var judged = RunEvaluation.Read(_folder["run"])!.Validation;
        Assert.Equal((Split.Train, 6), (judged.Split, judged.Images));
    }

    [Fact]
    public void Run_NetworkJudgedBefore_IsNotJudgedAgain()
    {
        WriteDataset(Split.Train, Split.Validation);
        Run();
        Directory.Delete(_folder["run", "package"], recursive: true); // As after a crash behind its publication.
        _exported = new(first => [first]);

        Run();

        Assert.Equal(4, _exported.Seen.Count); // The parity check alone.
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"format\":1}")]
    public void Run_RottenEvaluation_IsMadeAnew(string rotten)
    {
        WriteDataset(Split.Train, Split.Validation);
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder["run", "evaluation.json"], rotten);

        Run();

        Assert.Equal(4, RunEvaluation.Read(_folder["run"])!.Validation.Images);
    }

    [Fact]
    public void Run_TrainingThatDiverged_LeavesItsHistoryAndAdvice()
    {
        WriteDataset(Split.Train, Split.Validation);
        EpochMetrics[] told = [new(1, 0.7, 0.5, 0.7, 0.5, 0.1, 1, 6)];
        var trainer = new TrainerGiving(() => Problem.Unprocessable("training.diverged", "The loss is not a number."),
            () => _trained)
        { Told = told };

        Assert.Equal("training.diverged", Run(trainer: trainer).Problem?.Code);

        Assert.Equal(told, _epochs.Epochs);
        Assert.StartsWith("Advice (learning-rate.too-high): Lower the learning rate, for example to 1e-05",
            Assert.Single(_listener.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TrainingThatEndsWell_EndsWithAdvice()
    {
        WriteDataset(Split.Train, Split.Validation);
        var trainer = new TrainerGiving(Result, () => _trained) { Told = [new(1, 0.5, 0.75, 0.625, 0.7, 0.001, 1, 6)] };

        Assert.True(Run(trainer: trainer).Succeeded);

        Assert.StartsWith("Advice (training.nothing-wrong)", _listener.Sentences[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OtherDataset_IsRefusedBeforeTraining()
    {
        WriteDataset(Split.Train, Split.Validation);

        Assert.Equal("dataset.changed", Run(Plan() with { DatasetDigest = "xyz" }).Problem?.Code);
        Assert.Equal(0, _trainer.Trainings);
    }

    [Fact]
    public void Run_NoDataset_IsNotFound() => Assert.Equal("dataset.not-found", Run().Problem?.Code);

    [Fact]
    public void Run_RottenDatasetManifest_IsCorrupt()
    {
        WriteDataset(Split.Train, Split.Validation);
        var file = Directory.GetFiles(_folder["data", DatasetFolder.RevisionsFolder])[0];
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);

        Assert.Equal("dataset.corrupt", Run().Problem?.Code);
    }

    [Fact]
    public void Run_NoTrainingImages_IsRefused()
    {
        WriteDataset(Split.Validation);

        Assert.Equal("dataset.empty", Run().Problem?.Code);
    }

    [Fact]
    public void Run_BadNetwork_TellsItsRules()
    {
        WriteDataset(Split.Train);

        var problem = Run(Plan() with { Network = new(new(1, 1, 3), []) }).Problem;

        Assert.Equal(["network.layers"], problem!.Errors.Keys);
    }

    [Fact]
    public void Run_FullDisk_IsAProblemAndNotAnException()
    {
        WriteDataset(Split.Train);
        var trainer = new TrainerGiving(() => throw new IOException("No space left on device", 28), () => _trained);
        var full = new TrainingPipeline(
            new CacheHolding(_splits),
            trainer,
            Fitting(trainer),
            trainer,
            new FiveByteOnnx(() => _exported),
            new FiveByteOnnx(() => _exported),
            new EpochsKept(),
            TimeProvider.System);

        Assert.Equal("storage.full", full.Run(Plan().Resolve().Value, _folder["run"], _listener, CancellationToken.None).Problem?.Code);
    }

    private static Outcome<TrainedNetwork> Result()
    {
        var weights = new NamedWeights();
        weights.Add("output.weight", new([1, 3], [1, 2, 3]));
        var best = new EpochMetrics(7, 0.5, 0.75, 0.625, 0.7, 0.001, 1, 6);
        return new TrainedNetwork(weights, best, [best], "cpu", Precision.Float32);
    }

    private Outcome<ModelManifest> Run(TrainingPlan? plan = null, TrainerGiving? trainer = null)
    {
        var onnx = new FiveByteOnnx(() => _exported);
        var pipeline = new TrainingPipeline(
            new CacheHolding(_splits), trainer ?? _trainer, Fitting(trainer ?? _trainer), trainer ?? _trainer, onnx, onnx, _epochs,
            TimeProvider.System);
        return (plan ?? Plan()).Resolve().Bind(training => pipeline.Run(training, _folder["run"], _listener, CancellationToken.None));
    }

    private FineTuner Fitting(ITrainer trainer) => new(
        new ClassifierFitting(
            new FeaturesOf(first => [first, first * first]),
            new FiveByteOnnx(() => _exported),
            new FiveByteOnnx(() => new RunnerOf(first => [first, first * first])),
            TimeProvider.System),
        trainer,
        TimeProvider.System);

    private TrainingPlan Plan() => new()
    {
        RunId = "run-1",
        DatasetFolder = _folder["data"],
        Dataset = "shapes",
        DatasetDigest = "abc",
        Classes = ["a", "b"],
        Architecture = "custom",
        Network = Some.Headed(new(1, 1, 3)),
        Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [0, 0, 0], [1, 1, 1]),
    };

    private void WriteDataset(params Split[] splits)
    {
        var manifest = new DatasetManifest
        {
            Name = "shapes",
            Classes = ["a", "b"],
            Channels = 3,
            Images =
            [
                .. splits.SelectMany(split => Enumerable.Range(0, _splits[split].Count).Select(i =>
                    new DatasetImage($"{split}-{i}", split, _splits[split].Label(i), new string('0', 64), "image/png", 1, 1, "a/b.png"))),
            ],
            Rejected = [],
            Mean = [0, 0, 0],
            Std = [1, 1, 1],
            Digest = "abc",
            CreatedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Bytes = 1,
        };
        DatasetFolder.Publish(_folder["data"], manifest);
    }
}
