using System.Text.Json;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Advice;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Tests.Training.Advice;

/// <summary>Every piece of advice: a history where it must be given, and one like it where it must not.</summary>
public sealed class RunAdvisorTests
{
    private static readonly double[] Falling = [0.69, 0.6, 0.5, 0.4, 0.35, 0.33, 0.325, 0.322];

    [Fact]
    public void Of_SoundRun_SeesNothingWrong()
    {
        var advice = Assert.Single(TrainingAdvisor.Advise(Facts(History(Falling, Falling, 0.95, 0.94))));

        Assert.Equal("training.nothing-wrong", advice.Code);
        Assert.Equal("8 epochs, validation loss 0.322 and accuracy 0.940 in the best one (8).", advice.Evidence);
    }

    [Fact]
    public void Of_NoEpoch_IsTooEarly() => Assert.Equal(["training.too-early"], Codes(Facts([])));

    [Fact]
    public void Of_NoEpochOfARunThatIsOver_DoesNotAdviseToWait() =>
        Assert.StartsWith("Start the run again", TrainingAdvisor.Advise(Facts([]) with { IsOver = true })[0].Advice,
            StringComparison.Ordinal);

    [Fact]
    public void NotLearning_LossStaysAtThatOfGuessing_Speaks()
    {
        var advice = Find(Facts(History([0.70, 0.694, 0.693, 0.692], [0.7, 0.69, 0.69, 0.69], 0.52, 0.5)), "training.not-learning");

        Assert.Equal(
            "In 4 epochs the training loss never went below 0.692, where guessing gives 0.693; the best accuracy is 0.520, guessing "
            + "gives 0.500.", advice.Evidence);
    }

    [Theory]
    [InlineData(new[] { 0.70, 0.694, 0.65, 0.6 }, 0.52)] // It falls.
    [InlineData(new[] { 0.70, 0.694, 0.693, 0.692 }, 0.6)] // It gets more than guessing right.
    [InlineData(new[] { 0.70, 0.694 }, 0.52)] // It has hardly begun.
    public void NotLearning_Otherwise_IsSilent(double[] losses, double accuracy) =>
        Assert.DoesNotContain("training.not-learning", Codes(Facts(History(losses, losses, accuracy, accuracy))));

    [Theory]
    [InlineData(0.5, true)] // Guessing among classes of 9 to 1 gives 0.325 nats: nothing below that is learned.
    [InlineData(0.2, false)]
    public void NotLearning_UnbalancedClasses_GuessingKnowsTheirShares(double loss, bool speaks)
    {
        double[] losses = [loss, loss, loss, loss];
        var facts = Facts(History(losses, losses, 0.9, 0.9)) with { TrainingImages = [9000, 1000] };

        Assert.Equal(speaks, Codes(facts).Contains("training.not-learning"));
        Assert.Equal(-(0.9 * Math.Log(0.9)) - (0.1 * Math.Log(0.1)), facts.ChanceLoss, 1e-12);
    }

    [Fact]
    public void Overfitting_ValidationLossTurned_NamesTheEpoch()
    {
        var advice = Find(Facts(History([0.6, 0.5, 0.4, 0.3, 0.2, 0.1], [0.6, 0.5, 0.45, 0.48, 0.55, 0.6], 0.85, 0.8)),
            "training.overfitting");

        Assert.Equal(3, advice.Epoch);
        Assert.Equal(
            "The validation loss was smallest in epoch 3 (0.450) and is 0.600 in epoch 6, while the training "
            + "loss fell from 0.400 to 0.100.", advice.Evidence);
    }

    [Theory]
    [InlineData(new[] { 0.6, 0.5, 0.4, 0.3, 0.2, 0.1 }, new[] { 0.6, 0.5, 0.45, 0.46, 0.47, 0.46 })] // It trembles.
    [InlineData(new[] { 0.6, 0.5, 0.4, 0.3, 0.2, 0.1 }, new[] { 0.6, 0.5, 0.5, 0.48, 0.45, 0.9 })] // One validation is no course.
    [InlineData(new[] { 0.6, 0.5, 0.4, 0.41, 0.42, 0.43 }, new[] { 0.6, 0.5, 0.45, 0.5, 0.55, 0.6 })] // Training got worse too.
    [InlineData(new[] { 0.6, 0.5, 0.4, 0.3, 0.2, 0.1 }, new[] { double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN })]
    public void Overfitting_Otherwise_IsSilent(double[] training, double[] validation) =>
        Assert.DoesNotContain("training.overfitting", Codes(Facts(History(training, validation, 0.85, 0.8))));

