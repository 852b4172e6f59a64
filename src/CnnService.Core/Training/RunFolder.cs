namespace CnnService.Core.Training;

/// <summary>The layout of a run's folder.</summary>
public static class RunFolder
{
    public const string PlanFile = "plan.json";

    public const string CheckpointsFolder = "checkpoints";

    public const string PackageFolder = "package";
}
