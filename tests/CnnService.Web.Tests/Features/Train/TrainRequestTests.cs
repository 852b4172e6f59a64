using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Web.Features.Train;

namespace CnnService.Web.Tests.Features.Train;

public sealed class TrainRequestTests
{
    [Theory]
    [InlineData("""{"epochs":1}""", "dataset")]
    [InlineData("""{"dataset":null}""", "dataset")]
    [InlineData("""{"dataset":7}""", "dataset")]
    [InlineData("""{"dataset":"../x"}""", "dataset")]
    [InlineData("""{"dataset":"d","dataset":"d"}""", "dataset")]
    [InlineData("""{"dataset":"d","colour":1}""", "colour")]
    [InlineData("""{"dataset":"d","state":"succeeded"}""", "state")]
    [InlineData("""{"dataset":"d","model":"A"}""", "model")]
    [InlineData("""{"dataset":"d","epochs":0}""", "epochs")]
    [InlineData("""{"dataset":"d","epochs":10001}""", "epochs")]
    [InlineData("""{"dataset":"d","epochs":1.5}""", "epochs")]
    [InlineData("""{"dataset":"d","epochs":"3"}""", "epochs")]
    [InlineData("""{"dataset":"d","epochs":null}""", "epochs")]
    [InlineData("""{"dataset":"d","epochs":99999999999}""", "epochs")]
    [InlineData("""{"dataset":"d","batchSize":0}""", "batchSize")]
    [InlineData("""{"dataset":"d","batchSize":4097}""", "batchSize")]
    [InlineData("""{"dataset":"d","seed":-1}""", "seed")]
    [InlineData("""{"dataset":"d","seed":9007199254740992}""", "seed")]
    [InlineData("""{"dataset":"d","optimizer":null}""", "optimizer")]
    [InlineData("""{"dataset":"d","optimizer":"adam"}""", "optimizer")]
    [InlineData("""{"dataset":"d","optimizer":{"name":"sgd"}}""", "optimizer.name")]
    [InlineData("""{"dataset":"d","optimizer":{"learningRate":0}}""", "optimizer.learningRate")]
    [InlineData("""{"dataset":"d","optimizer":{"learningRate":1e999}}""", "optimizer.learningRate")]
    [InlineData("""{"dataset":"d","optimizer":{"learningRate":10.1}}""", "optimizer.learningRate")]
    [InlineData("""{"dataset":"d","optimizer":{"weightDecay":-0.1}}""", "optimizer.weightDecay")]
    [InlineData("""{"dataset":"d","optimizer":{"momentum":1}}""", "optimizer.momentum")]
    [InlineData("""{"dataset":"d","schedule":{"name":"cosine"}}""", "schedule.name")]
    [InlineData("""{"dataset":"d","augmentation":"article"}""", "augmentation")]
    [InlineData("""{"dataset":"d","augmentation":{"rotation":40}}""", "augmentation")]
    [InlineData("""{"dataset":"d","normalization":"whiten"}""", "normalization")]
    [InlineData("""{"dataset":"d","normalization":"none"}""", "normalization")]
    [InlineData("""{"dataset":"d","precision":"float16"}""", "precision")]
    [InlineData("""{"dataset":"d","precision":1}""", "precision")]
    [InlineData("""{"dataset":"d","device":"tpu"}""", "device")]
    [InlineData("""{"dataset":"d","earlyStopping":{"patience":0}}""", "earlyStopping.patience")]
    [InlineData("""{"dataset":"d","earlyStopping":{"monitor":"loss"}}""", "earlyStopping.monitor")]
    [InlineData("""{"dataset":"d","startFrom":{"model":"m"}}""", "startFrom")]
    [InlineData("""{"dataset":"d","freeze":["conv1"]}""", "freeze")]
    [InlineData("""{"dataset":"d","imageSize":7}""", "imageSize")]
    [InlineData("""{"dataset":"d","imageSize":1025}""", "imageSize")]
    [InlineData("""[]""", "$")]
    [InlineData("""{"dataset":"d","architecture":{"input":1,"input":2}}""", "architecture")]
    public void Read_ARequestThatBreaksARule_NamesItsField(string json, string path)
    {
        var (_, errors) = Read(json);

        Assert.Equal([path], errors.ToDictionary().Keys);
    }

    [Theory]
    [InlineData("\"vgg99\"", "architecture")]
    [InlineData("7", "architecture")]
    [InlineData("""{"input":{"height":16,"width":16,"channels":3},"layers":[]}""", "architecture.layers")]
    [InlineData("""{"input":{"height":16,"width":16,"channels":3},"layers":[{"type":"conv2d","filters":0,"kernelSize":3},{"type":"flatten"},{"type":"dense","units":"classes"}]}""", "architecture.layers[0].filters")]
    public void Network_OfABadArchitecture_NamesThePath(string architecture, string path)
    {
        var (request, errors) = Read($$"""{"dataset":"d","architecture":{{architecture}}}""");

        Assert.Null(TrainRequestReader.Network(request!, 2, 3, errors));

        Assert.Contains(path, errors.ToDictionary().Keys);
    }

