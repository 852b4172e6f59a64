using CnnService.Core.Training;
using static TorchSharp.torch.utils;

namespace CnnService.Torch.Training;

/// <summary>
/// Writes TensorBoard event files: one scalar per metric, with the epoch as step. An event's wall time is the training time so far in whole
/// seconds, so that TensorBoard's "relative" axis is right across attempts and the file does not depend on the clock.
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
