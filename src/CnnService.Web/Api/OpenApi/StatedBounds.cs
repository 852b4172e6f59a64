using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace CnnService.Web.Api.OpenApi;

/// <summary>
/// Reads the bounds of a value from its description, which states them for people: "1 to 64; default 8", "0 up to, not including, 1",
/// "above 0, up to 1000", "from 1", "1 to 100 characters", "at most 256 images", "…; required." What people and programs are told is thus
/// the same.
/// </summary>
internal static partial class StatedBounds
{
    /// <summary>Whether the description ends with "required".</summary>
    public static bool IsRequired(string? description) =>
        description?.EndsWith("required.", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Sets the bounds that the description states; of several ranges, which hold for different cases, all are within them.
    /// </summary>
    public static void Apply(OpenApiSchema schema, string? description)
    {
        var type = schema.Type & ~JsonSchemaType.Null;
        if (description is null)
        {
            return;
        }

        if (type is JsonSchemaType.Integer or JsonSchemaType.Number)
        {
            ApplyRanges(schema, description);
        }
        else if (type is JsonSchemaType.String && schema.Enum is not { Count: > 0 }
            && Length.Match(description) is { Success: true } length)
        {
            schema.MinLength = length.Groups["min"].Success
                ? int.Parse(length.Groups["min"].Value, CultureInfo.InvariantCulture)
                : null;
            schema.MaxLength = int.Parse(length.Groups["max"].Value, CultureInfo.InvariantCulture);
        }
        else if (Count.Match(description) is { Success: true } count)
        {
            ApplyCount(schema, type, count);
        }
    }

    private static void ApplyCount(OpenApiSchema schema, JsonSchemaType? type, Match count)
    {
        int? min = count.Groups["min"].Success ? (int)Number(count.Groups["min"]) : null;
        var max = (int)Number(count.Groups["max"]);
        if (type is JsonSchemaType.Array)
        {
            (schema.MinItems, schema.MaxItems) = (min, max);
        }
        else if (type is JsonSchemaType.Object && schema.AdditionalProperties is not null)
        {
            (schema.MinProperties, schema.MaxProperties) = (min, max);
        }
    }

    private static void ApplyRanges(OpenApiSchema schema, string description)
    {
        var ranges = Range.Matches(description);
        if (ranges.Count == 0)
        {
            schema.Minimum = From.Match(description) is { Success: true } from ? Text(Number(from.Groups["min"])) : null;
            return;
        }

        var lowest = ranges.MinBy(range => Number(range.Groups["min"]))!;
        var highest = ranges.MaxBy(range => Number(range.Groups["max"]))!;
        var isAbove = lowest.Groups["above"].Success;
        var isBelow = highest.Groups["below"].Success;
        schema.Minimum = isAbove ? null : Text(Number(lowest.Groups["min"]));
        schema.ExclusiveMinimum = isAbove ? Text(Number(lowest.Groups["min"])) : null;
        schema.Maximum = isBelow ? null : Text(Number(highest.Groups["max"]));
        schema.ExclusiveMaximum = isBelow ? Text(Number(highest.Groups["max"])) : null;
    }

    /// <summary>A number as descriptions write it: 10,000 or 2^53-1.</summary>
    private static decimal Number(Group written)
    {
        var text = written.Value.Replace(",", string.Empty, StringComparison.Ordinal);
        return text.Split('^') is [var root, var exponent]
            ? Power(int.Parse(root, CultureInfo.InvariantCulture), exponent)
            : decimal.Parse(text, CultureInfo.InvariantCulture);
    }

    private static decimal Power(int root, string exponent)
    {
        var parts = exponent.Split('-');
        var power = Enumerable.Repeat((decimal)root, int.Parse(parts[0], CultureInfo.InvariantCulture)).Aggregate(1m, (a, b) => a * b);
        return parts.Length == 1 ? power : power - int.Parse(parts[1], CultureInfo.InvariantCulture);
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private const string Numeral = @"-?\d+(?:,\d{3})*(?:\.\d+)?(?:\^\d+(?:-\d+)?)?";

    private const string Aside = @"(?: \([^)]*\))?";

    [GeneratedRegex(
        $@"(?<above>\b[Aa]bove )?(?<![\w.,^-])(?<min>{Numeral}){Aside},? "
        + $@"(?:to|up to(?<below>, not including,)?) (?<max>{Numeral})(?![\w^])")]
    private static partial Regex Range { get; }

    [GeneratedRegex($@"\b[Ff]rom (?<min>{Numeral})(?![\w^])")]
    private static partial Regex From { get; }

    [GeneratedRegex($@"(?:\b(?<min>{Numeral}) to |\b[Aa]t most )(?<max>{Numeral}) (?:images|entries|layers|paths|values)\b")]
    private static partial Regex Count { get; }

    [GeneratedRegex(@"(?:\b(?<min>\d+) to |\b(?:at most|up to) )(?<max>\d+) (?:\w+ )*?characters")]
    private static partial Regex Length { get; }
}
