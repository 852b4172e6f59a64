using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>
/// The number of outputs of a dense layer. Absent (or <c>"classes"</c>) it follows the data set: one sigmoid for two classes, one softmax
/// output a class for more. For two softmax outputs write 2.
/// </summary>
[JsonConverter(typeof(UnitsConverter))]
[JsonRule(Rule)]
public readonly record struct Units
{
    internal const string Rule = "must be a whole number from 1 or \"classes\"";

    private Units(int count) => Count = count;

    /// <summary>Derived from the number of classes; the default value.</summary>
    public static Units Classes => default;

    /// <summary>The number; 0 stands for <c>"classes"</c>.</summary>
    public int Count { get; }

    public bool FollowsClasses => Count == 0;

    public static implicit operator Units(int count) => FromInt32(count);

    public static Units FromInt32(int count) => new(count);

    public int Resolve(int classes) => Count != 0 ? Count : classes == 2 ? 1 : classes;

    public override string ToString() => FollowsClasses ? "classes" : Count.ToString(CultureInfo.InvariantCulture);
}

internal sealed class UnitsConverter : JsonConverter<Units>
{
    public override Units Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String when reader.ValueTextEquals("classes") => Units.Classes,
            JsonTokenType.Number when reader.TryGetInt32(out var count) && count >= 1 => count,
            _ => throw new JsonException(Units.Rule),
        };

    public override void Write(Utf8JsonWriter writer, Units value, JsonSerializerOptions options)
    {
        if (value.FollowsClasses)
        {
            writer.WriteStringValue("classes");
        }
        else
        {
            writer.WriteNumberValue(value.Count);
        }
    }
}
