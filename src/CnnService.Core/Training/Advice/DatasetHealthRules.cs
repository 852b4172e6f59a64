using CnnService.Core.Datasets.Health;

namespace CnnService.Core.Training.Advice;

/// <summary>Rules on faults of the images, of those that a run's figures cannot show by themselves.</summary>
internal static class DatasetHealthRules
{
    /// <summary>Of the images that a finding concerns: fewer change no figure that one would act on.</summary>
    private const double Share = 0.01;

    /// <summary>Images of validation that are also in training.</summary>
    public static RunAdvice? Leaked(RunFacts facts) => Find(facts, HealthFindings.LeakedCode, facts.Evaluation?.Images) is { } found
        ? new(
            found.Code,
            $"Remove these images from the split before you trust its figures: GET /datasets/{facts.Plan.Dataset}/health lists them.",
            found.Text)
        : null;

    /// <summary>Equal images in two classes.</summary>
    public static RunAdvice? Conflicting(RunFacts facts) =>
        Find(facts, HealthFindings.ConflictingCode, facts.TrainingImages?.Sum()) is { } found
            ? new(
                found.Code,
                $"Relabel or remove these images, no network can get all of them right: GET /datasets/{facts.Plan.Dataset}/health lists "
                + "them.",
                found.Text)
            : null;

    private static HealthFinding? Find(RunFacts facts, string code, int? images) =>
        facts.Findings.FirstOrDefault(one => one.Code == code && one.Count >= Share * (images ?? 0));
}
