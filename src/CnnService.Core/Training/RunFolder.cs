namespace CnnService.Core.Training;

/// <summary>Layout of a run's folder.</summary>
public static class RunFolder
{
    public const string PlanFile = "plan.json";

    public const string CheckpointsFolder = "checkpoints";

    /// <summary>Weights of individual epochs, within a budget; used to show the network learning. Kept after the run has ended.</summary>
    public const string SnapshotsFolder = "snapshots";

    public const string PackageFolder = "package";

    /// <summary>Metrics of all finished epochs, over all attempts.</summary>
    public const string HistoryFile = "history.json";

    /// <summary>The same metrics for TensorBoard.</summary>
    public const string TensorBoardFolder = "tensorboard";

    /// <summary>Evaluation of the exported network, class by class; written before the package.</summary>
    public const string EvaluationFile = "evaluation.json";
}
