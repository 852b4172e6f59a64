using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnService.Core.Common;

/// <summary>Writes a number that JSON cannot hold (NaN, infinities) as null, reads null back as NaN.</summary>
/// <typeparam name="T"><see cref="double"/> or <see cref="float"/>.</typeparam>
internal sealed class FiniteNumberConverter<T> : JsonConverter<T>
    where T : IFloatingPointIeee754<T>
{
    public override bool HandleNull => true;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? T.NaN
        : typeof(T) == typeof(float) ? T.CreateChecked(reader.GetSingle())
        : T.CreateChecked(reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        switch (value)
        {
            case var _ when !T.IsFinite(value):
                writer.WriteNullValue();
                break;
            case float single: // Its own shortest digits, fewer than those of the same value as a double.
                writer.WriteNumberValue(single);
                break;
            default:
                writer.WriteNumberValue(double.CreateChecked(value));
                break;
        }
    }
}
