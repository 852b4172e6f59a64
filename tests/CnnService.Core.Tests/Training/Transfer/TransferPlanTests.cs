using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;

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
        var plan = Plan("""{"dataset":"d","startFrom":"m:3"}""")!;

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

    [Fact]
    public void Plan_OfTheSameClasses_KeepsTheClassifier() =>
        Assert.Equal(Squeezed.Layers.Select(layer => layer.Name),
            Plan("""{"dataset":"d","startFrom":"m"}""", [.. Enumerable.Range(0, 7).Select(i => $"c{i}")])!.Network.Layers.Select(
                layer => layer.Name));

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
    [InlineData("""{"dataset":"d","startFrom":"m","learningRateFactors":{"(":1}}""", "learningRateFactors.([0]")]
    [InlineData("""{"dataset":"d","startFrom":"other"}""", "startFrom")]
    public void Plan_OfWhatIsNotThere_NamesTheField(string json, string path)
    {
        var errors = new ValidationErrors();

        Assert.Null(Plan(json, ["x", "y"], errors));

        Assert.Equal([path], errors.ToDictionary().Keys);
    }

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
