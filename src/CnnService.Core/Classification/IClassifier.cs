using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Classification;

/// <summary>Serves published model versions; keeps sessions, joins requests into batches. Thread safe.</summary>
public interface IClassifier
{
    /// <summary>
    /// Takes places in the version's queue for images that are still to be decoded, all or none, so that what cannot be served is
    /// refused before it costs anything; loads the version where it is not loaded. Problem code: <c>classify.queue-full</c> (503).
    /// </summary>
    /// <param name="model">The version's folder and manifest.</param>
    /// <param name="images">At least 1; more than the queue takes only while it is empty.</param>
    Outcome<IQueueReservation> Reserve(LoadedModel model, int images);

    /// <summary>
    /// Loads a version and runs it once, without a place in its queue: a full one does not matter. Null where it can be used; problem
    /// codes:
    /// <c>model.corrupt</c> (503), <c>serving.device-missing</c> (503).
    /// </summary>
    /// <param name="model">The version's folder and manifest.</param>
    /// <param name="cancel">Ends the waiting, not the loading.</param>
    ValueTask<Problem?> LoadAsync(LoadedModel model, CancellationToken cancel);

    /// <summary>Lets go of a version's session, once what is under way has finished.</summary>
    void Unload(string folder);
}

/// <summary>Places in a version's queue; its time to answer runs from their taking. Dispose gives them back.</summary>
public interface IQueueReservation : IDisposable
{
    /// <summary>
    /// The class probabilities of one image (one a class; a single sigmoid output is spread over its two classes).
    /// Problem codes: <c>model.corrupt</c> (503), <c>serving.device-missing</c> (503), <c>classify.timeout</c> (504).
    /// </summary>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="cancel">Gives up the place in the queue.</param>
    ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(PixelBuffer image, CancellationToken cancel);
}

/// <param name="Values">0–1, in the order of the classes, sum 1.</param>
/// <param name="QueueTime">Waiting for a batch.</param>
/// <param name="InferenceTime">The run of the batch it was in.</param>
/// <param name="BatchSize">Images in that batch.</param>
/// <param name="Device">Where it ran: cpu or cuda.</param>
public sealed record ClassProbabilities(
    float[] Values, TimeSpan QueueTime, TimeSpan InferenceTime, int BatchSize, string Device = "cpu");
