namespace CnnService.Core.Training;

/// <summary>The time that a run has.</summary>
public interface IRemainingTime
{
    /// <summary>Seconds that training may go on, so that what comes after it ends in time too; infinite where nothing ends it.</summary>
    double SecondsLeft { get; }

    /// <summary>Epochs that can be expected to fit into the time, at most as many as are wanted.</summary>
    int EpochsThatFit(int wanted);
}
