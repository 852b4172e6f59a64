using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace CnnService.Core.Architecture;

/// <summary>The layer type names in JSON, taken from the attributes of <see cref="LayerSpec"/>.</summary>
public static class LayerTypes
{
    private static readonly FrozenDictionary<Type, string> ByType = typeof(LayerSpec)
        .GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
        .ToFrozenDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    /// <summary>Every type that a request may use, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [
        .. ByType.Where(pair => IsAllowedInRequests(pair.Key)).Select(pair => pair.Value).Order(StringComparer.Ordinal)];

    /// <summary>The record of a layer type; null where the name is unknown or not allowed in a request.</summary>
    public static Type? Find(string? name) => ByType.FirstOrDefault(pair => pair.Value == name && IsAllowedInRequests(pair.Key)).Key;

    /// <summary>The value of the JSON field <c>type</c>: <c>conv2d</c>.</summary>
    public static string NameOf(LayerSpec layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return ByType[layer.GetType()];
    }

    /// <summary>False for an opaque ONNX graph: it comes from a model file, never from a request.</summary>
    private static bool IsAllowedInRequests(Type kind) => kind != typeof(OnnxGraphLayer);
}
