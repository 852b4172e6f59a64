namespace CnnService.Core.Training.Runs;

/// <summary>
/// Tells of images as they are decoded, from whichever thread decodes them; the training thread waits meanwhile. Thread safe.
/// </summary>
/// <param name="observer">Is told, one call at a time.</param>
/// <param name="total">Images to decode; none: it is told of nothing.</param>
internal sealed class DecodingProgress(ITrainingObserver observer, int total) : IProgress<int>
{
    private readonly Lock _gate = new();
    private int _done;

    /// <param name="value">Images decoded since the last report.</param>
    public void Report(int value)
    {
        lock (_gate)
        {
            _done += value;
            observer.Advance(RunPart.Preparing, Math.Min(_done, total), Math.Max(1, total));
        }
    }
}
