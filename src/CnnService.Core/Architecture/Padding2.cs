using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>
/// Padding in cells. In JSON text: <c>"same"</c>, <c>"valid"</c>, <c>"1"</c> for all sides, <c>"1,2"</c> for height and width, or
/// <c>"0,1,0,1"</c> for top, left, bottom, right; such numbers are taken without quotes and as a list too. "same" gives
/// ceil(size/stride) outputs and, as in Keras, puts an odd cell at the bottom and right.
/// </summary>
[JsonConverter(typeof(Padding2Converter))]
[JsonRule(Rule)]
public readonly record struct Padding2
{
    internal const string Rule = "must be \"same\", \"valid\", a whole number, [height, width] or [top, left, bottom, right]";

    private Padding2(bool same, int top, int left, int bottom, int right) =>
        (IsSame, Top, Left, Bottom, Right) = (same, top, left, bottom, right);

    /// <summary>No padding; the default value.</summary>
    public static Padding2 Valid => default;

    public static Padding2 Same => new(true, 0, 0, 0, 0);

    /// <summary>True: the padding depends on the input's size (<see cref="Resolve"/>), and the four sides read 0.</summary>
    public bool IsSame { get; }

    public int Top { get; }

    public int Left { get; }

    public int Bottom { get; }

    public int Right { get; }

    public bool IsZero => !IsSame && Top == 0 && Left == 0 && Bottom == 0 && Right == 0;

    public bool IsSymmetric => !IsSame && Top == Bottom && Left == Right;

    public static Padding2 Explicit(int top, int left, int bottom, int right) => new(false, top, left, bottom, right);

    /// <summary>The explicit padding for an input of this size; an explicit padding is returned unchanged.</summary>
    public Padding2 Resolve(Size2 input, Size2 kernel, Size2 strides, Size2 dilation)
    {
        if (!IsSame)
        {
            return this;
        }

        var height = TotalSamePadding(input.Height, kernel.Height, strides.Height, dilation.Height);
        var width = TotalSamePadding(input.Width, kernel.Width, strides.Width, dilation.Width);
        return Explicit(height / 2, width / 2, height - (height / 2), width - (width / 2));
    }

    /// <summary>
    /// This explicit padding, extended at the bottom and right so that the last window that starts on the map or in its padding is complete
    /// (ceil mode).
    /// </summary>
    public Padding2 ExtendForCeilMode(Size2 map, Size2 window, Size2 strides) => Explicit(
        Top,
        Left,
        Bottom + MissingCells(map.Height, Top, Bottom, window.Height, strides.Height),
        Right + MissingCells(map.Width, Left, Right, window.Width, strides.Width));

    private static int MissingCells(int size, int before, int after, int window, int stride)
    {
        var rest = size + before + after - window;
        if (rest <= -stride)
        {
            return 0;
        }

        var next = rest < 0 ? 0 : ((rest + stride - 1) / stride) * stride;
        return next < size + before ? Math.Max(0, next - rest) : 0;
    }

    private static int TotalSamePadding(int size, int kernel, int stride, int dilation)
    {
        var cells = (size + stride - 1) / stride;
        var span = ((kernel - 1) * dilation) + 1;
        return Math.Max(0, ((cells - 1) * stride) + span - size);
    }
}

internal sealed class Padding2Converter : JsonConverter<Padding2>
{
    private const int MaxText = 48; // Four numbers of eleven characters.

    public override Padding2 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString() switch
            {
                "same" => Padding2.Same,
                "valid" => Padding2.Valid,
                { } sides => FromSides(Sides(sides)),
                null => throw new JsonException(Padding2.Rule),
            };
        }

        return reader.TokenType == JsonTokenType.Number
            ? FromSides([reader.GetInt32()])
            : FromSides(IntegerListJson.Read(ref reader) is { Count: > 1 } list ? list : []);
    }

    public override void Write(Utf8JsonWriter writer, Padding2 value, JsonSerializerOptions options)
    {
        if (value.IsSame)
        {
            writer.WriteStringValue("same");
        }
        else if (value.IsZero)
        {
            writer.WriteStringValue("valid");
        }
        else
        {
            writer.WriteStringValue(string.Create(
                CultureInfo.InvariantCulture, $"{value.Top},{value.Left},{value.Bottom},{value.Right}"));
        }
    }

    private static Padding2 FromSides(List<int> sides) => sides switch
    {
        [var all] => Padding2.Explicit(all, all, all, all),
        [var h, var w] => Padding2.Explicit(h, w, h, w),
        [var top, var left, var bottom, var right] => Padding2.Explicit(top, left, bottom, right),
        _ => throw new JsonException(Padding2.Rule),
    };

    /// <summary>The numbers of a text such as "1,2"; none where it is another.</summary>
    private static List<int> Sides(string text)
    {
        if (text.Length > MaxText)
        {
            return [];
        }

        var sides = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var side))
            {
                return [];
            }

            sides.Add(side);
        }

        return sides;
    }
}
