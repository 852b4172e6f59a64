using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Requests;

namespace CnnService.Core.Tests.Training.Requests;

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
    [InlineData("""{"dataset":"d","optimizer":{"name":"lion"}}""", "optimizer.name")]
    [InlineData("""{"dataset":"d","optimizer":{"learningRate":0}}""", "optimizer.learningRate")]
    [InlineData("""{"dataset":"d","optimizer":{"learningRate":1e999}}""", "optimizer.learningRate")]
    [InlineData("""{"dataset":"d","optimizer":{"learningRate":10.1}}""", "optimizer.learningRate")]
    [InlineData("""{"dataset":"d","optimizer":{"weightDecay":-0.1}}""", "optimizer.weightDecay")]
    [InlineData("""{"dataset":"d","optimizer":{"momentum":0.5}}""", "optimizer.momentum")]
    [InlineData("""{"dataset":"d","optimizer":{"name":"sgd","momentum":1}}""", "optimizer.momentum")]
    [InlineData("""{"dataset":"d","optimizer":{"nesterov":true}}""", "optimizer.nesterov")]
    [InlineData("""{"dataset":"d","optimizer":{"name":"sgd","momentum":0,"nesterov":true}}""", "optimizer.nesterov")]
    [InlineData("""{"dataset":"d","optimizer":{"momentumOrDefault":0.5}}""", "optimizer.momentumOrDefault")]
    public void Read_ARequestThatBreaksARule_NamesItsField(string json, string path)
    {
        var (_, errors) = Read(json);

        Assert.Equal([path], errors.ToDictionary().Keys);
    }

    [Theory]
    [InlineData("""{"dataset":"d","schedule":{"name":"linear"}}""", "schedule.name")]
    [InlineData("""{"dataset":"d","schedule":"cosine"}""", "schedule")]
    [InlineData("""{"dataset":"d","schedule":{"name":"cosine","minimum":1}}""", "schedule.minimum")]
    [InlineData("""{"dataset":"d","schedule":{"name":"step","stepEpochs":0}}""", "schedule.stepEpochs")]
    [InlineData("""{"dataset":"d","schedule":{"name":"step","factor":1}}""", "schedule.factor")]
    [InlineData("""{"dataset":"d","schedule":{"name":"reduceOnPlateau","patience":0}}""", "schedule.patience")]
    [InlineData("""{"dataset":"d","schedule":{"name":"oneCycle","warmupEpochs":1}}""", "schedule.warmupEpochs")]
    [InlineData("""{"dataset":"d","schedule":{"warmupEpochs":-1}}""", "schedule.warmupEpochs")]
    [InlineData("""{"dataset":"d","augmentation":"weak"}""", "augmentation")]
    [InlineData("""{"dataset":"d","augmentation":40}""", "augmentation")]
    [InlineData("""{"dataset":"d","augmentation":{"rotation":181}}""", "augmentation.rotation")]
    [InlineData("""{"dataset":"d","augmentation":{"zoom":1}}""", "augmentation.zoom")]
    [InlineData("""{"dataset":"d","augmentation":{"fill":"wrap"}}""", "augmentation.fill")]
    [InlineData("""{"dataset":"d","augmentation":{"blur":1}}""", "augmentation.blur")]
    [InlineData("""{"dataset":"d","gradientClip":0}""", "gradientClip")]
    [InlineData("""{"dataset":"d","labelSmoothing":0.95}""", "labelSmoothing")]
    [InlineData("""{"dataset":"d","mixup":-0.1}""", "mixup")]
    [InlineData("""{"dataset":"d","validateEvery":0}""", "validateEvery")]
    [InlineData("""{"dataset":"d","classWeights":"even"}""", "classWeights")]
    [InlineData("""{"dataset":"d","classWeights":{"x":0}}""", "classWeights.x")]
    [InlineData("""{"dataset":"d","classWeights":{"x":"2"}}""", "classWeights.x")]
    [InlineData("""{"dataset":"d","normalization":"none"}""", "normalization")]
    [InlineData("""{"dataset":"d","precision":"float16"}""", "precision")]
    [InlineData("""{"dataset":"d","precision":1}""", "precision")]
    [InlineData("""{"dataset":"d","device":"tpu"}""", "device")]
    [InlineData("""{"dataset":"d","earlyStopping":{"patience":0}}""", "earlyStopping.patience")]
    [InlineData("""{"dataset":"d","earlyStopping":{"monitor":"loss"}}""", "earlyStopping.monitor")]
    [InlineData("""{"dataset":"d","startFrom":{"version":1}}""", "startFrom.model")]
    [InlineData("""{"dataset":"d","startFrom":{"model":"m","version":0}}""", "startFrom.version")]
    [InlineData("""{"dataset":"d","startFrom":{"model":"M","version":1}}""", "startFrom.model")]
    [InlineData("""{"dataset":"d","startFrom":"m","architecture":"lenet5"}""", "architecture")]
    [InlineData("""{"dataset":"d","startFrom":"m","imageSize":64}""", "imageSize")]
    [InlineData("""{"dataset":"d","startFrom":"m","normalization":"rescale"}""", "normalization")]
    [InlineData("""{"dataset":"d","startFrom":"m","freeze":"conv1"}""", "freeze")]
    [InlineData("""{"dataset":"d","freeze":["conv1"]}""", "freeze")]
    [InlineData("""{"dataset":"d","startFrom":{"version":0,"model":"m"},"freeze":["conv1"]}""", "startFrom.version")]
    [InlineData("""{"dataset":"d","startFrom":7}""", "startFrom")]
    [InlineData("""{"dataset":"d","startFrom":{"modle":"m","model":"n"}}""", "startFrom.modle")]
    [InlineData("""{"dataset":"d","architecture":"vgg99"}""", "architecture")]
    [InlineData(
        """{"dataset":"d","architecture":{"input":{"height":16,"width":16,"channels":3},"layers":[{"type":"dense"}]},"imageSize":16}""",
        "imageSize")]
    [InlineData("""{"dataset":"d","classWeights":{"x":1,"x":2}}""", "classWeights.x")]
    [InlineData("""{"dataset":"d","imageSize":7}""", "imageSize")]
    [InlineData("""{"dataset":"d","imageSize":1025}""", "imageSize")]
    [InlineData("""[]""", "$")]
    public void Read_AChoiceThatBreaksARule_NamesItsField(string json, string path) =>
    Read_ARequestThatBreaksARule_NamesItsField(json, path);

    [Theory]
    [InlineData("\"vgg99\"", "architecture")]
    [InlineData("7", "architecture")]
    [InlineData("""{"input":1,"input":2}""", "architecture.input")]
    [InlineData("""{"input":{"height":16,"width":16,"channels":3},"layers":[]}""", "architecture.layers")]
    [InlineData(
        """{"input":{"height":16,"width":16,"channels":3},"layers":[{"type":"conv2d","filters":0,"kernelSize":3},{"type":"flatten"},{"type":"dense","units":"classes"}]}""", "architecture.layers[0].filters")]
    public void Network_OfABadArchitecture_NamesThePath(string architecture, string path)
    {
        var (request, errors) = Read($$"""{"dataset":"d","architecture":{{architecture}}}""");

        Assert.Null(TrainPlanner.Plan(request!, null, Setting, errors));

        Assert.Contains(path, errors.ToDictionary().Keys);
    }

    [Fact]
    public void Plan_OfABrokenArchitecture_BlamesNothingElse()
    {
        var (request, errors) = Read("""{"dataset":"d","architecture":"vgg99","learningRateFactors":{"conv":0.5}}""");

        Assert.Null(TrainPlanner.Plan(request!, Dataset, Setting, errors));

        Assert.Equal(["architecture"], errors.ToDictionary().Keys);
    }

    [Fact]
    public void Plan_OfANetwork_CarriesItResolved()
    {
        var (request, errors) = Read("""{"dataset":"d","architecture":"lenet5"}""");

        var planned = TrainPlanner.Plan(request!, Dataset, Setting, errors)!;

        Assert.Same(planned.Plan.Network, planned.Network.Spec);
        Assert.Equal(2, planned.Network.Classes);
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
        Assert.Equal((Precision.Auto, DeviceChoice.Auto, NormalizationKind.Rescale),
            (plan.Precision, plan.Device, plan.Preprocessing.Normalization));
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
        Assert.Equal((Precision.Bfloat16, DeviceChoice.Cpu, NormalizationKind.Standardize),
            (plan.Precision, plan.Device, plan.Preprocessing.Normalization));
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

    [Fact]
    public void Plan_OfTheLoopsFields_HasWhatItAskedFor()
    {
        var plan = Plan("""
            {"dataset":"d","optimizer":{"name":"sgd","learningRate":0.1,"nesterov":true},"schedule":{"name":"cosine","warmupEpochs":2.5,"minimum":0.01},
             "augmentation":{"rotation":10,"fill":"reflect"},"gradientClip":1,"labelSmoothing":0.1,"mixup":0.2,"classWeights":{"y":3},"validateEvery":5}
            """);

        Assert.Equal(new OptimizerSpec { Name = OptimizerKind.Sgd, LearningRate = 0.1, Nesterov = true }, plan.Optimizer);
        Assert.Equal(0.9, plan.Optimizer.MomentumOrDefault);
        Assert.Equal(new ScheduleSpec { Name = ScheduleKind.Cosine, WarmupEpochs = 2.5, Minimum = 0.01 }, plan.Schedule);
        Assert.Equal(new AugmentationSpec { Rotation = 10, Fill = FillMode.Reflect }, plan.Augmentation);
        Assert.Equal((1, 0.1, 0.2, 5), (plan.GradientClip, plan.LabelSmoothing, plan.Mixup, plan.ValidateEvery));
        Assert.Equal([1, 3], plan.ClassWeights);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("article")]
    [InlineData("strong")]
    public void Plan_OfAnAugmentationByName_HasThePreset(string name)
    {
        Assert.True(AugmentationSpec.TryFind(name, out var preset));
        Assert.Equal(preset, Plan($$"""{"dataset":"d","augmentation":"{{name}}"}""").Augmentation);
    }

    [Fact]
    public void Plan_BalancedClassWeights_GiveEveryClassTheSameSay() // 3 images of x, 1 of y: 4 / (2 * 3) and 4 / (2 * 1).
        => Assert.Equal([2.0 / 3, 2], Plan("""{"dataset":"d","classWeights":"balanced"}""").ClassWeights!);

    [Fact]
    public void Plan_AWeightOfAClassThatIsNot_IsRefused()
    {
        var (request, errors) = Read("""{"dataset":"d","classWeights":{"z":3}}""");

        Assert.Null(TrainPlanner.Plan(request!, Dataset, Setting, errors));
        Assert.Equal(["classWeights.z"], errors.ToDictionary().Keys);
    }

    [Fact]
    public void Plan_Whiten_MixesTheColoursByTheirCovariance()
    {
        var (request, errors) = Read("""{"dataset":"d","normalization":"whiten"}""");
        var dataset = Dataset with { Covariance = [[0.04, 0, 0], [0, 0.04, 0], [0, 0, 0.09]] };

        var plan = TrainPlanner.Plan(request!, dataset, Setting, errors)!.Plan;

        Assert.Equal((NormalizationKind.Whiten, 0.5), (plan.Preprocessing.Normalization, plan.Preprocessing.Mean[0]));
        Assert.Equal(1 / 0.2, plan.Preprocessing.Matrix![0][0], 0.01);
        Assert.Equal(1 / 0.3, plan.Preprocessing.Matrix[2][2], 0.01);
    }

    [Fact]
    public void Plan_WhitenOfGreyImages_Standardizes()
    {
        var (request, errors) = Read("""{"dataset":"d","normalization":"whiten"}""");
        var plan = TrainPlanner.Plan(request!, Dataset with { Channels = 1, Mean = [0.3], Std = [0.2] }, Setting, errors)!.Plan;
        Assert.Null(plan.Preprocessing.Matrix);
        Assert.Equal([0.2], plan.Preprocessing.Std);
    }

    [Fact]
    public void Plan_WhitenOfADataSetImportedWithoutCovariance_SaysWhatToDo()
    {
        var (request, errors) = Read("""{"dataset":"d","normalization":"whiten"}""");
        Assert.Null(TrainPlanner.Plan(request!, Dataset, Setting, errors));
        Assert.Contains("import it again", errors.ToDictionary()["normalization"][0], StringComparison.Ordinal);
    }

    private static PlanSetting Setting => new("run", "/d", TimeSpan.FromSeconds(60), 0);

    private static DatasetManifest Dataset => new()
    {
        Name = "d",
        Classes = ["x", "y"],
        Channels = 3,
        Images = [
            .. new[] { 0, 0, 0, 1 }.Select(
                (label, i) => new DatasetImage($"{i}", Split.Train, label, $"{i}", "image/png", 8, 8, $"{i}.png"))],
        Rejected = [],
        Mean = [0.5, 0.5, 0.5],
        Std = [0.25, 0.25, 0.25],
        Digest = "digest",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Bytes = 4,
    };

    private static (TrainRequest? Request, ValidationErrors Errors) Read(string json)
    {
        var errors = new ValidationErrors();
        using var document = JsonDocument.Parse(json);
        return (TrainRequestReader.Read(document.RootElement.Clone(), errors), errors);
    }

    private static TrainingPlan Plan(string json)
    {
        var (request, errors) = Read(json);
        var plan = TrainPlanner.Plan(request!, Dataset, Setting, errors)?.Plan;
        Assert.False(errors.Any, string.Join("; ", errors.ToDictionary().Select(error => $"{error.Key}: {error.Value[0]}")));
        return plan!;
    }
}
