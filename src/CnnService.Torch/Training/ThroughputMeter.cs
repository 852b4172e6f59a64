namespace CnnService.Torch.Training;

/// <summary>Pictures a second over the last seconds; says once a second that figures are due.</summary>
internal sealed class ThroughputMeter(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _mark = time.GetTimestamp();
    private long _pictures;

    /// <summary>NaN during the first second.</summary>
    internal double PicturesPerSecond { get; private set; } = double.NaN;

    /// <summary>Says that the time since the last step was spent on something else.</summary>
    internal void Resume()
    {
        _pictures = 0;
        _mark = time.GetTimestamp();
    }

    /// <summary>Counts a step; true about once a second.</summary>
    internal bool Add(int pictures)
    {
        _pictures += pictures;
        var passed = time.GetElapsedTime(_mark);
        if (passed < Interval)
        {
            return false;
        }

        PicturesPerSecond = _pictures / passed.TotalSeconds;
        Resume();
        return true;
    }
}
