namespace CnnService.Core.Training.Runs;

/// <summary>Says between the steps of a training whether it may go on: one whose worker is taken for dead must not.</summary>
public interface ITrainingGate
{
    /// <summary>Returns when the training may go on; waits, with all in memory, while it may not.</summary>
    /// <exception cref="OperationCanceledException">It is to end instead.</exception>
    void Pass(CancellationToken cancel);
}
