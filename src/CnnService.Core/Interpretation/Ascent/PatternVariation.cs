using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Parameters of a pattern that differ from the defaults: their ranges, and their part of the key.</summary>
internal static class PatternVariation
{
    private const string OfNatural = "goes with method=natural only";

    /// <summary>Empty if all parameters have their defaults.</summary>
    public static IEnumerable<string> Key(PatternRequest request)
    {
        if (request.Direction != 1)
        {
            yield return "against";
        }

        if (request.Objective != PatternObjective.Channel)
        {
            yield return "neuron";
        }

        if (request.Decay != 1)
        {
            yield return $"decay {request.Decay.ToString("R", CultureInfo.InvariantCulture)}";
        }

        if (request.Transforms != PatternTransforms.Robust)
        {
            yield return request.Transforms == PatternTransforms.Jitter ? "jitter" : "still";
        }

        if (!request.Decorrelates)
        {
            yield return "correlated";
        }

        if (request.Colors is { } colors)
        {
            yield return $"colors {string.Join(' ', colors.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}";
        }

        if (request.InPixels is { } inPixels)
        {
            yield return inPixels ? "pixels" : "frequencies";
        }

        if (request.OnGpu)
        {
            yield return "gpu";
        }
    }

    public static void Check(PatternRequest request, ValidationErrors errors)
    {
        errors.Require(request.Direction is 1 or -1, "direction", $"must be 1 or -1, received {request.Direction}");
        errors.Require(
            request.Decay is >= 0 and <= PatternRequest.MaxDecay,
            "decay",
            $"must be between 0 and {PatternRequest.MaxDecay}, received {request.Decay.ToString(CultureInfo.InvariantCulture)}");
        errors.Require(
            request.Diversity is >= 1 and <= PatternRequest.MaxDiversity,
            "diversity",
            $"must be between 1 and {PatternRequest.MaxDiversity}, received {request.Diversity}");
        var isNatural = request.Method == PatternMethod.Natural;
        errors.Require(isNatural || request.Decay == 1, "decay", OfNatural);
        errors.Require(request.InPixels is not true || request.Decay == 1, "decay", "goes with fourier=true only");
        errors.Require(isNatural || request.Transforms == PatternTransforms.Robust, "transforms", OfNatural);
        errors.Require(isNatural || request.Decorrelates, "decorrelate", OfNatural);
        errors.Require(isNatural || request.Colors is null, "colors", OfNatural);
        errors.Require(request.Decorrelates || request.Colors is null, "colors", "goes with decorrelate=true only");
        errors.Require(isNatural || request.InPixels is null, "fourier", OfNatural);
        errors.Require(isNatural || request.Diversity == 1, "diversity", OfNatural);
    }
}
