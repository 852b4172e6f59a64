namespace CnnService.Core.Training.Runs;

/// <summary>
/// Tells what a run is at and how long it will take: the part under way by its own speed, the later ones as they are expected, and longer
/// where the parts before took longer than expected. For one thread at a time.
/// </summary>
/// <param name="observer">Is told, at most every quarter of a second within a part.</param>
/// <param name="estimate">What the parts are expected to take.</param>
/// <param name="time">The clock.</param>
/// <param name="ends">When the run is to be over; null: at any time.</param>
internal sealed class RunClock(ITrainingObserver observer, RunEstimate estimate, TimeProvider time, DateTimeOffset? ends = null)
    : IRemainingTime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.25);

    /// <summary>Less of a part says nothing of its speed yet.</summary>
    private const double MinShare = 0.02;

    /// <summary>Bounds of how much faster or slower than expected the later parts are taken to be.</summary>
    private const double Fastest = 0.5;
    private const double Slowest = 5;

    /// <summary>What is kept back for the parts after training, of what they are expected to take.</summary>
    private const double Reserve = 1.1;

    private readonly long _started = time.GetTimestamp();
    private readonly HashSet<RunPart> _over = [];
    private RunPart? _part;
    private long _began;
    private long _told;
    private double _spent; // By the parts that are over.
    private double _expected; // Of the same parts.
    private double _firstShare;
    private double _fraction;

    public double SecondsLeft => ends is { } end
        ? (end - time.GetUtcNow()).TotalSeconds - (Reserve * After(RunPart.Epochs, Math.Max(1, Slowness)))
        : double.PositiveInfinity;

    /// <summary>Slower than expected counts; faster does not, since what was computed before takes no time.</summary>
    public int EpochsThatFit(int wanted) => ends is null
        ? wanted
        : (int)Math.Clamp(((SecondsLeft / Math.Max(1, Slowness)) - estimate.OnceSeconds) / estimate.EpochSeconds, 0, wanted);

    /// <summary>How much longer the parts that are over took than expected.</summary>
    private double Slowness => _expected > 0 ? Math.Clamp(_spent / _expected, Fastest, Slowest) : 1;

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
        var left = rest + After(_part.Value, slowness);
        var done = time.GetElapsedTime(_started).TotalSeconds;
        _fraction = Math.Max(_fraction, done + left > 0 ? Math.Min(1, done / (done + left)) : 0);
        observer.Part(new(_part.Value, Math.Clamp(share, 0, 1), _fraction, left, elapsed > 0 ? images / elapsed : 0));
    }

    /// <summary>Expected seconds of the later parts that have not been yet.</summary>
    private double After(RunPart part, double slowness) =>
        estimate.Parts.Where(later => later.Key > part && !_over.Contains(later.Key)).Sum(later => slowness * later.Value);

    private double ExpectedOf(RunPart part) => estimate.Parts.Where(known => known.Key == part).Sum(known => known.Value);
}
