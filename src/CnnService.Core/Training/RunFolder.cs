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

    /// <summary>How many epochs a fine-tuning has, decided once.</summary>
    public const string FineTuningFile = "fine-tuning.json";

    /// <summary>Evaluation of the exported network, class by class; written before the package.</summary>
    public const string EvaluationFile = "evaluation.json";

    /// <summary>
    /// Moves what a former attempt at a run left to the folder of a new one, but for what is there already, and deletes the rest: whoever
    /// still writes there writes where nobody reads. To be repeated where it broke off.
    /// </summary>
    /// <param name="former">The folder of the former attempt.</param>
    /// <param name="folder">That of the new one; exists.</param>
    public static void TakeOver(string former, string folder)
    {
        foreach (var part in new[] { CheckpointsFolder, SnapshotsFolder, PackageFolder })
        {
            if (Path.Combine(former, part) is var old && Directory.Exists(old) && Path.Combine(folder, part) is var own
                && !Directory.Exists(own))
            {
                Directory.Move(old, own);
            }
        }

        foreach (var file in new[] { HistoryFile, FineTuningFile, EvaluationFile })
        {
            if (Path.Combine(former, file) is var old && File.Exists(old) && Path.Combine(folder, file) is var own && !File.Exists(own))
            {
                File.Move(old, own);
            }
        }

        Directory.Delete(former, recursive: true);
    }
}
