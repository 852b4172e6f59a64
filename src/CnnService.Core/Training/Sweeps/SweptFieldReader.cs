using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Core.Common;
using CnnService.Core.Training.Requests;

namespace CnnService.Core.Training.Sweeps;

/// <summary>Parses the fields that a sweep varies. Errors are added under their path in the sweep.</summary>
/// <param name="request">The request that the paths lead into.</param>
/// <param name="errors">Collects every broken rule.</param>
internal sealed class SweptFieldReader(JsonObject request, ValidationErrors errors)
{
    private const int MaxFields = 32;
    private const int MaxValues = 1000;

    /// <summary>
    /// Fields that a sweep cannot vary: trials on different data sets are not comparable, and trials of different models would be
    /// scattered.
    /// </summary>
    private static readonly string[] Fixed = ["dataset", "model"];

    private static readonly JsonElement Anything = JsonSerializer.SerializeToElement(0);

    /// <param name="json">Object of paths, each with a list of values or, if allowed, a range.</param>
    /// <param name="at">Path of the object in the sweep.</param>
    /// <param name="ranges">Whether ranges are allowed.</param>
    public IReadOnlyList<SweptField> Read(JsonElement json, string at, bool ranges)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.EnumerateObject().Any())
        {
            errors.Add(at, $"must be an object of at least one path, received {ReceivedText.Json(json)}");
            return [];
        }

        if (!errors.Require(json.GetPropertyCount() <= MaxFields, at,
            $"must have at most {MaxFields} paths, received {json.GetPropertyCount()}"))
        {
            return [];
        }

        List<SweptField> fields = [];
        foreach (var member in json.EnumerateObject())
        {
            var here = $"{at}.{ReceivedText.Text(member.Name)}";
            if (Path(member.Name, here, fields) is { } path && Field(path, member.Value, here, ranges) is { } field)
            {
                fields.Add(field);
            }
        }

        return fields;
    }

    private TrialPath? Path(string text, string at, List<SweptField> known)
    {
        var path = TrialPath.Parse(text);
        if (path is null)
        {
            errors.Add(at, TrialPath.Rule);
            return null;
        }

        errors.Require(!Fixed.Contains(path.Parts[0]), at, $"{path.Parts[0]} is the same for all trials: set it in base");
        if (known.Any(other => other.Path.Text == text))
        {
            errors.Add(at, "must be given once");
            return null;
        }

        foreach (var other in known.Where(other => TrialPath.LeadsTo(other.Path.Text, text) || TrialPath.LeadsTo(text, other.Path.Text)))
        {
            errors.Add(at, $"overlaps with {other.Path.Text}: one of the two would be lost");
        }

        var obstacle = path.SetValue((JsonObject)request.DeepClone(), Anything);
        return errors.Require(obstacle is null, at, obstacle ?? string.Empty) ? path : null;
    }

    private SweptField? Field(TrialPath path, JsonElement json, string at, bool ranges) => json.ValueKind switch
    {
        JsonValueKind.Array => Listed(path, json, at),
        JsonValueKind.Object when ranges => json.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array
            ? JsonFieldReader.ReadMembers(json, ["values"], errors.At(at)) is { Count: 1 } ? Listed(path, values, $"{at}.values") : null
            : Ranged(path, json, at),
        _ => Refused(at, $"must be a list of values{(ranges ? " or a range" : string.Empty)}, received {ReceivedText.Json(json)}"),
    };

    private ListedField? Listed(TrialPath path, JsonElement json, string at)
    {
        if (!errors.Require(json.GetArrayLength() <= MaxValues, at,
            $"must have at most {MaxValues} values, received {json.GetArrayLength()}"))
        {
            return null;
        }

        JsonElement[] values = [.. json.EnumerateArray().Select(value => value.Clone())];
        errors.Require(values.Length > 0, at, "must have at least one value");
        for (var i = 0; i < values.Length; i++)
        {
            errors.Require(!values[..i].Any(before => JsonElement.DeepEquals(before, values[i])), $"{at}[{i}]",
                $"stands in the list twice: {ReceivedText.Json(values[i])}");
        }

        return values.Length > 0 ? new(path, at, values) : null;
    }

    private RangedField? Ranged(TrialPath path, JsonElement json, string at)
    {
        if (JsonFieldReader.Read<RangeSpec>(json, errors, at) is not { } range)
        {
            return null;
        }

        if (IsWhole(path) is not { } whole)
        {
            return (RangedField?)Refused(at, "holds no number: give a list of values");
        }

        var holds =
            errors.Require(double.IsFinite(range.From) && double.IsFinite(range.To) && range.From < range.To, $"{at}.to",
                "must be above from")
            & errors.Require(range.Scale != RangeScale.Log || range.From > 0, $"{at}.from", "must be above 0 on a log scale")
            & errors.Require(!whole || IsInteger(range.From), $"{at}.from", "must be a whole number, as the field is")
            & errors.Require(!whole || IsInteger(range.To), $"{at}.to", "must be a whole number, as the field is");
        return holds ? new(path, at, range, whole) : null;
    }

    /// <summary>
    /// True for integer fields, false for other numbers, null for fields that are not numeric. The type of untyped fields is taken from the
    /// base request.
    /// </summary>
    private bool? IsWhole(TrialPath path)
    {
        Type? type = typeof(TrainRequest);
        foreach (var part in path.Parts)
        {
            var field = type is null
                ? null
                : CoreJson.Options.GetTypeInfo(type).Properties.FirstOrDefault(field => field.Name == part && field.Set is not null);
            type = field is null ? null : Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType;
        }

        return type switch
        {
            null => path.Find(request) is JsonValue known && known.GetValueKind() == JsonValueKind.Number
                && known.ToJsonString().All(char.IsAsciiDigit),
            _ when type == typeof(int) || type == typeof(long) => true,
            _ when type == typeof(double) => false,
            _ => null,
        };
    }

    private static bool IsInteger(double value) => value == Math.Floor(value) && Math.Abs(value) < 1L << 53;

    private SweptField? Refused(string at, string rule)
    {
        errors.Add(at, rule);
        return null;
    }
}
