namespace CnnService.Torch.Training;

/// <summary>Images per second over the last second or so; also decides when progress is due. Not thread safe.</summary>
internal sealed class ThroughputMeter(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _start = time.GetTimestamp();
    private long _images;

    /// <summary>NaN until the first second has passed.</summary>
    internal double ImagesPerSecond { get; private set; } = double.NaN;

    /// <summary>Restarts the measurement after time spent on something else than steps.</summary>
    internal void Restart()
    {
        _images = 0;
        _start = time.GetTimestamp();
    }

    /// <summary>Counts the images of a step. Returns true about once per second, when <see cref="ImagesPerSecond"/> is updated.</summary>
    internal bool Add(int images)
    {
        _images += images;
        var passed = time.GetElapsedTime(_start);
        if (passed < Interval)
        {
            return false;
        }

        ImagesPerSecond = _images / passed.TotalSeconds;
        Restart();
        return true;
    }
}
