using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Core.Models.Starts;
using CnnService.Engine.Tests.Torch;
using CnnService.Onnx;
using CnnService.Onnx.Serving;
using CnnService.Torch;
using CnnService.Torch.Networks;
using Microsoft.Extensions.DependencyInjection;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Models.Starts;

/// <summary>
/// The start that comes with the program, as the build placed it: judged by the package's own files, run as they are by OnnxRuntime.
/// </summary>
[Collection(TorchSuite.Name)]
public sealed class ResNet18MlnetTests : IDisposable
{
    private const int Side = 224;

    private static readonly string BuiltIn = Path.Combine(AppContext.BaseDirectory, StartFolders.BuiltIn);

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnservice-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Load_GivesLayers_ThatAgreeWithThePackagesFile()
    {
        await using var services = new ServiceCollection().AddTorch().AddOnnx().AddSingleton<ModelImporter>()
            .BuildServiceProvider();
        var folders = new StartFolders([BuiltIn], Path.Combine(_folder, "prepared"));
        var library = new StartLibrary(new(folders), folders, new Importing(services.GetRequiredService<ModelImporter>()),
            services.GetRequiredService<IOnnxConstants>());

        var model = (await library.LoadAsync("resnet18-mlnet", TestContext.Current.CancellationToken)).Value;

        Assert.Empty(model.Manifest.Import!.Unsupported);
        Assert.InRange(model.Manifest.Import.AgainstFile!.LargestDifference, 0, ParityCheck.Tolerance);
        Assert.Equal(22, model.Network.Layers.Count(layer => layer.Spec is Conv2dLayer));
        Assert.Equal(TensorShape.Map(512, 1, 1), model.Network.Output.OutputShape);
        Assert.False(model.Network.HasClasses);
        AssertPreprocessing(model.Manifest.Preprocessing);
        AssertFeatures(model);
    }

    /// <summary>Three images at once give what the package's file, fixed at one, gives one by one behind its preprocessing.</summary>
    private static void AssertFeatures(LoadedModel model)
    {
        using var prepare = Open("ResNetPreprocess.onnx");
        using var original = Open("ResNet18.onnx");
        var images = Enumerable.Range(1, 3).Select(seed => Image((ulong)seed)).ToArray();
        float[] expected = [.. images.SelectMany(image => original
            .Run([new(1, prepare.Run([image], prepare.Outputs[0], out _), null)], [original.Outputs[0]], TimeProvider.System)
            .Tensors[0].Values.ToArray())];

        using var served = OnnxNetwork.Open(File.ReadAllBytes(model.OnnxPath), model.Manifest.Preprocessing, threads: 2).Value;
        var actual = served.Run([.. images.Select(image => (ReadOnlyMemory<byte>)image)], served.Outputs[0], out _);

        AssertNear(expected, actual);
    }

    private static void AssertPreprocessing(Preprocessing preprocessing)
    {
        using var prepare = Open("ResNetPreprocess.onnx");
        var image = Image(9);
        var expected = prepare.Run([image], prepare.Outputs[0], out _);

        var served = new float[expected.Length];
        new PlanarInput(preprocessing).Fill(image, served);
        AssertNear(expected, served);

        using var scope = NewDisposeScope();
        using var tensors = new TensorPreprocessing(preprocessing, CPU);
        AssertNear(expected, tensors.FromBytes(tensor(image, [1, Side, Side, 3])).contiguous().data<float>().ToArray());

        using var graph = OnnxNetwork.Open(PreprocessingGraph.Create(new(Side, Side, 3), preprocessing), preprocessing, threads: 1).Value;
        AssertNear(expected, graph.Run([image], graph.Outputs[0], out _));
        Assert.Equal([103.06, 115.90, 123.15], preprocessing.Mean.Select(mean => Math.Round(mean, 2)));
    }

    /// <summary>A file of the package, which takes red, green and blue planes, 0–255, unless it is given others.</summary>
    private static OnnxNetwork Open(string file) => OnnxNetwork.Open(
        File.ReadAllBytes(Path.Combine(BuiltIn, "resnet18-mlnet", file)),
        Preprocessing.Create(NormalizationKind.Rescale, 3, [], []) with { Scale = 1 }, threads: 2).Value;

    private static byte[] Image(ulong seed)
    {
        var random = new CounterRandom(seed, 0x51DE);
        var image = new byte[Side * Side * 3];
        for (var i = 0; i < image.Length; i++)
        {
            var place = i / 3;
            var soft = 128 + (90 * Math.Sin((place % Side / 30.0) + (i % 3) + seed)) + (30 * Math.Cos(place / Side / 17.0));
            image[i] = (byte)Math.Clamp(soft + random.NextDouble(-20, 20), 0, 255);
        }

        return image;
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.InRange(expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max() / scale, 0, 1e-4);
    }

    private sealed class Importing(ModelImporter importer) : IStartImport
    {
        public Task<Outcome<string>> ImportAsync(ModelImportPlan plan, string folder, CancellationToken cancel)
        {
            var package = Path.Combine(folder, "package");
            return Task.FromResult(importer.Run(plan, package, cancel).Map(_ => package));
        }
    }
}
