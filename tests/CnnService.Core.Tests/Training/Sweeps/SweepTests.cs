using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Sweeps;

namespace CnnService.Core.Tests.Training.Sweeps;

/// <summary>From a sweep as people write it to the plans of its trials.</summary>
public sealed class SweepTests
{
    private const string Network =
        """{"input":{"height":16,"width":16,"channels":3},"layers":[{"type":"conv2d","filters":8,"kernelSize":3},{"type":"flatten"},{"type":"dropout","rate":0.5},{"type":"dense","units":"classes"}]}""";

    [Theory]
    [InlineData("""{"grid":{"seed":[1]}}""", "base")]
    [InlineData("""{"base":null,"grid":{"seed":[1]}}""", "base")]
    [InlineData("""{"base":[],"grid":{"seed":[1]}}""", "base")]
    [InlineData("""{"base":{"dataset":"d","epochs":1,"epochs":2},"grid":{"seed":[1]}}""", "base")]
    [InlineData("""{"base":{"dataset":"d","optimizer":{"name":"adam","name":"sgd"}},"grid":{"seed":[1]}}""", "base")]
    [InlineData("""{"base":{"epochs":1},"grid":{"seed":[1]}}""", "base.dataset")]
    [InlineData("""{"base":{"dataset":"d","epochs":0},"grid":{"seed":[1,2]}}""", "base.epochs")]
    [InlineData("""{"base":{"dataset":"d","model":"A"},"grid":{"seed":[1,2]}}""", "base.model")]
    [InlineData("""{"base":{"dataset":"d","colour":1},"grid":{"seed":[1,2]}}""", "base.colour")]
    [InlineData("""{"base":{"dataset":"d","optimizer":{"momentum":0.5}},"grid":{"optimizer.name":["sgd","adam"]}}""",
        "base.optimizer.momentum")]
    [InlineData("""{"base":{"dataset":"d"}}""", "grid")]
    [InlineData("""{"base":{"dataset":"d"},"grid":null,"random":null}""", "grid")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{}}""", "grid")]
    [InlineData("""{"base":{"dataset":"d"},"grid":[]}""", "grid")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"random":{"trials":1,"fields":{"seed":[1]}}}""", "grid")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":7}}""", "grid.seed")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[]}}""", "grid.seed")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":{"from":1,"to":2}}}""", "grid.seed")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1],"seed":[2]}}""", "grid.seed")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1,2,1]}}""", "grid.seed[2]")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"batchSize":[16,0]}}""", "grid.batchSize[1]")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"batchSize":[16,"x"]}}""", "grid.batchSize[1]")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"augmentation":["none",{"rotation":400}]}}""", "grid.augmentation[1].rotation")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"dataset":["d","e"]}}""", "grid.dataset")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"model":["d","e"]}}""", "grid.model")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"startFrom":["m:1","n:1"]}}""", "grid.startFrom[0],grid.startFrom[1]")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"optimizer..name":["sgd"]}}""", "grid.optimizer..name")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"optimizer.rate":[1]}}""", "grid.optimizer.rate[0]")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"optimiser.name":["sgd"]}}""", "grid.optimiser.name[0]")]
    [InlineData("""{"base":{"dataset":"d","augmentation":"article"},"grid":{"augmentation.rotation":[1]}}""", "grid.augmentation.rotation")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"architecture.layers[0].filters":[1]}}""", "grid.architecture.layers[0].filters")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"optimizer":[{}],"optimizer.name":["sgd"]}}""", "grid.optimizer.name")]
    public void Plan_OfABadBaseOrGrid_NamesTheFieldAsTheSweepHasIt(string json, string path) => AssertRefused(json, path);

    [Fact]
    public void Read_TooManyTrials_DrawsNone() => AssertTold(
        """{"base":{"dataset":"d"},"random":{"trials":1000000000,"fields":{"seed":{"from":1,"to":9}}}}""",
        "random.trials", "must be between 1 and 256, received 1000000000");

    [Fact]
    public void Read_ALongList_IsCountedBeforeItIsCompared() => AssertTold(
        $$$$"""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"seed":[{{{{string.Join(',', Enumerable.Range(0, 90_000))}}}}]}}}""",
        "random.fields.seed", "must have at most 1000 values, received 90000");

    [Fact]
    public void Read_ManyListsOfManyValues_AreCountedTogether()
    {
        var values = string.Join(',', Enumerable.Range(0, 900));
        var lists = string.Join(',', Enumerable.Range(0, 3).Select(i => $"\"schedule.a{i}\":[{values}]"));
        AssertTold(
            "{\"base\":{\"dataset\":\"d\"},\"random\":{\"trials\":2,\"fields\":{" + lists + "}}}",
            "random.fields", "must list at most 2048 values in all, received 2700");
    }

    [Fact]
    public void Read_ManyPaths_AreCountedBeforeTheyAreRead() => AssertTold(
        "{\"base\":{\"dataset\":\"d\"},\"grid\":{" + string.Join(',', Enumerable.Range(0, 33).Select(i => $"\"a{i}\":[1]")) + "}}",
        "grid", "must have at most 32 paths, received 33");

    [Fact]
    public void Read_MoreToCheckThanTheLimit_IsRefusedBeforeItIsChecked() => AssertTold(
        $$$$"""{"base":{"dataset":"d","model":"{{{{new string('m', 190_000)}}}}"},"random":{"trials":200,"fields":{"seed":[1,2]}}}""",
        "base",
        "must be shorter, or the sweep smaller: 202 requests of up to 190027 characters are to be checked, of which 16777216 characters "
        + "may be checked in all");

    [Fact]
    public void Plan_AfterTheCallerHasLeft_Stops()
    {
        var errors = new ValidationErrors();
        var body = JsonSerializer.Deserialize<JsonElement>("""{"base":{"dataset":"d"},"grid":{"seed":[1,2]}}""");
        var draft = SweepReader.Read(body, new(256, 64), errors)!;

        Assert.Throws<OperationCanceledException>(() => SweepPlanner.Plan(
            draft, null, new PlanSetting("", "", TimeSpan.FromMinutes(1), 1), errors, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("""{"base":{"dataset":"d"},"random":7}""", "random")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"fields":{"seed":[1]}}}""", "random.trials")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2}}""", "random.fields")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":0,"fields":{"seed":[1]}}}""", "random.trials")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":257,"fields":{"seed":[1]}}}""", "random.trials")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"seed":-1,"fields":{"seed":[1]}}}""", "random.seed")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{}}}""", "random.fields")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"seed":"x"}}}""", "random.fields.seed")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"seed":[1,-1]}}}""", "random.fields.seed[1]")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"seed":{"from":1}}}}""", "random.fields.seed.to")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"seed":{"from":1,"to":5,"step":2}}}}""",
        "random.fields.seed.step")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"seed":{"from":5,"to":5}}}}""", "random.fields.seed.to")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"batchSize":{"from":8.5,"to":16}}}}""",
        "random.fields.batchSize.from")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"batchSize":{"from":0,"to":16}}}}""",
        "random.fields.batchSize.from")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"batchSize":{"from":8,"to":5000}}}}""",
        "random.fields.batchSize.to")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"mixup":{"from":0,"to":1,"scale":"log"}}}}""",
        "random.fields.mixup.from")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"mixup":{"from":0,"to":1,"scale":"square"}}}}""",
        "random.fields.mixup.scale")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"precision":{"from":0,"to":1}}}}""", "random.fields.precision")]
    [InlineData("""{"base":{"dataset":"d"},"random":{"trials":2,"fields":{"augmentation.turn":{"from":0,"to":1}}}}""",
        "random.fields.augmentation.turn.from,random.fields.augmentation.turn.to")]
    public void Plan_OfABadRandomSearch_NamesTheFieldAsTheSweepHasIt(string json, string path) => AssertRefused(json, path);

    [Theory]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"parallel":0}""", "parallel")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"parallel":65}""", "parallel")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"metric":"loss"}""", "metric")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"name":""}""", "name")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"color":1}""", "color")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"halving":{}}""", "halving.firstEpochs")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"halving":{"firstEpochs":0}}""", "halving.firstEpochs")]
    [InlineData("""{"base":{"dataset":"d","epochs":5},"grid":{"seed":[1]},"halving":{"firstEpochs":5}}""", "halving.firstEpochs")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"halving":{"firstEpochs":1,"factor":1}}""", "halving.factor")]
    [InlineData("""{"base":{"dataset":"d"},"grid":{"seed":[1]},"halving":{"firstEpochs":1,"factor":9}}""", "halving.factor")]
    [InlineData("[]", "$")]
    public void Plan_OfABadSetting_NamesIt(string json, string path) => AssertRefused(json, path);

    [Fact]
    public void Plan_OfManyFaults_TellsThemAtOnce()
    {
        var errors = new ValidationErrors();

        Plan("""{"parallel":0,"base":{"dataset":"d","epochs":0,"precision":"int8"},"grid":{"batchSize":[16,0],"seed":[1,2]}}""", errors);

        Assert.Equal(["base.epochs", "base.precision", "grid.batchSize[1]", "parallel"], errors.ToDictionary().Keys);
    }

    [Fact]
    public void Plan_OfAGrid_IsEveryCombinationTheLastFieldFirst()
    {
        var trials = Plan(
            """{"base":{"dataset":"d","epochs":2},"grid":{"optimizer.learningRate":[0.01,0.001],"batchSize":[8,16],"augmentation":["none","article",{"rotation":5}]}}""");

        Assert.Equal(12, trials.Count);
        Assert.Equal((0.01, 8, AugmentationSpec.None),
            (trials[0].Plan.Optimizer.LearningRate, trials[0].Plan.BatchSize, trials[0].Plan.Augmentation));
        Assert.Equal((0.01, 8, AugmentationSpec.Article),
            (trials[1].Plan.Optimizer.LearningRate, trials[1].Plan.BatchSize, trials[1].Plan.Augmentation));
        Assert.Equal((0.001, 16, 5.0),
            (trials[11].Plan.Optimizer.LearningRate, trials[11].Plan.BatchSize, trials[11].Plan.Augmentation.Rotation));
        Assert.All(trials, trial => Assert.Equal(2, trial.Plan.Epochs));
        Assert.Equal("""{"dataset":"d","epochs":2,"optimizer":{"learningRate":0.01},"batchSize":8,"augmentation":"none"}""",
            trials[0].Request.ToJsonString());
        Assert.Equal(["optimizer.learningRate", "batchSize", "augmentation"], trials[0].Values.Keys);
    }

    [Theory]
    [InlineData(16, 16, true)]
    [InlineData(16, 17, false)]
    [InlineData(1, 256, true)]
    [InlineData(1, 257, false)]
    public void Plan_OfAGrid_HasALimit(int seeds, int sizes, bool fits)
    {
        var errors = new ValidationErrors();
        string List(int count) => string.Join(',', Enumerable.Range(1, count));

        var trials = Plan($$$"""{"base":{"dataset":"d"},"grid":{"seed":[{{{List(seeds)}}}],"batchSize":[{{{List(sizes)}}}]}}""", errors);

        Assert.Equal(fits ? seeds * sizes : 0, trials.Count);
        Assert.Equal(fits ? [] : ["grid"], errors.ToDictionary().Keys);
    }

    [Fact]
    public void Plan_OfAPlaceInTheNetwork_ChangesThatLayer()
    {
        var trials = Plan($$$"""{"base":{"dataset":"d","architecture":{{{Network}}}},"grid":{"architecture.layers[0].filters":[4,6]}}""");

        Assert.Equal([4, 6], trials.Select(trial => ((Core.Architecture.Conv2dLayer)trial.Plan.Network.Layers[0]).Filters));
    }

    [Fact]
    public void Plan_OfARandomSearch_IsTheSameEveryTimeAndAnotherByItsSeed()
    {
        string Sweep(int seed, string more = "") => $$$"""
            {"base":{"dataset":"d"},"random":{"trials":20,"seed":{{{seed}}},"fields":{"optimizer.learningRate":{"from":0.00001,"to":0.01,"scale":"log"}{{{more}}} } } }
            """;
        string[] Rates(string sweep) => [.. Plan(sweep).Select(trial => trial.Values["optimizer.learningRate"].GetRawText())];

        var rates = Rates(Sweep(1));

        Assert.Equal(rates, Rates(Sweep(1)));
        Assert.NotEqual(rates, Rates(Sweep(2)));
        Assert.Equal(rates, Rates(Sweep(1, ""","batchSize":{"from":8,"to":64}""")));
        Assert.Equal(20, rates.Distinct().Count());
    }

    [Fact]
    public void Plan_OfARandomSearch_KeepsToRangesAndScales()
    {
        var trials = Plan($$$$"""
            {"base":{"dataset":"d","architecture":{{{{Network}}}}},"random":{"trials":256,"fields":{
              "optimizer.learningRate":{"from":0.00001,"to":0.1,"scale":"log"},"batchSize":{"from":8,"to":11},"labelSmoothing":{"from":0,"to":0.4},
              "augmentation":["none","strong"],"architecture.layers[0].filters":{"from":2,"to":64,"scale":"log"},"architecture.layers[2].rate":{"from":0,"to":0.9} } } }
            """);

        double[] rates = [.. trials.Select(trial => trial.Plan.Optimizer.LearningRate)];
        Assert.All(rates, rate => Assert.InRange(rate, 0.00001, 0.1));
        // A quarter for each power of ten: 64 of 256, five deviations (6.9) either way.
        Assert.All(rates.GroupBy(rate => Math.Floor(Math.Log10(rate))), decade => Assert.InRange(decade.Count(), 30, 98));
        // A quarter for each whole number.
        Assert.Equal([8, 9, 10, 11], trials.Select(trial => trial.Plan.BatchSize).Distinct().Order());
        Assert.All(trials.GroupBy(trial => trial.Plan.BatchSize), same => Assert.InRange(same.Count(), 30, 98));
        Assert.InRange(trials.Average(trial => trial.Plan.LabelSmoothing), 0.16, 0.24);
        Assert.InRange(trials.Count(trial => trial.Plan.Augmentation == AugmentationSpec.Strong), 88, 168);
        // Half below the geometric mean.
        var filters = trials.Select(trial => ((Core.Architecture.Conv2dLayer)trial.Plan.Network.Layers[0]).Filters).ToArray();
        Assert.All(filters, count => Assert.InRange(count, 2, 64));
        Assert.InRange(filters.Count(count => count < 11), 88, 168);
        Assert.Contains(trials, trial => trial.Values["architecture.layers[2].rate"].GetDouble() is > 0.01 and < 0.89);
    }

    [Fact]
    public void Read_OfTheLeast_HasTheDocumentedDefaults()
    {
        var sweep = Read("""{"base":{"dataset":"d"},"grid":{"seed":[1]}}""", new())!;

        Assert.Equal((1, MonitoredMetric.ValidationAccuracy, null, null),
            (sweep.Request.Parallel, sweep.Request.Metric, sweep.Request.Halving, sweep.Request.Name));
        Assert.Equal(("d", null), (sweep.Dataset, sweep.Model));
    }

    private static void AssertTold(string json, string path, string rule)
    {
        var errors = new ValidationErrors();
        Assert.Null(SweepReader.Read(JsonSerializer.Deserialize<JsonElement>(json), new(256, 64), errors));
        var (where, rules) = Assert.Single(errors.ToDictionary());
        Assert.Equal((path, rule), (where, Assert.Single(rules)));
    }

    private static void AssertRefused(string json, string paths)
    {
        var errors = new ValidationErrors();

        Assert.Empty(Plan(json, errors));

        Assert.Equal(paths.Split(','), errors.ToDictionary().Keys);
        Assert.All(errors.ToDictionary().Values, rules => Assert.Equal(rules.Distinct(), rules));
    }

    private static SweepDraft? Read(string json, ValidationErrors errors)
    {
        using var document = JsonDocument.Parse(json);
        return SweepReader.Read(document.RootElement.Clone(), new(256, 64), errors);
    }

    private static IReadOnlyList<PlannedTrial> Plan(string json, ValidationErrors errors) =>
        Read(json, errors) is { } sweep
        ? SweepPlanner.Plan(sweep, Dataset, new PlanSetting(string.Empty, "/d", TimeSpan.FromSeconds(60), 0), errors)
        : [];

    private static IReadOnlyList<PlannedTrial> Plan(string json)
    {
        var errors = new ValidationErrors();
        var trials = Plan(json, errors);
        Assert.False(errors.Any, string.Join("; ", errors.ToDictionary().Select(error => $"{error.Key}: {error.Value[0]}")));
        return trials;
    }

    private static DatasetManifest Dataset => new()
    {
        Name = "d",
        Classes = ["x", "y"],
        Channels = 3,
        Images = [
            .. Enumerable.Range(0, 4).Select(i => new DatasetImage($"{i}", Split.Train, i % 2, $"{i}", "image/png", 8, 8, $"{i}.png"))],
        Rejected = [],
        Mean = [0.5, 0.5, 0.5],
        Std = [0.25, 0.25, 0.25],
        Digest = "digest",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Bytes = 4,
    };
}
