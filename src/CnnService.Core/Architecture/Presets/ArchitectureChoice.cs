using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Architecture.Presets;

/// <summary>
/// A network to train: <c>{ "preset": "lenet5" }</c>, for which the name alone is taken too, or <c>{ "input": …, "layers": […] }</c>.
/// </summary>
public sealed record ArchitectureChoice : IJsonReadable<ArchitectureChoice>
{
    /// <summary>The name of a custom network.</summary>
    public const string Custom = "custom";

    private const string PresetField = "preset";

    private ArchitectureChoice(Preset? preset, NetworkSpec? own) => (Preset, Own) = (preset, own);

    /// <summary>The preset <c>article-cnn</c>.</summary>
    public static ArchitectureChoice Default { get; } = new(ArticleCnn.Preset, null);

    /// <summary>The preset; null for a custom network.</summary>
    [JsonIgnore]
    public Preset? Preset { get; }

    /// <summary>The custom network; null for a preset.</summary>
    [JsonIgnore]
    public NetworkSpec? Own { get; }

    /// <summary>The preset's name, or <see cref="Custom"/>.</summary>
    [JsonIgnore]
    public string Name => Preset?.Name ?? Custom;

    public static ArchitectureChoice? Read(JsonElement json, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (json.ValueKind == JsonValueKind.Object)
        {
            if (json.TryGetProperty(PresetField, out var named))
            {
                return JsonFieldReader.ReadMembers(json, [PresetField], errors) is not null && !errors.Any
                    ? ReadName(named, errors.At(PresetField), string.Empty)
                    : null;
            }

            return NetworkSpecJson.Read(json, errors, string.Empty) is { } own ? new(null, own) : null;
        }

        return ReadName(json, errors, " or an object");
    }

    private static ArchitectureChoice? ReadName(JsonElement json, ValidationErrors errors, string orElse)
    {
        if (JsonFieldReader.Text(json) is { } name && PresetCatalog.TryFind(name, out var preset))
        {
            return new(preset, null);
        }

        errors.Add(string.Empty,
            $"must be one of {string.Join(", ", PresetCatalog.Names)}{orElse}, received {ReceivedText.Json(json)}");
        return null;
    }

    /// <summary>Parses the text form of multipart fields and the command line: a preset's name, or a network in JSON.</summary>
    /// <returns>Null only where errors were added.</returns>
    public static ArchitectureChoice? Parse(string text, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(errors);
        var trimmed = text.Trim();
        if (PresetCatalog.TryFind(trimmed, out var preset))
        {
            return new(preset, null);
        }

        if (trimmed.StartsWith('{'))
        {
            return JsonFieldReader.Parse(Encoding.UTF8.GetBytes(trimmed), errors, Read);
        }

        errors.Add(
            string.Empty,
            $"must be one of {string.Join(", ", PresetCatalog.Names)}, or a network in JSON, received \"{ReceivedText.Text(trimmed)}\"");
        return null;
    }

    /// <summary>The network as written, not validated; a preset at its default input size.</summary>
    /// <param name="classes">At least 2.</param>
    public NetworkSpec Create(int classes) => Own ?? Preset!.Create(classes);

    /// <summary>The network as written, not validated; a preset at this input size.</summary>
    /// <param name="classes">At least 2.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="side">Side of the square input image, pixels; null: the preset's default.</param>
    public NetworkSpec Create(int classes, int channels, int? side) => Own
        ?? Preset!.Create(classes, new InputSpec(side ?? Preset.DefaultInput.Height, side ?? Preset.DefaultInput.Width, channels));
}
