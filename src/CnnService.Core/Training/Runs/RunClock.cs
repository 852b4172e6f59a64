namespace CnnService.Core.Training.Runs;

/// <summary>
/// Tells what a run is at and how long it will take: the part under way by its own speed, the later ones as they are expected, and longer
/// where the parts before took longer than expected. For one thread at a time.
/// </summary>
/// <param name="observer">Is told, at most every quarter of a second within a part.</param>
/// <param name="estimate">What the parts are expected to take.</param>
/// <param name="time">The clock.</param>
/// <param name="epochs">Epochs asked for.</param>
/// <param name="ends">When the run is to be over; null: at any time.</param>
internal sealed class RunClock(
    ITrainingObserver observer, RunEstimate estimate, TimeProvider time, RunEpochs epochs, DateTimeOffset? ends = null) : IRemainingTime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.25);

    /// <summary>Less of a part says nothing of its speed yet.</summary>
    private const double MinShare = 0.02;

    /// <summary>Bounds of how much faster or slower than expected the later parts are taken to be.</summary>
    private const double Fastest = 0.5;
    private const double Slowest = 5;

    /// <summary>The same bound for a machine whose steps were measured in this run.</summary>
    private const double FastestMeasured = 0.1;

    /// <summary>What is kept back for what is still to come, of what it is expected to take.</summary>
    private const double Reserve = 1.1;

    private readonly long _started = time.GetTimestamp();
    private readonly HashSet<RunPart> _over = [];
    private readonly Dictionary<RunPart, double> _seconds = new(estimate.Parts);
    private RunPart? _part;
    private long _began;
    private long _told;
    private double _spent; // By the parts that are over.
    private double _expected; // Of the same parts.
    private double _firstShare;
    private double _fraction;
    private double? _measured;
    private RunEpochs _epochs = epochs;
    private bool _isDecided;

    public double SecondsLeft => UntilEnd - (Reserve * After(RunPart.Epochs, CautiousSlowness));

    /// <summary>Seconds until the run is to be over; infinite where it may end at any time.</summary>
    private double UntilEnd => ends is { } end ? (end - time.GetUtcNow()).TotalSeconds : double.PositiveInfinity;

    /// <summary>How much longer the parts to come take than expected: as measured steps did, else as the parts that are over.</summary>
    private double Slowness => _measured ?? (_expected > 0 ? Math.Clamp(_spent / _expected, Fastest, Slowest) : 1);

    /// <summary>Parts that took less than expected do not count: what was computed before takes no time.</summary>
    private double CautiousSlowness => _measured ?? Math.Max(1, Slowness);

    public int EpochsThatFit(int wanted, double? stepSecondsPerImage)
    {
        if (ends is null)
        {
            return wanted;
        }

        if (stepSecondsPerImage is { } measured && estimate.StepSecondsPerImage > 0)
        {
            _measured = Math.Clamp(measured / estimate.StepSecondsPerImage, FastestMeasured, Slowest);
        }

        return (int)Math.Clamp(((SecondsLeft / CautiousSlowness) - estimate.OnceSeconds) / estimate.EpochSeconds, 0, wanted);
    }

    public int EpochsStillFit(int wanted, double epochSeconds)
    {
        if (ends is null)
        {
            return wanted;
        }

        _measured = Math.Clamp(epochSeconds / estimate.EpochSeconds, FastestMeasured, Slowest);
        return (int)Math.Clamp(SecondsLeft / epochSeconds, 0, wanted);
    }

    public void Decided(int epochs)
    {
        (_epochs, _isDecided) = (_epochs with { InSteps = epochs }, true);
        _seconds[RunPart.Epochs] = estimate.OnceSeconds + (epochs * estimate.EpochSeconds);
    }

    /// <summary>Begins a part; those before it are over. Nothing happens where it is under way already.</summary>
    public void Begin(RunPart part)
    {
        if (_part == part)
        {
            return;
        }

        if (_part is { } over)
        {
            _spent += time.GetElapsedTime(_began).TotalSeconds;
            _expected += ExpectedOf(over);
            _over.Add(over);
        }

        (_part, _began, _firstShare) = (part, time.GetTimestamp(), 0);
        Tell(0, 0);
    }

    /// <summary>Tells how far the training in steps is.</summary>
    /// <param name="epochs">Epochs of the run that are done, and the share of the one under way.</param>
    public void Advance(double epochs) => Advance(RunPart.Epochs, Math.Min(1, (epochs - _epochs.Before) / Math.Max(1, _epochs.InSteps)));

    /// <summary>Tells how much of a part is done, and begins it where it has not begun.</summary>
    /// <param name="part">The part.</param>
    /// <param name="share">0–1.</param>
    /// <param name="images">Images done in it; 0 where it does not work on images.</param>
    public void Advance(RunPart part, double share, int images = 0)
    {
        if (_part != part)
        {
            Begin(part);
            _firstShare = share; // What a former attempt had done took this one no time.
        }

        if (time.GetElapsedTime(_told) >= Interval || share >= 1)
        {
            Tell(share, images);
        }
    }

    private void Tell(double share, int images)
    {
        _told = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_began).TotalSeconds;
        var gained = share - _firstShare;
        var slowness = Slowness;
        var expected = _over.Contains(_part!.Value) ? 0 : slowness * ExpectedOf(_part.Value);
        var rest = gained >= MinShare ? elapsed / gained * (1 - share) : Math.Max(expected - elapsed, expected * (1 - share) / 2);
        var left = Math.Min(rest + After(_part.Value, slowness), Math.Max(0, UntilEnd)); // As many epochs are done as fit.
        var done = time.GetElapsedTime(_started).TotalSeconds;
        _fraction = Math.Max(_fraction, done + left > 0 ? Math.Min(1, done / (done + left)) : 0);
        observer.Part(new(
            _part.Value, Math.Clamp(share, 0, 1), _fraction, left, elapsed > 0 ? images / elapsed : 0, _isDecided ? _epochs.Total : null));
    }

    /// <summary>Expected seconds of the later parts that have not been yet.</summary>
    private double After(RunPart part, double slowness) =>
        _seconds.Where(later => later.Key > part && !_over.Contains(later.Key)).Sum(later => slowness * later.Value);

    private double ExpectedOf(RunPart part) => _seconds.GetValueOrDefault(part);
}

/// <summary>Epochs of a run.</summary>
/// <param name="Before">Those that are no training in steps: the fit of a classifier is one.</param>
/// <param name="InSteps">Those of the training in steps.</param>
internal readonly record struct RunEpochs(int Before, int InSteps)
{
    public int Total => Before + InSteps;

    public static RunEpochs Of(TrainingPlan plan) => plan.Classifier is null ? new(0, plan.Epochs) : new(1, plan.Epochs - 1);
}
