using CnnService.Core.Training;
using static TorchSharp.torch.utils;

namespace CnnService.Torch.Training;

/// <summary>
/// Event files as TensorBoard reads them, one scalar a figure, the epoch as step. The wall time of an event is the whole seconds trained until
/// then, so that the "relative" axis is true over all attempts, and the file says nothing of the clock.
/// </summary>
internal sealed class TensorBoardLog : IEpochLog
{
    private const string Events = "events.out.tfevents.*";

    public Action<EpochMetrics> Begin(string folder, IReadOnlyList<EpochMetrics> history)
    {
        foreach (var old in Directory.CreateDirectory(folder).GetFiles(Events))
        {
            old.Delete();
        }

        var writer = tensorboard.SummaryWriter(folder);
        var seconds = 0.0;
        foreach (var epoch in history)
        {
            Add(epoch);
        }

        return Add;

        void Add(EpochMetrics epoch)
        {
            seconds += epoch.Seconds;
            foreach (var (tag, value) in Scalars(epoch).Where(scalar => double.IsFinite(scalar.Value)))
            {
                writer.add_scalar(tag, (float)value, epoch.Epoch, (long)Math.Round(seconds));
            }
        }
    }

    private static (string Tag, double Value)[] Scalars(EpochMetrics epoch) =>
    [
        ("loss/train", epoch.Loss),
        ("loss/validation", epoch.ValidationLoss),
        ("accuracy/train", epoch.Accuracy),
        ("accuracy/validation", epoch.ValidationAccuracy),
        ("learning_rate", epoch.LearningRate),
        ("images_per_second", epoch.ImagesPerSecond),
    ];
}
