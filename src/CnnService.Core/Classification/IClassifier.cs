using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Classification;

/// <summary>Serves published model versions: keeps their sessions and joins requests into batches. Thread safe.</summary>
public interface IClassifier
{
    /// <summary>
    /// Reserves queue places for images that are still to be decoded, all or none, so that refusal is cheap. Starts loading the version if
    /// it is not loaded. Problem code: <c>classify.queue-full</c> (503).
    /// </summary>
    /// <param name="model">Folder and manifest of the version.</param>
    /// <param name="images">At least 1; more than the queue holds only while it is empty.</param>
    Outcome<IQueueReservation> Reserve(LoadedModel model, int images);

    /// <summary>
    /// Loads a version and runs it once, without a queue place, so that a full queue does not matter. Null on success; problem codes:
    /// <c>model.corrupt</c> (503), <c>serving.device-missing</c> (503).
    /// </summary>
    /// <param name="model">Folder and manifest of the version.</param>
    /// <param name="cancel">Ends the wait, not the loading.</param>
    ValueTask<Problem?> LoadAsync(LoadedModel model, CancellationToken cancel);

    /// <summary>Frees a version's sessions, and those of packages in folders of its, after the runs in progress.</summary>
    void Unload(string folder);
}

/// <summary>
/// Places in a version's queue. The time limit runs from the reservation, or from when the version is loaded if that is later. Dispose it
/// to give the places back.
/// </summary>
public interface IQueueReservation : IAnswerLimit, IDisposable
{
    /// <summary>
    /// The class probabilities of one image; a single sigmoid output is expanded to its two classes. Problem codes: <c>model.corrupt</c>
    /// (503), <c>serving.device-missing</c> (503), <c>classify.timeout</c> (504).
    /// </summary>
    /// <param name="image">An image at the network's input size and channels.</param>
    /// <param name="cancel">Gives up the queue place.</param>
    ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(PixelBuffer image, CancellationToken cancel);
}

/// <param name="Values">Probabilities, 0–1, in the order of the classes, sum 1.</param>
/// <param name="QueueTime">Time spent waiting for a batch.</param>
/// <param name="InferenceTime">Duration of the batch's run.</param>
/// <param name="BatchSize">Number of images in the batch.</param>
/// <param name="Device">Device of the run: <c>cpu</c> or <c>cuda</c>.</param>
public sealed record ClassProbabilities(
    float[] Values, TimeSpan QueueTime, TimeSpan InferenceTime, int BatchSize, string Device = "cpu")
{
    /// <summary>How familiar the image is, 0–1; null where the version cannot tell.</summary>
    public float? Familiarity { get; init; }

    /// <summary>
    /// The mean probabilities of views of one image, with the longest times. How familiar the image is tells the first view, the image
    /// itself: the threshold was chosen on whole images.
    /// </summary>
    /// <param name="views">At least one, of the same classes.</param>
    public static ClassProbabilities Average(IReadOnlyList<ClassProbabilities> views)
    {
        ArgumentNullException.ThrowIfNull(views);
        var mean = new float[views[0].Values.Length];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = (float)views.Average(view => (double)view.Values[i]);
        }

        return views[0] with
        {
            Values = mean,
            QueueTime = views.Max(view => view.QueueTime),
            InferenceTime = views.Max(view => view.InferenceTime),
            BatchSize = views.Max(view => view.BatchSize),
        };
    }

    /// <summary>Whether it is one of the images that the version was made for; null where the version cannot tell.</summary>
    public bool? IsKnown => FamiliarityHead.IsFamiliar(Familiarity);
}
