using CnnService.Client;
using CnnService.Studio.Service;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>Images of a data set that a finding names, to be looked at together.</summary>
/// <param name="Why">What is wrong with them.</param>
/// <param name="Images">At least one.</param>
internal sealed record HealthSuspects(string Why, IReadOnlyList<HealthImageResource> Images)
{
    /// <summary>What spoils a training most first: one image in two classes, then in two splits, then copies, then faulty images.</summary>
    public static IReadOnlyList<HealthSuspects> Of(HealthResource health)
    {
        ArgumentNullException.ThrowIfNull(health);
        return
        [
            .. health.Groups
                .OrderBy(group => group.AcrossClasses ? 0 : group.AcrossSplits ? 1 : 2)
                .Select(group => new HealthSuspects(WhyOf(group), group.Images)),
            .. health.Faults.Select(faulty => new HealthSuspects(WhyOf(faulty), [faulty.Image])),
        ];
    }

    private static string WhyOf(DuplicateGroupResource group) => (group.AcrossClasses, group.AcrossSplits) switch
    {
        (true, _) => $"{Same(group)} in {Words.Count(group.Images.Select(image => image.Class).Distinct().Count(), "class", "classes")}",
        (_, true) => $"{Same(group)} in training and outside it",
        _ => $"{Same(group)}, {Words.Count(group.Count)} times",
    };

    private static string Same(DuplicateGroupResource group) => group.IsExact ? "One image" : "Nearly one image";

    private static string WhyOf(FaultyImageResource faulty) => faulty.Fault switch
    {
        ImageFault.Unreadable => "Cannot be read",
        ImageFault.Blank => "One even surface",
        ImageFault.Tiny => $"Far smaller than the others: {faulty.Reason}",
        _ => $"Unlike the others: {faulty.Reason}",
    };
}
