using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Transfer;

/// <summary>
/// A model to start training from, as in requests: <c>"name"</c>, <c>"name:version"</c>, <c>"name@alias"</c> or an object, which may
/// name a trained start that comes with the service instead: <c>{"pretrained": "resnet18-mlnet"}</c>.
/// </summary>
public sealed record StartFrom : IJsonReadable<StartFrom>
{
    /// <summary>The model's name; may include a version or alias where <see cref="Version"/> is absent.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>A trained start, of those at <c>GET /starts</c>, instead of a model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pretrained { get; init; }

    /// <summary>From 1; the latest by default.</summary>
    public int? Version { get; init; }

    /// <summary>
    /// The last layer to keep, after which the new classifier is added; by default the one before the model's own classifier.
    /// </summary>
    public string? UpTo { get; init; }

    /// <summary>The reference in the form <c>name:version</c> or as received.</summary>
    public string Reference() => Version is { } version ? $"{Model}:{version}" : Model;

    /// <summary>Whether it names this version of this model.</summary>
    internal bool Names(string model, int version) =>
        (Pretrained ?? Model.Split(':', '@')[0]) == model && (Version ?? version) == version;

    public static StartFrom? Read(JsonElement json, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var read = JsonFieldReader.Text(json) is { } reference
            ? new StartFrom { Model = reference }
            : JsonFieldReader.Read<StartFrom>(json, errors);
        if (read is null)
        {
            return null;
        }

        if (read.Pretrained is { } start)
        {
            errors.Require(read.Model.Length == 0 && read.Version is null, "pretrained", "must be given without model and version");
            errors.Require(ResourceName.IsValid(start), "pretrained", $"{ResourceName.Rule}, received \"{start}\"");
        }
        else if (!errors.IsBroken("model") && errors.Require(read.Model.Length > 0, "model", "must be given, or pretrained"))
        {
            errors.Require(
                read.Version is null || ResourceName.IsValid(read.Model), "model", $"{ResourceName.Rule}, received \"{read.Model}\"");
        }

        errors.Require(read.Version is null or >= 1, "version", $"must be 1 or more, received {read.Version}");
        return errors.Any ? null : read;
    }
}
