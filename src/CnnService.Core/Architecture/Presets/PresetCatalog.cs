using System.Diagnostics.CodeAnalysis;

namespace CnnService.Core.Architecture.Presets;

/// <summary>The preset architectures, by name.</summary>
public static class PresetCatalog
{
    public static IReadOnlyList<Preset> All { get; } =
    [
        ArticleCnn.Preset,
        ArticleCnnBn.Preset,
        LeNet5.Preset,
        Vgg.Vgg11,
        Vgg.Vgg16,
        SqueezeNet.Preset,
        ResNet18.Preset,
    ];

    public static IEnumerable<string> Names => All.Select(preset => preset.Name);

    public static bool TryFind(string name, [NotNullWhen(true)] out Preset? preset)
    {
        preset = All.FirstOrDefault(candidate => candidate.Name == name);
        return preset is not null;
    }
}
