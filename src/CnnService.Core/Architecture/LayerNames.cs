using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Assigns a unique name to every layer.</summary>
internal static class LayerNames
{
    /// <summary>Names with a meaning of their own in URLs (which are case-insensitive) or in <see cref="LayerSpec.Inputs"/>.</summary>
    private static readonly string[] Reserved = ["classes", "feature-maps", NetworkSpec.InputName];

    /// <summary>The layers, all named: a missing name becomes <c>{type}_{n}</c> with the smallest free number.</summary>
    public static IReadOnlyList<LayerSpec> AssignNames(IReadOnlyList<LayerSpec> layers, ValidationErrors errors)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < layers.Count; i++)
        {
            if (layers[i].Name is { } name)
            {
                Check(name, taken, errors.At($"layers[{i}]"));
            }
        }

        var next = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. layers.Select(
            layer => layer.Name is null ? layer with { Name = NextFreeName(LayerTypes.NameOf(layer), taken, next) } : layer)];
    }

    private static void Check(string name, HashSet<string> taken, ValidationErrors errors)
    {
        if (errors.Require(ResourceName.IsLayer(name), "name", $"{ResourceName.LayerRule}, received \"{name}\"")
            && errors.Require(
                !Reserved.Contains(name, StringComparer.OrdinalIgnoreCase),
                "name",
                $"must not be one of the reserved names {string.Join(", ", Reserved)}, received \"{name}\""))
        {
            errors.Require(taken.Add(name), "name", $"must be unique in the network, received \"{name}\" again");
        }
    }

    private static string NextFreeName(string type, HashSet<string> taken, Dictionary<string, int> next)
    {
        string name;
        do
        {
            next[type] = next.GetValueOrDefault(type) + 1;
            name = $"{type}_{next[type]}";
        }
        while (!taken.Add(name));
        return name;
    }
}