    [Fact]
    public void Overfitting_EveryOtherEpochValidated_GoesByThose()
    {
        double[] validation = [double.NaN, 0.5, double.NaN, 0.4, double.NaN, 0.5, double.NaN, 0.6];
        Assert.Equal(4,
            Find(Facts(History([0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15], validation, 0.85, 0.8)), "training.overfitting").Epoch);
    }

    [Fact]
    public void TooHigh_RunThatDiverged_SaysWhenAndGoesFirst()
    {
        var advice = TrainingAdvisor.Advise(Facts(History([0.6, 0.5], [0.6, 0.5], 0.7, 0.7)) with { Failure = "training.diverged" })[0];

        Assert.Equal(("learning-rate.too-high", 3), (advice.Code, advice.Epoch));
        Assert.Contains("in epoch 3; the learning rate was 0.001", advice.Evidence, StringComparison.Ordinal);
        Assert.Contains("to 0.0001", advice.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void TooHigh_DivergedInTheFirstEpoch_NeedsNoHistory() =>
        Assert.Equal(["learning-rate.too-high"], Codes(Facts([]) with { Failure = "training.diverged" }));

    [Theory]
    [InlineData(new[] { 0.6, 0.4, 0.55, 0.35, 0.5, 0.4 })] // Up and down.
    [InlineData(new[] { 0.5, 0.52, 0.54, 0.56, 0.58, 0.61 })] // Slowly up.
    public void TooHigh_LossThatRises_Speaks(double[] losses) =>
        Assert.Contains("learning-rate.too-high", Codes(Facts(History(losses, losses, 0.8, 0.8))));

    [Theory]
    [InlineData(new[] { 0.6, 0.5, 0.52, 0.4, 0.35, 0.3, 0.25, 0.2 })] // One small rise.
    [InlineData(new[] { 0.6, 0.5, 0.01, 0.015, 0.01, 0.014, 0.01, 0.015 })] // Noise near nothing.
    public void TooHigh_LossThatFalls_IsSilent(double[] losses) =>
        Assert.DoesNotContain("learning-rate.too-high", Codes(Facts(History(losses, losses, 0.8, 0.8))));

    [Fact]
    public void TooHigh_LossFarAboveGuessing_SpeaksAloneThoughItFalls()
    {
        double[] losses = [4e18, 118238, 79671, 22252];
        var advice = Assert.Single(TrainingAdvisor.Advise(Facts(History(losses, losses, 0.5, 0.5))));
        Assert.Equal("learning-rate.too-high", advice.Code);
        Assert.Contains("never went below 2.225e+04, where guessing gives 0.693", advice.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void TooHigh_LossThatBeganFarAboveGuessing_IsSilent()
    {
        double[] losses = [40, 1.1, 0.6, 0.5];
        Assert.DoesNotContain("learning-rate.too-high", Codes(Facts(History(losses, losses, 0.8, 0.8))));
    }

    [Fact]
    public void TooLow_SlowAndSteadyFall_SpeaksInsteadOfStillImproving()
    {
        double[] losses = [0.69, 0.67, 0.65, 0.63, 0.61, 0.59, 0.57, 0.55];
        var codes = Codes(Facts(History(losses, losses, 0.7, 0.7)));
        Assert.Contains("learning-rate.too-low", codes);
        Assert.DoesNotContain("training.still-improving", codes);
    }

    [Fact]
    public void TooLow_MuchLearned_IsSilent() =>
        Assert.DoesNotContain("learning-rate.too-low", Codes(Facts(History(Falling, Falling, 0.85, 0.84))));

    [Fact]
    public void StillImproving_LossFallsToTheEnd_Speaks()
    {
        double[] losses = [0.69, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15];
        var advice = Find(Facts(History(losses, losses, 0.85, 0.84)), "training.still-improving");
        Assert.Contains("0.250 in epoch 6, 0.150 in the last (8)", advice.Evidence, StringComparison.Ordinal);
        Assert.Contains("for example 16", advice.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void StillImproving_NothingValidated_GoesByTrainingLoss()
    {
        double[] losses = [0.69, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15];
        var facts = Facts(History(losses, [.. losses.Select(_ => double.NaN)], 0.85, double.NaN));
        Assert.Contains("The training loss", Find(facts, "training.still-improving").Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void StillImproving_RunUnderWayOrStoppedEarly_IsSilent()
    {
        double[] losses = [0.69, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15];
        var facts = Facts(History(losses, losses, 0.85, 0.84));
        Assert.DoesNotContain("training.still-improving", Codes(facts with { Plan = facts.Plan with { Epochs = 30 } }));
        Assert.DoesNotContain("training.still-improving", Codes(Facts(History(Falling, Falling, 0.85, 0.84))));
    }

    [Fact]
    public void TooFew_KnownByHeart_AdvisesAugmentationAndThenImages()
    {
        var facts = Facts(History(Falling, Falling, 0.99, 0.8)) with { TrainingImages = [1000, 1200] };

        var advice = Find(facts, "images.too-few");

        Assert.Contains("augmentation", advice.Advice, StringComparison.Ordinal);
        Assert.Equal(
            "In epoch 8 the accuracy is 0.990 on training images and 0.800 on validation images, with 1100 training images a class.",
            advice.Evidence);
        Assert.Contains("Collect",
            Find(facts with { Plan = facts.Plan with { Augmentation = AugmentationSpec.Article } }, "images.too-few").Advice,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.99, 0.95, 1000)]
    [InlineData(0.85, 0.6, 1000)]
    [InlineData(0.99, 0.8, 5000)]
    public void TooFew_Otherwise_IsSilent(double training, double validation, int images) => Assert.DoesNotContain(
        "images.too-few", Codes(Facts(History(Falling, Falling, training, validation)) with { TrainingImages = [images, images] }));

    [Fact]
    public void Unbalanced_SmallClassNotFound_TellsRatioAndRecall()
    {
        var facts = Facts(History(Falling, Falling, 0.9, 0.9)) with
        {
            TrainingImages = [3000, 500],
            Evaluation = Judged([[90, 0], [6, 4]])
        };

        var advice = Find(facts, "classes.unbalanced");

        Assert.Equal("\"cats\" has 3000 training images, \"dogs\" 500: 6.0 times as many; of \"dogs\" 40 % are found, of all images 94 %.",
            advice.Evidence);
    }

    [Fact]
    public void Unbalanced_EqualClassesOrWeightsOrFoundAnyway_IsSilent()
    {
        var facts = Facts(History(Falling, Falling, 0.9, 0.9)) with { TrainingImages = [3000, 500] };
        Assert.Contains("classes.unbalanced", Codes(facts));
        Assert.DoesNotContain("classes.unbalanced", Codes(facts with { TrainingImages = [3000, 1500] }));
        Assert.DoesNotContain("classes.unbalanced", Codes(facts with { Plan = facts.Plan with { ClassWeights = [0.5, 3] } }));
        Assert.DoesNotContain("classes.unbalanced", Codes(facts with { Evaluation = Judged([[90, 10], [1, 9]]) }));
        Assert.DoesNotContain("classes.unbalanced", Codes(facts with { TrainingImages = null }));
    }

    [Fact]
    public void NeverPredicted_EmptyColumn_NamesTheClass()
    {
        var facts = Facts(History(Falling, Falling, 0.9, 0.9)) with { Evaluation = Judged([[90, 0], [10, 0]]) };
        Assert.Equal("Never predicted: \"dogs\" (10 images).", Find(facts, "class.never-predicted").Evidence);
    }

    [Fact] // What has learned nothing names one class: that is no second disease.
    public void NeverPredicted_ByANetworkThatLearnsNothing_IsSilent() => Assert.Equal([LossCurveRules.NotLearningCode],
        Codes(Facts(History([.7, .7, .7, .7], [.7, .7, .7, .7], 0.5, 0.5)) with { Evaluation = Judged([[10, 0], [10, 0]]) }));

    [Theory]
    [InlineData(90, 1, 9, 1)]
    [InlineData(90, 0, 0, 0)] // There is nothing to predict.
    public void NeverPredicted_Otherwise_IsSilent(int a, int b, int c, int d) => Assert.DoesNotContain(
        "class.never-predicted", Codes(Facts(History(Falling, Falling, 0.9, 0.9)) with { Evaluation = Judged([[a, b], [c, d]]) }));

    [Theory]
    [InlineData(0.715, true)]
    [InlineData(0.89, true)]
    [InlineData(0.9, false)]
    public void PretrainedStart_ARunFromScratchThatEndsFarFromRight_IsToldOfQuick(double accuracy, bool speaks)
    {
        var facts = Facts(History(Falling, Falling, 0.9, accuracy));

        Assert.Equal(speaks, Codes(facts).Contains("start.pretrained-would-help"));
        Assert.DoesNotContain("start.pretrained-would-help", Codes(facts with
        {
            Plan = facts.Plan with { StartFrom = new("m", 1, "weights", "hash") },
        }));
        Assert.DoesNotContain("start.pretrained-would-help", Codes(facts with { Plan = facts.Plan with { Epochs = 30 } }));
    }

    [Fact]
    public void LearningRate_OfAnAnnealedRun_IsTheOneAskedFor()
    {
        double[] losses = [0.69, 0.68, 0.67, 0.66, 0.65, 0.64];
        var history = History(losses, losses, 0.7, 0.7).Select(epoch => epoch with { LearningRate = 1e-8 }).ToArray();

        var advice = Find(Facts(history), "learning-rate.too-low");

        Assert.Contains("The learning rate was 0.001.", advice.Evidence, StringComparison.Ordinal);
        Assert.Contains("for example to 0.005", advice.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"recipe":"quick"}""", """{"dataset":"pets","model":"m","epochs":3,"architecture":"lenet5"}""",
        """{"dataset":"pets","model":"m","recipe":"quick"}""")]
    [InlineData("""{"optimizer":{"learningRate":0.01}}""", """{"dataset":"pets","optimizer":{"name":"sgd","learningRate":1},"epochs":3}""",
        """{"dataset":"pets","optimizer":{"name":"sgd","learningRate":0.01},"epochs":3}""")]
    [InlineData("""{"epochs":6,"earlyStopping":{}}""", """{"dataset":"pets","epochs":3}""",
        """{"dataset":"pets","epochs":6,"earlyStopping":{}}""")]
    [InlineData("""{"augmentation":"article"}""", """{"dataset":"pets","augmentation":{"rotation":5}}""",
        """{"dataset":"pets","augmentation":"article"}""")]
    public void Complete_AChange_IsTheRequestWithIt(string change, string request, string expected)
    {
        var advice = new RunAdvice("code", "advice", "evidence") { Change = change };

        var completed = AdvisedRequest.Complete(advice, JsonDocument.Parse(request).RootElement);

        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, completed.Request!.Value),
            completed.Request.Value.ToString());
        Assert.Null(AdvisedRequest.Complete(advice with { Change = null }, JsonDocument.Parse(request).RootElement).Request);
    }

    private static IEnumerable<string> Codes(RunFacts facts) => TrainingAdvisor.Advise(facts).Select(advice => advice.Code);

    private static RunAdvice Find(RunFacts facts, string code) => TrainingAdvisor.Advise(facts).Single(advice => advice.Code == code);

    /// <summary>A run that ended by its number of epochs.</summary>
    [Theory]
    [InlineData("images.leaked", 4, true)] // Of 400 validation images, a hundredth.
    [InlineData("images.leaked", 3, false)]
    [InlineData("images.conflicting", 20, true)] // Of 2000 training images.
    [InlineData("images.conflicting", 19, false)]
    [InlineData("images.duplicated", 1000, false)] // Weighs more than it should, which is no reason to distrust a figure.
    public void DataFinding_OfAHundredthOfTheImages_Speaks(string code, int count, bool speaks)
    {
        var facts = Facts(History(Falling, Falling, 0.95, 0.94)) with
        {
            TrainingImages = [1000, 1000],
            Evaluation = Judged([[195, 5], [5, 195]]),
            Findings = [new(code, "What was seen.", count)],
        };

        Assert.Equal(speaks ? [code] : ["training.nothing-wrong"], Codes(facts));
        Assert.Equal(speaks, TrainingAdvisor.Advise(facts)[0] is { Evidence: "What was seen." } advice
            && advice.Advice.Contains("/datasets/pets/health", StringComparison.Ordinal));
    }

    private static RunFacts Facts(EpochMetrics[] history) => new()
    {
        Plan = new()
        {
            RunId = "run",
            DatasetFolder = "/none",
            Dataset = "pets",
            DatasetDigest = "0",
            Classes = ["cats", "dogs"],
            Architecture = "custom",
            Network = Some.Headed(Some.Image),
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
            Epochs = Math.Max(1, history.Length),
            Optimizer = new() { LearningRate = 0.001 },
        },
        History = history,
    };

    private static EpochMetrics[] History(double[] training, double[] validation, double accuracy, double validationAccuracy) =>
        [.. training.Select((loss, i) => new EpochMetrics(i + 1, loss, accuracy, validation[i], validationAccuracy, 0.001, 1, 100))];

    /// <summary>An evaluation of this matrix, by naive counting.</summary>
    private static SplitEvaluation Judged(int[][] confusion) => new()
    {
        Split = Split.Validation,
        Images = confusion.Sum(row => row.Sum()),
        Loss = 0.3,
        Accuracy = (double)(confusion[0][0] + confusion[1][1]) / confusion.Sum(row => row.Sum()),
        Classes =
        [
            .. new[] { "cats", "dogs" }.Select((name, k) => new ClassFigures(
                name,
                (double)confusion[k][k] / confusion.Sum(row => row[k]),
                (double)confusion[k][k] / confusion[k].Sum(),
                double.NaN,
                confusion[k].Sum(),
                confusion.Sum(row => row[k]))),
        ],
        Confusion = confusion,
        Mistakes = [],
    };
}
