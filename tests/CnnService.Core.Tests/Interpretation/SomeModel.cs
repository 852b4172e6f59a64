using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Interpretation;

/// <summary>A published version of a small network: conv (3x3, 5 filters), relu, pool, drop, flat, output.</summary>
internal static class SomeModel
{
    public const int Filters = 5;

    public static LoadedModel Create(string weightsHash = "aa", string name = "cats", int version = 3, string onnxHash = "bb")
    {
        var network = Some.Network(
            new Conv2dLayer { Name = "conv", Filters = Filters },
            new ActivationLayer { Name = "relu" },
            new MaxPooling2dLayer { Name = "pool" },
            new DropoutLayer { Name = "drop" },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "output" });
        var manifest = new ModelManifest
        {
            Classes = ["cat", "dog"],
            Network = network.Spec,
            Architecture = "custom",
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
            Files = [new(ModelPackage.WeightsFile, 10, weightsHash), new(ModelPackage.OnnxFile, 20, onnxHash)],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        return new(name, version, "/nowhere", manifest, network);
    }
}
