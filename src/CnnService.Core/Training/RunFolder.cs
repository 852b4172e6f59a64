namespace CnnService.Core.Training;

/// <summary>The layout of a run's folder.</summary>
public static class RunFolder
{
    public const string PlanFile = "plan.json";

    public const string CheckpointsFolder = "checkpoints";

    /// <summary>The weights of each epoch, as far as there is room: what shows the network learning. Stays when the run is over.</summary>
    public const string SnapshotsFolder = "snapshots";

    public const string PackageFolder = "package";

    /// <summary>The figures of the epochs done, over all attempts.</summary>
    public const string HistoryFile = "history.json";

    /// <summary>The same for TensorBoard.</summary>
    public const string TensorBoardFolder = "tensorboard";

    /// <summary>How good the network is, class by class; written before the package.</summary>
    public const string EvaluationFile = "evaluation.json";
}
