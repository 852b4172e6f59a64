using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace CnnService.Core.Architecture;

/// <summary>The names of the layer kinds in JSON, taken from the attributes of <see cref="LayerSpec"/>.</summary>
public static class LayerTypes
{
    private static readonly FrozenDictionary<Type, string> ByType = typeof(LayerSpec)
        .GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
        .ToFrozenDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    /// <summary>Every kind that a network may be written with, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByType.Where(pair => IsWritten(pair.Key)).Select(pair => pair.Value).Order(StringComparer.Ordinal)];

    /// <summary>The record of a kind; null where there is none.</summary>
    public static Type? Find(string? name) => ByType.FirstOrDefault(pair => pair.Value == name && IsWritten(pair.Key)).Key;

    /// <summary>What stands in the field <c>type</c>: <c>conv2d</c>.</summary>
    public static string NameOf(LayerSpec layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return ByType[layer.GetType()];
    }

    /// <summary>A graph of another's making comes from its file alone.</summary>
    private static bool IsWritten(Type kind) => kind != typeof(OnnxGraphLayer);
}
