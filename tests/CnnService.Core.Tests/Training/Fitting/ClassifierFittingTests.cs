using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Fitting;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Core.Tests.Training.Fitting;

/// <summary>Images whose feature says their class but for one, by engines that know it.</summary>
public sealed class ClassifierFittingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Listener _listener = new();
    private readonly Dictionary<byte, int> _trained = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_FitsTheLastLayer_AndJudgesOnTheHalfThatChoseNothing(int units)
    {
        var fitted = Run(Plan(units), training: 40, validation: 100);

        Assert.Equal(units * 100, fitted.Logits.Length);
        Assert.InRange(fitted.Judging.Count, 30, 70);
        Assert.All(fitted.Judging, row => Assert.False(ValidationHalves.Chooses(Hash(row))));
        Assert.Equal(1, fitted.Trained.Best.ValidationAccuracy);
        var (weight, bias) = (fitted.Trained.Weights["output.weight"].Data, fitted.Trained.Weights["output.bias"].Data);
        for (var row = 0; row < 100; row++)
        {
            var features = Feature((byte)row);
            double Of(int unit) => bias[unit] + features.Select((feature, i) => (double)weight[(unit * 3) + i] * feature).Sum();
            var logit = units == 1 ? Of(0) : Of(1) - Of(0);
            Assert.Equal(row % 2 == 1, logit > 0);
            Assert.Equal(units == 1 ? fitted.Logits[row] : fitted.Logits[(2 * row) + 1] - fitted.Logits[2 * row], logit, 1e-4);
        }

        Assert.Contains("best on one half of the validation images", Assert.Single(_listener.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithFewValidationImages_ChoosesByCrossValidation_AndAllJudge()
    {
        var fitted = Run(Plan(2), training: 40, validation: 10);

        Assert.Equal(10, fitted.Judging.Count);
        Assert.Contains("five-fold cross-validation", Assert.Single(_listener.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithAGivenStrength_ChoosesNothing()
    {
        var fitted = Run(Plan(2) with { Classifier = new() { Regularization = 0.25 } }, training: 40, validation: 60);

        Assert.Equal(60, fitted.Judging.Count);
        Assert.Contains("strength 0.25 that was asked for", Assert.Single(_listener.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithoutValidationImages_HasNothingToJudge()
    {
        var fitted = Run(Plan(2), training: 40, validation: 0);

        Assert.Empty(fitted.Judging);
        Assert.True(double.IsNaN(fitted.Trained.Best.ValidationLoss));
    }

    [Fact]
    public void Run_OfSeveralViews_ComputesEachOfThem_AndKeepsThem()
    {
        var plan = Plan(2) with { Classifier = new() { Views = 3 }, FeatureCache = _folder["features"] };
        Run(plan, training: 12, validation: 30);
        Assert.Equal(36, _trained.Values.Sum());

        Run(plan, training: 12, validation: 30);

        Assert.Equal(36, _trained.Values.Sum());
    }

    [Theory]
    [InlineData(1, Precision.Auto, true)]
    [InlineData(3, Precision.Auto, false)]
    [InlineData(1, Precision.Bfloat16, false)]
    public void Run_OfManyImages_ComputesThemByTheFasterEngine_UnlessOneIsAskedFor(int served, Precision asked, bool isServed)
    {
        var tried = asked == Precision.Auto ? 32 : 0;
        var plan = Plan(2) with { Precision = asked, FeatureCache = _folder["features"] };
        Run(plan, training: FeatureEngines.MinImages, validation: 30, (2, served));
        Assert.Equal(isServed ? tried : FeatureEngines.MinImages + tried, _trained.Values.Sum());

        // What is kept decides without another trial.
        _trained.Clear();
        Run(plan, training: FeatureEngines.MinImages, validation: 30, (served, 2));
        Assert.Empty(_trained);
    }

    [Fact]
    public void Run_OfFewImages_TriesNothing()
    {
        Run(Plan(2), training: FeatureEngines.MinImages - 1, validation: 30, (2, 1));

        Assert.Equal(FeatureEngines.MinImages - 1, _trained.Values.Sum());
    }

    /// <param name="plan">The plan.</param>
    /// <param name="training">Number of training images.</param>
    /// <param name="validation">Number of validation images.</param>
    /// <param name="seconds">What an image takes when trained and when served.</param>
    private FittedNetwork Run(TrainingPlan plan, int training, int validation, (int Trained, int Served) seconds = default)
    {
        var clock = new FakeTimeProvider();
        File.WriteAllBytes(_folder["weights"], Weights());
        var start = plan with { StartFrom = new("m", 1, _folder["weights"], Sha256(File.ReadAllBytes(_folder["weights"]))) };
        var runners = new FeaturesOf(first =>
        {
            clock.Advance(TimeSpan.FromSeconds(seconds.Trained));
            _trained[first] = _trained.GetValueOrDefault(first) + 1;
            return Feature(first);
        });
        var onnx = new FiveByteOnnx(() => new RunnerOf(first =>
        {
            clock.Advance(TimeSpan.FromSeconds(seconds.Served));
            return Feature(first);
        }));
        return new ClassifierFitting(runners, onnx, onnx, clock).Run(
            start.Resolve().Value,
            new(
                new NumberedImages(training), [.. Enumerable.Range(0, training).Select(i => Hash(1000 + i))],
                new NumberedImages(validation), [.. Enumerable.Range(0, validation).Select(Hash)]),
            _listener, CancellationToken.None).Value;
    }

    /// <summary>An odd image has a high first feature, an even one a low one.</summary>
    private static float[] Feature(byte first) => [(first % 2 * 2) + (first * 0.001f), 1, 5 - (first * 0.01f)];

    private static string Hash(int number) => Sha256(BitConverter.GetBytes(number));

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private static byte[] Weights()
    {
        using var stream = new MemoryStream();
        var weights = new NamedWeights();
        weights.Add("look.weight", new([3, 3, 1, 1], new float[9]));
        weights.Add("look.bias", new([3], new float[3]));
        SafetensorsFile.Write(stream, weights);
        return stream.ToArray();
    }

    private static TrainingPlan Plan(int units) => new()
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
            new DenseLayer { Name = "output", Units = units },
        ]),
        Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [0, 0, 0], [1, 1, 1]),
        Classifier = new(),
    };
}
