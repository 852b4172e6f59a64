using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Sweeps;

/// <summary>A field that differs from trial to trial.</summary>
/// <param name="Path">Where in the request.</param>
/// <param name="At">Where in the sweep, for messages.</param>
internal abstract record SweptField(TrialPath Path, string At)
{
    /// <summary>The values that must hold for all others to hold: each of a list, both ends of a range.</summary>
    public abstract IReadOnlyList<TrialValue> Ends { get; }

    public abstract TrialValue Draw(ref CounterRandom random);
}

/// <summary>One of a list.</summary>
internal sealed record ListedField(TrialPath Path, string At, IReadOnlyList<JsonElement> Values) : SweptField(Path, At)
{
    public override IReadOnlyList<TrialValue> Ends { get; } =
        [.. Values.Select((value, i) => new TrialValue(Path, value, $"{At}[{i.ToString(CultureInfo.InvariantCulture)}]"))];

    public override TrialValue Draw(ref CounterRandom random) => Ends[random.NextInt32(Ends.Count)];
}

/// <summary>A number of a range.</summary>
/// <param name="Path">Where in the request.</param>
/// <param name="At">Where in the sweep.</param>
/// <param name="Range">Checked.</param>
/// <param name="IsWhole">Whole numbers only.</param>
internal sealed record RangedField(TrialPath Path, string At, RangeSpec Range, bool IsWhole) : SweptField(Path, At)
{
    private const string Digits = "G6"; // As many as anyone would type again.

    public override IReadOnlyList<TrialValue> Ends => [new(Path, Json(Range.From), $"{At}.from"), new(Path, Json(Range.To), $"{At}.to")];

    public override TrialValue Draw(ref CounterRandom random) =>
        new(Path, Json(Math.Clamp(Number(random.NextDouble()), Range.From, Range.To)), At);

    /// <summary>A whole number stands for all that round to it, so that the two ends are as likely as the others.</summary>
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

/// <summary>A field's value in a trial.</summary>
/// <param name="Path">Where in the request.</param>
/// <param name="Value">JSON.</param>
/// <param name="At">Where in the sweep it comes from, for messages.</param>
internal sealed record TrialValue(TrialPath Path, JsonElement Value, string At);