    [Fact]
    public void Read_ARequestThatBreaksManyRules_NamesEach()
    {
        var (_, errors) = Read("""
            {"model":"?","epochs":"many","batchSize":0,"seed":-1,"optimizer":{"name":5,"learningRate":-1},"precision":"int8","freeze":["a"],"x":1}
            """);

        Assert.Equal(
            ["batchSize", "dataset", "epochs", "freeze", "model", "optimizer.learningRate", "optimizer.name", "precision", "seed", "x"],
            errors.ToDictionary().Keys);
    }

    [Fact]
    public void Read_ABrokenRule_TellsTheRuleAndWhatWasReceived()
    {
        var (_, errors) = Read("""{"dataset":"d","batchSize":5000}""");

        Assert.Equal(["must be between 1 and 4096, received 5000"], errors.ToDictionary()["batchSize"]);
    }

    [Fact]
    public void Plan_OfTheDataSetAlone_HasTheDocumentedDefaults()
    {
        var plan = Plan("""{"dataset":"d"}""");

        Assert.Equal(("article-cnn", 30, 32, 42L), (plan.Architecture, plan.Epochs, plan.BatchSize, plan.Seed));
        Assert.Equal((0.0001, 0.0), (plan.Optimizer.LearningRate, plan.Optimizer.WeightDecay));
        Assert.Equal((Precision.Auto, DeviceChoice.Auto, NormalizationKind.Rescale), (plan.Precision, plan.Device, plan.Preprocessing.Normalization));
        Assert.Null(plan.EarlyStopping);
        Assert.Equal((150, 150, 3), (plan.Network.Input.Height, plan.Network.Input.Width, plan.Network.Input.Channels));
        Assert.Equal(["x", "y"], plan.Classes);
    }

    [Fact]
    public void Plan_OfAFullRequest_HasWhatItAskedFor()
    {
        var plan = Plan("""
            {"dataset":"d","architecture":"lenet5","imageSize":48,"epochs":2,"batchSize":8,"seed":7,"optimizer":{"name":"adam","learningRate":0.01,"weightDecay":0.001},
             "schedule":{"name":"constant"},"augmentation":"none","normalization":"standardize","precision":"bfloat16","device":"cpu",
             "earlyStopping":{"monitor":"validationAccuracy","patience":3},"startFrom":null,"freeze":null,"model":"m"}
            """);

        Assert.Equal(("lenet5", 2, 8, 7L), (plan.Architecture, plan.Epochs, plan.BatchSize, plan.Seed));
        Assert.Equal((0.01, 0.001), (plan.Optimizer.LearningRate, plan.Optimizer.WeightDecay));
        Assert.Equal((Precision.Bfloat16, DeviceChoice.Cpu, NormalizationKind.Standardize), (plan.Precision, plan.Device, plan.Preprocessing.Normalization));
        Assert.Equal((MonitoredMetric.ValidationAccuracy, 3), (plan.EarlyStopping!.Monitor, plan.EarlyStopping.Patience));
        Assert.Equal((48, 48), (plan.Network.Input.Height, plan.Network.Input.Width));
        Assert.Equal([0.25, 0.25, 0.25], plan.Preprocessing.Std);
    }

    [Fact]
    public void Plan_AsJson_ReadsBackTheSame()
    {
        var plan = Plan("""{"dataset":"d"}""");
        var text = JsonSerializer.Serialize(plan, CoreJson.Options);

        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize<TrainingPlan>(text, CoreJson.Options), CoreJson.Options));
    }

    private static (TrainRequest? Request, ValidationErrors Errors) Read(string json)
    {
        var errors = new ValidationErrors();
        using var document = JsonDocument.Parse(json);
        return (TrainRequestReader.Read(document.RootElement.Clone(), errors), errors);
    }

    private static TrainingPlan Plan(string json)
    {
        var (request, errors) = Read(json);
        var network = TrainRequestReader.Network(request!, 2, 3, errors);
        Assert.False(errors.Any, string.Join("; ", errors.ToDictionary().Select(error => $"{error.Key}: {error.Value[0]}")));
        return TrainRequestReader.Plan(
            "run", request!, SomeDataset.Manifest("d", ["x", "y"]), "/d", network!.Value.Name, network.Value.Network, TimeSpan.FromSeconds(60), 0);
    }
}
