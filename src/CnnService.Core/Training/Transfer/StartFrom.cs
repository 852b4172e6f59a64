using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Transfer;

/// <summary>A model to start training from, as in requests: <c>"name"</c>, <c>"name:version"</c>, <c>"name@alias"</c> or an
/// object.</summary>
public sealed record StartFrom
{
    /// <summary>The model's name; may include a version or alias where <see cref="Version"/> is absent.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>From 1; the latest by default.</summary>
    public int? Version { get; init; }

    /// <summary>The last layer to keep, after which the new classifier is added; by default the one before the model's own
    /// classifier.</summary>
    public string? UpTo { get; init; }

    /// <summary>The reference in the form <c>name:version</c> or as received.</summary>
    public string Reference() => Version is { } version ? string.Create(CultureInfo.InvariantCulture, $"{Model}:{version}") : Model;

    /// <summary>Null where the request has none, and where rules are broken, which are reported under <c>startFrom</c>.</summary>
    public static StartFrom? Read(JsonElement? json, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (json is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined })
        {
            return null;
        }

        var read = json.Value.ValueKind == JsonValueKind.String
            ? new StartFrom { Model = json.Value.GetString()! }
            : JsonFields.Read<StartFrom>(json.Value, errors, "startFrom");
        if (read is null)
        {
            return null;
        }

        var isSound = errors.Require(read.Model.Length > 0, "startFrom.model", "must be given")
            & errors.Require(read.Version is null or >= 1, "startFrom.version", $"must be 1 or more, received {read.Version}")
            & errors.Require(read.Version is null || ResourceName.IsValid(read.Model), "startFrom.model", $"{ResourceName.Rule}, received \"{read.Model}\"");
        return isSound ? read : null;
    }
}
