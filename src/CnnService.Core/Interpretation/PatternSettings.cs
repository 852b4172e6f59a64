using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation;

/// <summary>How a pattern was looked for, as far as the request decides it.</summary>
/// <param name="Method">Natural, quick or article.</param>
/// <param name="Objective">Which cells were made large.</param>
/// <param name="Direction">1, or -1: what the filter is most against.</param>
/// <param name="Transforms">How the image was moved before each step; null where the method has a way of its own.</param>
/// <param name="Colors">"natural" or "dataset": by whose covariance colours were decorrelated; "rgb": not at all; null where the method
/// knows no other.</param>
/// <param name="Decay">How amplitudes fall with the frequency; null where the method works in pixels.</param>
/// <param name="Fourier">Steps in frequencies or in pixels; null where the layer decided.</param>
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
