using CnnService.Core.Training;
using static TorchSharp.torch.utils;

namespace CnnService.Torch.Training;

/// <summary>
/// Writes TensorBoard event files: one scalar per metric, with the epoch as step. An event's wall time is the time at which the epoch
/// ended, in whole seconds; epochs of earlier attempts are put before the start of this one, by their training times, so that the pauses
/// between attempts do not show on TensorBoard's "relative" axis.
/// </summary>
internal sealed class TensorBoardLog(TimeProvider time) : IEpochLog
{
    private const string Events = "events.out.tfevents.*";

    public Action<EpochMetrics> Begin(string folder, IReadOnlyList<EpochMetrics> history)
    {
        foreach (var old in Directory.CreateDirectory(folder).GetFiles(Events))
        {
            old.Delete();
        }

        var writer = tensorboard.SummaryWriter(folder);
        var ended = time.GetUtcNow() - TimeSpan.FromSeconds(history.Sum(epoch => epoch.Seconds));
        foreach (var epoch in history)
        {
            ended += TimeSpan.FromSeconds(epoch.Seconds);
            Add(epoch, ended);
        }

        return epoch => Add(epoch, time.GetUtcNow());

        void Add(EpochMetrics epoch, DateTimeOffset at)
        {
            foreach (var (tag, value) in Scalars(epoch).Where(scalar => double.IsFinite(scalar.Value)))
            {
                writer.add_scalar(tag, (float)value, epoch.Epoch, at.ToUnixTimeSeconds());
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
