using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Settings of a pattern's gradient ascent, as far as the request decides them.</summary>
/// <param name="Method">Wire name of the method: natural, quick or article.</param>
/// <param name="Objective">Which cells were maximized.</param>
/// <param name="Direction">1, or -1 if the activation was minimized.</param>
/// <param name="Transforms">Random transforms before each step; null for methods with fixed ones.</param>
/// <param name="Colors">
/// "natural" or "dataset" for the covariance that colours were decorrelated by; "rgb" for none; null for methods without a choice.
/// </param>
/// <param name="Decay">Exponent of the amplitudes' fall with the frequency; null for methods on pixels.</param>
/// <param name="Fourier">True for the Fourier spectrum, false for pixels; null if the layer decided, and for methods on pixels.</param>
public sealed record PatternSettings(
    PatternMethod Method,
    PatternObjective Objective,
    int Direction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PatternTransforms? Transforms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Colors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Decay,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Fourier)
{
    internal static PatternSettings From(PatternRequest request)
    {
        var isNatural = request.Method == PatternMethod.Natural;
        return new(
            request.Method,
            request.Objective,
            request.Direction,
            isNatural ? request.Transforms : null,
            !isNatural ? null : !request.Decorrelates ? "rgb" : request.Colors is null ? "natural" : "dataset",
            isNatural && request.InPixels is not true ? request.Decay : null,
            isNatural ? !request.InPixels : null);
    }
}
