using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Tests.Training.Transfer;

/// <summary>What a request that starts from a model comes to.</summary>
public sealed class TransferPlanTests
{
    private static readonly NetworkSpec Squeezed = new(
        new(32, 32, 3),
        [
            new Conv2dLayer { Name = "conv1", Filters = 4 },
            new Conv2dLayer { Name = "fire.a", Filters = 4, Activation = ActivationKind.Relu },
            new DropoutLayer { Name = "drop" },
            new Conv2dLayer { Name = "last", Filters = 7, KernelSize = new(1, 1) },
            new GlobalAveragePooling2dLayer { Name = "pool" },
            new ActivationLayer { Name = "prob", Activation = ActivationKind.Softmax },
        ]);

    [Fact]
    public void Plan_PutsANewClassifierBeforeTheOld()
    {
        var plan = Plan("""{"dataset":"d","startFrom":"m:3","epochs":5}""")!;

        Assert.Equal(["conv1", "fire.a", "pool_2", "classifier"], plan.Network.Layers.Select(layer => layer.Name));
        Assert.Equal(("m", 3, "weights"), (plan.StartFrom!.Model, plan.StartFrom.Version, plan.StartFrom.WeightsHash));
        Assert.Equal(NormalizationKind.Caffe, plan.Preprocessing.Normalization);
        Assert.Equal("custom", plan.Architecture);
        Assert.Null(plan.Frozen);
    }

    [Fact]
    public void Plan_UpToALayer_EndsThere() =>
        Assert.Equal(["conv1", "pool_2", "classifier"],
            Plan("""{"dataset":"d","startFrom":{"model":"m","upTo":"conv1"}}""")!.Network.Layers.Select(layer => layer.Name));

    /// <summary>A convolution that ends in classes is trained further; fitted is a dense layer in its place.</summary>
    [Theory]
    [InlineData("""{"dataset":"d","startFrom":"m","epochs":2}""", "conv1 fire.a drop last pool prob")]
    [InlineData("""{"dataset":"d","startFrom":"m"}""", "conv1 fire.a pool_2 classifier")]
    public void Plan_OfTheSameClasses_KeepsAClassifierThatIsTrained(string request, string layers) =>
        Assert.Equal(layers.Split(' '),
            Plan(request, [.. Enumerable.Range(0, 7).Select(i => $"c{i}")])!.Network.Layers.Select(layer => layer.Name));

    /// <summary>A probability for each class by itself is not what is trained.</summary>
    [Fact]
    public void Create_OfTheSameClassesWithSeveralSigmoids_PutsANewClassifier()
    {
        var sigmoids = new ActivationLayer { Name = "prob", Activation = ActivationKind.Sigmoid };
        var model = NetworkSpecValidator.Resolve(
            Squeezed with { Layers = [.. Squeezed.Layers.SkipLast(1), sigmoids] }, 7, new(), allowsMultiLabel: true)!;
        string[] classes = [.. Enumerable.Range(0, 7).Select(i => $"c{i}")];

        var network = TransferNetwork.Create(model, classes, classes, DatasetTask.SingleLabel, null, false, new())!;

        Assert.Equal(["conv1", "fire.a", "pool_2", "classifier"], network.Layers.Select(layer => layer.Name));
        Assert.False(network.IsMultiLabel);
    }

