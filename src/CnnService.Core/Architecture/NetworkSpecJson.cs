using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>
/// Networks in JSON. Reading does not throw for malformed input: every field that cannot be read is reported under its path, all of them
/// at once. Whether the values make sense is checked by <see cref="NetworkSpecValidator"/>.
/// </summary>
public static class NetworkSpecJson
{
    private const string TypeField = "type";

    /// <summary>Reads a network from the text of a file.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="errors">Receives every broken rule.</param>
    /// <param name="path">JSON path of the network in the document; empty where it is the whole document.</param>
    /// <returns>Null if, and only if, errors were added.</returns>
    public static NetworkSpec? Read(ReadOnlyMemory<byte> json, ValidationErrors errors, string path = "architecture")
    {
        ArgumentNullException.ThrowIfNull(errors);
        return JsonFieldReader.Parse(json, errors.At(path), (read, found) => Read(read, found, string.Empty));
    }

    /// <summary>Reads a network from a part of a request.</summary>
    /// <param name="json">An object of <c>input</c> and <c>layers</c>.</param>
    /// <param name="errors">Receives every broken rule.</param>
    /// <param name="path">JSON path of the network in the request.</param>
    /// <returns>Null if, and only if, errors were added.</returns>
    public static NetworkSpec? Read(JsonElement json, ValidationErrors errors, string path = "architecture")
    {
        ArgumentNullException.ThrowIfNull(errors);
        var found = errors.At(path);
        if (JsonFieldReader.ReadMembers(json, ["input", "layers"], found) is not { } fields)
        {
            return null;
        }

        var input = fields.TryGetValue("input", out var inputJson) ? JsonFieldReader.Read<InputSpec>(inputJson, found, "input") : null;
        var layers = fields.TryGetValue("layers", out var layersJson) ? ReadLayers(layersJson, found) : null;
        found.Require(fields.ContainsKey("input"), "input", "must be given");
        found.Require(fields.ContainsKey("layers"), "layers", "must be given");
        return found.Any ? null : new(input!, layers!);
    }

    private static List<LayerSpec>? ReadLayers(JsonElement json, ValidationErrors errors)
    {
        if (!errors.Require(
            json.ValueKind == JsonValueKind.Array && json.GetArrayLength() <= NetworkLimits.Layers,
            "layers",
            $"must be a list of 1 to {NetworkLimits.Layers} layers, received {ReceivedText.Json(json)}"))
        {
            return null;
        }

        var layers = json.EnumerateArray().Select((layer, index) => ReadLayer(layer, errors.At($"layers[{index}]"))).ToList();
        return errors.Any ? null : layers.ConvertAll(layer => layer!);
    }

    private static LayerSpec? ReadLayer(JsonElement json, ValidationErrors errors)
    {
        var isObject = json.ValueKind == JsonValueKind.Object;
        if (!errors.Require(isObject, string.Empty, $"must be a layer {{\"type\": …}}, received {ReceivedText.Json(json)}"))
        {
            return null;
        }

        var name = json.EnumerateObject().FirstOrDefault(member => JsonFieldReader.NameOf(member) == TypeField).Value;
        var kind = LayerTypes.Find(JsonFieldReader.Text(name));
        return errors.Require(kind is not null, TypeField,
            $"must be one of {string.Join(", ", LayerTypes.Names)}, received {ReceivedText.Json(name)}")
            ? (LayerSpec?)JsonFieldReader.Read(kind!, json, [TypeField], errors)
            : null;
    }
}
