namespace CnnService.Torch.Training;

/// <summary>Images per second over the last second or so; also decides when progress is due. Not thread safe.</summary>
internal sealed class ThroughputMeter(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _mark = time.GetTimestamp();
    private long _pictures;

    /// <summary>NaN until the first second has passed.</summary>
    internal double PicturesPerSecond { get; private set; } = double.NaN;

    /// <summary>Restarts the measurement after time spent on something else than steps.</summary>
    internal void Resume()
    {
        _pictures = 0;
        _mark = time.GetTimestamp();
    }

    /// <summary>Counts the images of a step. Returns true about once per second, when <see cref="PicturesPerSecond"/> is updated.</summary>
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
