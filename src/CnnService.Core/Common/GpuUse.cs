namespace CnnService.Core.Common;

/// <summary>Counts the trainings that this process has under way, which have the GPU to themselves. Thread safe.</summary>
public sealed class GpuUse
{
    private int _trainings;

    /// <summary>Whether none is under way.</summary>
    public bool IsFree => Volatile.Read(ref _trainings) == 0;

    /// <summary>Marks the GPU as in use until disposed.</summary>
    public IDisposable Begin()
    {
        Interlocked.Increment(ref _trainings);
        return new Training(this);
    }

    private sealed class Training(GpuUse owner) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                Interlocked.Decrement(ref owner._trainings);
            }
        }
    }
}
