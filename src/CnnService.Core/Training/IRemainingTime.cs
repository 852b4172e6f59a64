namespace CnnService.Core.Training;

/// <summary>The time that a run has.</summary>
public interface IRemainingTime
{
    /// <summary>Seconds that training may go on, so that what comes after it ends in time too; infinite where nothing ends it.</summary>
    double SecondsLeft { get; }

    /// <summary>Epochs that can be expected to fit into the time, at most as many as are wanted.</summary>
    /// <param name="wanted">At least one.</param>
    /// <param name="stepSecondsPerImage">What a training step takes an image, as measured just now; null: as expected before.</param>
    int EpochsThatFit(int wanted, double? stepSecondsPerImage);

    /// <summary>Further epochs that can be expected to fit into the time, at most as many as are wanted.</summary>
    /// <param name="wanted">Beyond those that are done.</param>
    /// <param name="epochSeconds">What the last one took, its validation included; above 0.</param>
    int EpochsStillFit(int wanted, double epochSeconds);

    /// <summary>Says how many epochs were decided on, which may change: progress and the time left are told by them from here on.</summary>
    void Decided(int epochs);
}
