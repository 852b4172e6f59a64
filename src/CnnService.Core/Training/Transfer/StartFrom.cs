using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Transfer;

/// <summary>
/// A model to start training from, as in requests: <c>"name"</c>, <c>"name:version"</c>, <c>"name@alias"</c> or an object.
/// </summary>
public sealed record StartFrom : IJsonReadable<StartFrom>
{
    /// <summary>The model's name; may include a version or alias where <see cref="Version"/> is absent.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>From 1; the latest by default.</summary>
    public int? Version { get; init; }

    /// <summary>
    /// The last layer to keep, after which the new classifier is added; by default the one before the model's own classifier.
    /// </summary>
    public string? UpTo { get; init; }

    /// <summary>The reference in the form <c>name:version</c> or as received.</summary>
    public string Reference() => Version is { } version ? $"{Model}:{version}" : Model;

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

        if (!errors.IsBroken("model") && errors.Require(read.Model.Length > 0, "model", "must be given"))
        {
            errors.Require(
                read.Version is null || ResourceName.IsValid(read.Model), "model", $"{ResourceName.Rule}, received \"{read.Model}\"");
        }

        errors.Require(read.Version is null or >= 1, "version", $"must be 1 or more, received {read.Version}");
        return errors.Any ? null : read;
    }
}