    [Fact]
    public void Plan_ReadsPatterns()
    {
        var plan = Plan("""{"dataset":"d","startFrom":"m","freeze":["conv?"],"learningRateFactors":{"fire*":0.1,"*":0.5}}""")!;

        Assert.Equal(["conv1"], plan.Frozen);
        Assert.Equal([("fire.a", 0.1), ("conv1", 0.5), ("pool_2", 0.5), ("classifier", 0.5)],
            plan.RateFactors!.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Plan_FreezingAll_LeavesTheNewClassifier() =>
        Assert.Equal(["conv1", "fire.a"], Plan("""{"dataset":"d","startFrom":"m","freeze":["*"]}""")!.Frozen);

    [Theory]
    [InlineData("""{"dataset":"d","startFrom":{"model":"m","upTo":"nowhere"}}""", "startFrom.upTo")]
    [InlineData("""{"dataset":"d","startFrom":"m","freeze":["conv1","none*"]}""", "freeze[1]")]
    [InlineData("""{"dataset":"d","startFrom":"m","learningRateFactors":{"conv1":0}}""", "learningRateFactors.conv1")]
    [InlineData("""{"dataset":"d","startFrom":"m","learningRateFactors":{"(":1}}""", "learningRateFactors.(")]
    [InlineData("""{"dataset":"d","startFrom":"other"}""", "startFrom")]
    public void Plan_OfWhatIsNotThere_NamesTheField(string json, string path)
    {
        var errors = new ValidationErrors();

        Assert.Null(Plan(json, ["x", "y"], errors));

        Assert.Equal([path], errors.ToDictionary().Keys);
    }

    [Fact]
    public void Plan_PatternsOverTheirLength_AreNotMatched()
    {
        var errors = new ValidationErrors();
        var (long1, long2) = (new string('*', 1 << 20), new string('a', 129));

        Plan($$$"""{"dataset":"d","startFrom":"m","freeze":["{{{long1}}}"],"learningRateFactors":{"{{{long2}}}":1}}""", ["x", "y"], errors);

        Assert.Equal(
            [("freeze[0]", "must have 1 to 128 characters, received 1048576"),
                ($"learningRateFactors.{long2[..80]}…", "must have 1 to 128 characters, received 129")],
            errors.ToDictionary().Select(error => (error.Key, Assert.Single(error.Value))));
    }

    [Fact]
    public void Plan_ManyRateFactors_AreRefusedAndNotIgnored()
    {
        var errors = new ValidationErrors();
        var factors = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"{new string('*', i + 1)}\":1"));

        Plan("{\"dataset\":\"d\",\"startFrom\":\"m\",\"learningRateFactors\":{" + factors + "}}", ["x", "y"], errors);

        Assert.Equal(["must hold at most 100 patterns, received 101"], errors.ToDictionary()["learningRateFactors"]);
    }

    [Theory]
    [InlineData("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b")] // Exponential for a matcher that goes back.
    [InlineData("?")]
    [InlineData("fire")]
    [InlineData("[a-z]*")]
    public void Plan_PatternsThatMatchNothing_AreTold(string pattern)
    {
        var errors = new ValidationErrors();
        Plan($$"""{"dataset":"d","startFrom":"m","freeze":["{{pattern}}"]}""", ["x", "y"], errors);
        Assert.Equal(["freeze[0]"], errors.ToDictionary().Keys);
    }

    [Theory]
    [InlineData("conv1")]
    [InlineData("c*1")]
    [InlineData("?onv?")]
    [InlineData("**conv***1**")]
    [InlineData("c??v1*")]
    public void Plan_PatternsThatMatchOneLayer_FreezeIt(string pattern) => Assert.Equal(
        ["conv1"], Plan($$"""{"dataset":"d","startFrom":"m","freeze":["{{pattern}}"]}""")!.Frozen);

    private static TrainingPlan? Plan(string json, string[]? classes = null, ValidationErrors? errors = null)
    {
        errors ??= new();
        using var document = JsonDocument.Parse(json);
        var request = TrainRequestReader.Read(document.RootElement.Clone(), errors)!;
        var dataset = new DatasetManifest
        {
            Name = "d",
            Classes = classes ?? ["x", "y"],
            Channels = 3,
            Images = [],
            Rejected = [],
            Mean = [0.5, 0.5, 0.5],
            Std = [0.25, 0.25, 0.25],
            Digest = "digest",
            CreatedAt = DateTimeOffset.UnixEpoch,
            Bytes = 4,
        };
        return TrainPlanner.Plan(request, dataset, new("run", "/d", TimeSpan.FromSeconds(60), 0) { Start = Model() }, errors)?.Plan;
    }

    private static LoadedModel Model()
    {
        var network = NetworkSpecValidator.Resolve(Squeezed, 7, new ValidationErrors())!;
        var manifest = new ModelManifest
        {
            Classes = [.. Enumerable.Range(0, 7).Select(i => $"c{i}")],
            Network = network.Spec,
            Architecture = "custom",
            Preprocessing = Preprocessing.Create(NormalizationKind.Caffe, 3, [], []),
            Files = [new(ModelPackage.WeightsFile, 1, "weights")],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        return new("m", 3, "/models/m/3", manifest, network);
    }
}
