using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Engine.Tests.Torch;
using CnnService.Onnx;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using CnnService.Tests.Shared;
using CnnService.Torch;
using CnnService.Torch.Networks;
using Microsoft.Extensions.DependencyInjection;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Models.Import;

/// <summary>Files of elsewhere as packages: what the published networks give for their published inputs, in both engines.</summary>
[Collection(TorchSuite.Name)]
public sealed class ModelImporterTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnservice-import-").FullName;

    [Fact]
    public void Run_TinyDarknet_GivesThePublishedProbabilitiesInBothEngines()
    {
        var file = SharedData.Path("pretrained", "tiny-darknet.safetensors");
        var labels = File.ReadAllText(SharedData.Path("pretrained", "imagenet-labels-darknet-order.txt"));
        var imported = Import(new(file)
        {
            Architecture = JsonSerializer.Serialize(TinyDarknet(), CoreJson.Indented),
            Labels = labels,
            Preprocessing = "rescale",
        }).Value;

        Assert.True(imported.Report.Weights!.IsComplete);
        Assert.Equal("safetensors", imported.Manifest.Source!.Format);
        var model = Load();
        Assert.Equal("n02094433 Yorkshire terrier", model.Manifest.Classes[58]);
        var input = Floats("tiny-darknet.input.f32");
        var expected = Floats("tiny-darknet.expected.f32");
        AssertNear(expected, Softmax(TorchLogits(model, input)));
        AssertNear(expected, OnnxProbabilities(model, input));
    }

    [Fact]
    public void Run_SqueezeNet_GivesThePublishedProbabilitiesInBothEngines_AndItsNamesAgain()
    {
        var file = SharedData.Path("pretrained", "squeezenet1.0.onnx");
        var labels = File.ReadAllText(SharedData.Path("pretrained", "imagenet-labels.txt"));
        var imported = Import(new(file)
        {
            Labels = labels,
            Preprocessing = """{"channelOrder":"bgr","scale":1,"mean":[104,117,123],"std":[1,1,1]}""",
        }).Value;

        Assert.Empty(imported.Report.Unsupported);
        Assert.Contains("class names", Assert.Single(imported.Report.Notes), StringComparison.Ordinal);
        var model = Load();
        Assert.Equal("fire2/conv1x1_1", model.Manifest.Source!.LayerNames["fire2.conv1x1_1"]);
        Assert.Equal(1248424, model.Network.Layers.Sum(layer => layer.Parameters));
        var input = Floats("squeezenet1.0.input.f32");
        var expected = Floats("squeezenet1.0.expected.f32");
        AssertNear(expected, Softmax(TorchLogits(model, input)));
        AssertNear(expected, OnnxProbabilities(model, input));
        Assert.Empty(NodeNames(file).Except(NodeNames(model.OnnxPath)));
    }

    [Fact]
    public void Run_WeightsOfTwoTypes_AreMatchedByTheNumbersInTheirNames()
    {
        var imported = Import(new(SharedData.Path("bug-reports", "chain_mixed.safetensors"))
        {
            Architecture = File.ReadAllText(SharedData.Path("bug-reports", "chain_arch.json")),
        }).Value;

        var sources = imported.Report.Weights!.Filled.ToDictionary(tensor => tensor.Name, tensor => tensor.Source);
        Assert.True(imported.Report.Weights.IsComplete);
        Assert.All(Enumerable.Range(0, 12), i =>
        {
            Assert.Equal($"body.{i}.conv.weight", sources[$"block_{i + 1}.weight"]);
            Assert.Equal($"body.{i}.norm.running_mean", sources[$"bn_{i + 1}.running_mean"]);
        });
    }

    [Fact]
    public void Run_PartOfVgg16_LoadsAsFarAsItGoes()
    {
        var imported = Import(new(SharedData.Path("pretrained", "vgg16-blocks1-2.safetensors"))
        {
            Architecture = "vgg16",
            Preprocessing = "caffe",
        }).Value;

        Assert.Equal(8, imported.Report.Weights!.Filled.Count);
        Assert.Equal(24, imported.Report.Weights.Missing.Count);
        Assert.Equal("vgg16", imported.Manifest.Architecture);
        Assert.Empty(imported.Report.Weights.Unused);
        var model = Load();
        Assert.False(model.Network.HasClasses);
        Assert.Equal("block2_pool", model.Network.Output.Name);
        Assert.Equal(TensorShape.Map(128, 56, 56), model.Network.Output.OutputShape);
        Assert.Contains("12 layers", Assert.Single(imported.Report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OwnWeightsFile_ClassifiesAsBefore()
    {
        var spec = new NetworkSpec(new(12, 10, 3), [new Conv2dLayer
        {
            Name = "c",
            Filters = 4,
        }, new PReluLayer { Name = "p" }, new FlattenLayer(), new DenseLayer { Name = "d", Units = 3 }]);
        var network = NetworkSpecValidator.Resolve(spec, 3, new ValidationErrors())!;
        var weights = InitialWeights.Create(network, 5);
        using (var stream = File.Create(Path.Combine(_folder, "own.safetensors")))
        {
            SafetensorsFile.Write(stream, weights);
        }

        var architecture = JsonSerializer.Serialize(spec, CoreJson.Indented);
        var imported = Import(new(Path.Combine(_folder, "own.safetensors")) { Architecture = architecture }).Value;

        Assert.Equal(["class_0", "class_1", "class_2"], imported.Manifest.Classes);
        Assert.Equal(2, imported.Report.Notes.Count);
        var model = Load();
        var input = Enumerable.Range(0, 360).Select(i => (float)Math.Sin(i)).ToArray();
        using var scope = NewDisposeScope();
        using var original = new TorchNetwork(network, weights, CPU, ScalarType.Float32);
        var logits = original.Forward(tensor(input, [1, 3, 12, 10]), ForwardMode.Evaluation).data<float>().ToArray();
        AssertNear(Softmax(logits), OnnxProbabilities(model, input));
    }

    [Fact]
    public void Run_OnnxWithAWeightThatIsNoNumber_NamesTheTensor()
    {
        var spec = new NetworkSpec(new(12, 10, 3), [new Conv2dLayer
        {
            Name = "c",
            Filters = 4,
        }, new FlattenLayer(), new DenseLayer { Name = "d", Units = 3 }]);
        var network = NetworkSpecValidator.Resolve(spec, 3, new ValidationErrors())!;
        var weights = InitialWeights.Create(network, 5);
        weights["c.weight"].Data[7] = float.NaN;
        File.WriteAllBytes(
            Path.Combine(_folder, "nan.onnx"),
            new OnnxExporter().Export(network, weights, ["a", "b", "c"], Preprocessing.Create(NormalizationKind.Rescale, 3, [], [])));

        var problem = Import(new(Path.Combine(_folder, "nan.onnx"))).Problem;

        Assert.Equal((ProblemKind.Unprocessable, "weights.not-finite"), (problem?.Kind, problem?.Code));
        Assert.Contains("'c.weight'", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_HeadOfOtherClasses_IsToldByItsShape()
    {
        var network = NetworkSpecValidator.Resolve(
            Core.Architecture.Presets.PresetCatalog.All.First(preset => preset.Name == "lenet5").Create(7), 7, new ValidationErrors())!;
        using (var stream = File.Create(Path.Combine(_folder, "seven.safetensors")))
        {
            SafetensorsFile.Write(stream, InitialWeights.Create(network, 5));
        }

        var imported = Import(new(Path.Combine(_folder, "seven.safetensors")) { Architecture = "lenet5" }).Value;

        Assert.Equal(7, imported.Manifest.Classes.Count);
        Assert.Equal("lenet5", imported.Manifest.Architecture);
    }

    [Theory]
    [InlineData("""{"input":{"height":8,"width":8,"channels":3},"layers":[{"type":"dense","units":0}]}""", "request.invalid")]
    [InlineData("lenet6", "request.invalid")]
    [InlineData("resnet18", "weights.none-fit")]
    public void Run_UnfitArchitecture_IsAProblem(string architecture, string code)
    {
        File.WriteAllBytes(Path.Combine(_folder, "one.safetensors"), One());

        Assert.Equal(code, Import(new(Path.Combine(_folder, "one.safetensors")) { Architecture = architecture }).Problem!.Code);
        Assert.False(Directory.Exists(Path.Combine(_folder, "package")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] One()
    {
        using var stream = new MemoryStream();
        var weights = new NamedWeights();
        weights.Add("x.weight", new([2], [1, 2]));
        SafetensorsFile.Write(stream, weights);
        return stream.ToArray();
    }

    private static NetworkSpec TinyDarknet()
    {
        int[] filters = [16, 32, 16, 128, 16, 128, 32, 256, 32, 256, 64, 512, 64, 512, 128, 1000];
        var layers = new List<LayerSpec>();
        for (var i = 1; i <= filters.Length; i++)
        {
            var side = i <= 2 || (i % 2 == 0 && i < 16) ? 3 : 1;
            layers.Add(new Conv2dLayer
            {
                Name = $"conv{i}",
                Filters = filters[i - 1],
                KernelSize = new(side, side),
                Padding = Padding2.Same,
                Activation = i < 16 ? ActivationKind.LeakyRelu : ActivationKind.Linear,
            });
            if (i is 1 or 2 or 6 or 10)
            {
                layers.Add(new MaxPooling2dLayer());
            }
        }

        return new(new(224, 224, 3),
            [.. layers, new GlobalAveragePooling2dLayer(), new ActivationLayer { Activation = ActivationKind.Softmax }]);
    }

    private static IEnumerable<string> NodeNames(string file) =>
        CnnService.Onnx.Format.ModelProto.Parser.ParseFrom(File.ReadAllBytes(file)).Graph.Node.Select(node => node.Name);

    private static float[] Floats(string name)
    {
        var bytes = File.ReadAllBytes(SharedData.Path("pretrained", name));
        var values = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, values, 0, bytes.Length);
        return values;
    }

    private static float[] TorchLogits(LoadedModel model, float[] input)
    {
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(model.Network, SafetensorsFile.Read(model.WeightsPath).Value.Weights, CPU, ScalarType.Float32);
        var shape = model.Network.Spec.Input;
        return network.Forward(tensor(input, [1, shape.Channels, shape.Height, shape.Width]), ForwardMode.Evaluation).data<float>()
            .ToArray();
    }

    private static float[] OnnxProbabilities(LoadedModel model, float[] input)
    {
        using var network = OnnxNetwork.Open(File.ReadAllBytes(model.OnnxPath), model.Manifest.Preprocessing, threads: 0).Value;
        return network.Run([new(1, input, null)], [OnnxExporter.Probabilities], TimeProvider.System).Tensors[0].Values.ToArray();
    }

    private static float[] Softmax(float[] logits)
    {
        var powers = logits.Select(logit => Math.Exp(logit - logits.Max())).ToArray();
        return [.. powers.Select(power => (float)(power / powers.Sum()))];
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)) <= Tolerance);
    }

    private Outcome<ImportedModel> Import(ModelImportRequest request)
    {
        using var services = new ServiceCollection().AddTorch().AddOnnx().AddSingleton<ModelImporter>().BuildServiceProvider();
        var errors = new ValidationErrors();
        var plan = request.Parse(errors);
        Assert.Empty(errors.ToDictionary());
        return services.GetRequiredService<ModelImporter>()
            .Run(plan, Path.Combine(_folder, "package"), TestContext.Current.CancellationToken);
    }

    private LoadedModel Load() => ModelPackage.Load("x", 1, Path.Combine(_folder, "package")).Value;
}
