using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;

namespace CnnService.Core.Models.Import;

/// <summary>Module paths of the published PyTorch networks, for each preset.</summary>
/// <param name="Preset">The preset whose convolutions the network has.</param>
/// <param name="PyTorch">Layer names by module path; empty where the preset itself uses PyTorch's names, or there are no
/// published ones.</param>
/// <param name="AreOwn">Whether the preset's layers are named like PyTorch's modules.</param>
internal sealed record PublishedNames(string Preset, IReadOnlyDictionary<string, string> PyTorch, bool AreOwn = false)
{
    /// <summary>
    /// The names of the preset whose convolutions are named like the network's; this finds it under another head too. Null where there
    /// is none.
    /// </summary>
    public static PublishedNames? Find(ResolvedNetwork network)
    {
        var convolutions = Convolutions(network.Spec);
        var preset = convolutions.Count == 0
            ? null
            : PresetCatalog.All.FirstOrDefault(preset => Convolutions(preset.Create(preset.DefaultClasses)).SetEquals(convolutions));
        return preset?.Name switch
        {
            null => null,
            "vgg11" => new("vgg11", Vgg([1, 1, 2, 2, 2])),
            "vgg16" => new("vgg16", Vgg([2, 2, 3, 3, 3])),
            "squeezenet1.1" => new("squeezenet1.1", SqueezeNet()),
            "resnet18" => new("resnet18", new Dictionary<string, string>(), AreOwn: true),
            "lenet5" => new("lenet5", LeNet()),
            var name => new(name, new Dictionary<string, string>()),
        };
    }

    private static HashSet<string> Convolutions(NetworkSpec spec) =>
        spec.Layers.OfType<Conv2dLayer>().Select(layer => layer.Name!).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// torchvision counts a convolution, its ReLU and a pooling as one module each; between the dense layers there are a ReLU and a
    /// dropout. timm names the head differently.
    /// </summary>
    private static Dictionary<string, string> Vgg(int[] depths)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["classifier.0"] = "fc1",
            ["classifier.3"] = "fc2",
            ["classifier.6"] = "predictions",
            ["pre_logits.fc1"] = "fc1",
            ["pre_logits.fc2"] = "fc2",
            ["head.fc"] = "predictions",
        };
        var module = 0;
        for (var block = 1; block <= depths.Length; block++)
        {
            for (var number = 1; number <= depths[block - 1]; number++, module += 2)
            {
                names.Add($"features.{module}", $"block{block}_conv{number}");
            }

            module++;
        }

        return names;
    }

    private static Dictionary<string, string> SqueezeNet()
    {
        int[] fires = [3, 4, 6, 7, 9, 10, 11, 12];
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["features.0"] = "conv1",
            ["classifier.1"] = "conv10",
        };
        for (var i = 0; i < fires.Length; i++)
        {
            names.Add($"features.{fires[i]}.squeeze", $"fire{i + 2}.squeeze1x1");
            names.Add($"features.{fires[i]}.expand1x1", $"fire{i + 2}.expand1x1");
            names.Add($"features.{fires[i]}.expand3x3", $"fire{i + 2}.expand3x3");
        }

        return names;
    }

    /// <summary>The names in PyTorch's tutorial; there is no published file.</summary>
    private static Dictionary<string, string> LeNet() => new(StringComparer.Ordinal)
    {
        ["conv1"] = "conv_1",
        ["conv2"] = "conv_2",
        ["fc1"] = "dense_1",
        ["fc2"] = "dense_2",
        ["fc3"] = "output",
    };
}
