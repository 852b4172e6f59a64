using System.Collections.Frozen;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters that would have no effect in a call: refused, so that nobody takes the answer for what was asked.</summary>
internal static class IdleParameters
{
    private const Shown Drawn = Shown.Pattern | Shown.Class;
    private const Shown Scanned = Shown.Examples | Shown.Statistics | Shown.Projection;

    private static readonly Use Patterns = new(Drawn, "is about patterns only");
    private static readonly Use FeatureMaps = new(Shown.Maps, "is about feature maps only: name a picture with image=dataset/id, or post one");
    private static readonly Use Kernels = new(Shown.Kernels, "goes with kind=weights only");
    private static readonly Use Pictures = new(Scanned | Shown.Pattern, "is about examples, statistics, projections and patterns of filters only");
    private static readonly Use Fields = new(Shown.Field, "goes with kind=receptive-field only");

    private static readonly FrozenDictionary<string, Use> Uses = new Dictionary<string, Use>
    {
        ["iterations"] = Patterns,
        ["size"] = Patterns,
        ["decay"] = Patterns,
        ["transforms"] = Patterns,
        ["decorrelate"] = Patterns,
        ["colors"] = Patterns,
        ["fourier"] = Patterns,
        ["objective"] = Patterns,
        ["direction"] = Patterns,
        ["diversity"] = Patterns,
        ["seed"] = new(Drawn | Shown.Projection, "is about patterns and projections only"),
        ["image"] = new(Shown.Maps | Shown.Field, "is about feature maps and receptive fields only"),
        ["normalize"] = FeatureMaps,
        ["colormap"] = FeatureMaps,
        ["tap"] = FeatureMaps,
        ["order"] = FeatureMaps,
        ["columns"] = FeatureMaps,
        ["overlay"] = FeatureMaps,
        ["scale"] = Kernels,
        ["in"] = Kernels,
        ["dataset"] = new(Scanned | Drawn, "is about examples, statistics, projections and patterns only"),
        ["split"] = Pictures,
        ["pictures"] = Pictures,
        ["effective"] = Fields,
        ["cell"] = Fields,
        ["method"] = new(Drawn | Shown.Projection, "is about patterns and projections only"),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <param name="query">As it was sent.</param>
    /// <param name="shown">What the call shows.</param>
    /// <param name="errors">Gets a broken rule for each parameter without effect.</param>
    public static void Check(IQueryCollection query, Shown shown, ValidationErrors errors)
    {
        foreach (var name in shown == Shown.Unknown ? [] : query.Keys)
        {
            if (Uses.TryGetValue(name, out var use))
            {
                errors.Require((use.By & shown) != 0, name, use.Rule);
            }
        }
    }

    /// <param name="By">What it has an effect on.</param>
    /// <param name="Rule">That, in words.</param>
    private sealed record Use(Shown By, string Rule);
}
