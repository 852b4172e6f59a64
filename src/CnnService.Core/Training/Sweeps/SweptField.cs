using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Sweeps;

/// <summary>A field whose value differs between trials.</summary>
/// <param name="Path">Path in the training request.</param>
/// <param name="At">Path in the sweep, for error messages.</param>
internal abstract record SweptField(TrialPath Path, string At)
{
    /// <summary>The values that are valid only if all others are: each of a list, or both ends of a range.</summary>
    public abstract IReadOnlyList<TrialValue> Ends { get; }

    public abstract TrialValue Draw(ref CounterRandom random);
}

/// <summary>A field whose values come from a list.</summary>
internal sealed record ListedField(TrialPath Path, string At, IReadOnlyList<JsonElement> Values) : SweptField(Path, At)
{
    public override IReadOnlyList<TrialValue> Ends { get; } =
        [.. Values.Select((value, i) => new TrialValue(Path, value, $"{At}[{i.ToString(CultureInfo.InvariantCulture)}]"))];

    public override TrialValue Draw(ref CounterRandom random) => Ends[random.NextInt32(Ends.Count)];
}

/// <summary>A numeric field whose values come from a range.</summary>
/// <param name="Path">Path in the training request.</param>
/// <param name="At">Path in the sweep, for error messages.</param>
/// <param name="Range">The range, already validated.</param>
/// <param name="IsWhole">True for integers only.</param>
internal sealed record RangedField(TrialPath Path, string At, RangeSpec Range, bool IsWhole) : SweptField(Path, At)
{
    private const string Digits = "G6"; // As many as anyone would type again.

    public override IReadOnlyList<TrialValue> Ends => [new(Path, Json(Range.From), $"{At}.from"), new(Path, Json(Range.To), $"{At}.to")];

    public override TrialValue Draw(ref CounterRandom random) =>
        new(Path, Json(Math.Clamp(Number(random.NextDouble()), Range.From, Range.To)), At);

    /// <summary>
    /// An integer range is widened by 0.5 at both ends before rounding, so that the ends are as likely as the other integers.
    /// </summary>
    private double Number(double share)
    {
        var room = IsWhole ? 0.5 : 0;
        double low = Range.From - room, high = Range.To + room;
        var drawn = Range.Scale == RangeScale.Log ? low * Math.Pow(high / low, share) : low + ((high - low) * share);
        return IsWhole
            ? Math.Round(drawn)
            : double.Parse(drawn.ToString(Digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private JsonElement Json(double number) =>
        IsWhole ? JsonSerializer.SerializeToElement((long)number) : JsonSerializer.SerializeToElement(number);
}

/// <summary>The value of a field in a trial.</summary>
/// <param name="Path">Path in the training request.</param>
/// <param name="Value">The JSON value.</param>
/// <param name="At">Path in the sweep that the value comes from, for error messages.</param>
internal sealed record TrialValue(TrialPath Path, JsonElement Value, string At);
