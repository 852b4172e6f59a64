using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Requests;

/// <summary>The field <c>augmentation</c>: a preset's name or an object.</summary>
public static class AugmentationReader
{
    private const string Rule = "must be \"none\", \"article\", \"strong\" or an object";

    /// <summary>What was asked for; none where nothing was, or where errors were added.</summary>
    /// <param name="json">A string or an object; null: nothing.</param>
    /// <param name="errors">Gets every broken rule.</param>
    /// <param name="path">Where it stands in the request.</param>
    public static AugmentationSpec Read(JsonElement? json, ValidationErrors errors, string path = "augmentation")
    {
        ArgumentNullException.ThrowIfNull(errors);
        switch (json)
        {
            case null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }:
                return AugmentationSpec.None;
            case { ValueKind: JsonValueKind.String } name when AugmentationSpec.TryFind(name.GetString()!, out var preset):
                return preset;
            case { ValueKind: JsonValueKind.Object } custom:
                var spec = JsonFields.Read<AugmentationSpec>(custom, errors, path) ?? AugmentationSpec.None;
                RequestRules.Check(spec, errors.At(path));
                return spec;
            default:
                errors.Add(path, $"{Rule}, received {Received.Json(json.Value)}");
                return AugmentationSpec.None;
        }
    }
}
