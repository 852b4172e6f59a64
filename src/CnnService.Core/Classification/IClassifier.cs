using CnnService.Core.Common;

namespace CnnService.Core.Classification;

/// <summary>Serves published model versions; keeps sessions, joins requests into batches. Thread safe.</summary>
public interface IClassifier
{
    /// <summary>
    /// The class probabilities of one picture (one a class; a single sigmoid output is spread over its two classes).
    /// Problem codes: <c>model.corrupt</c> (503), <c>classify.queue-full</c> (503), <c>classify.timeout</c> (504).
    /// </summary>
    /// <param name="model">The version's folder and manifest.</param>
    /// <param name="picture">At the network's input size and channels.</param>
    /// <param name="cancel">Gives up the place in the queue.</param>
    ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(Models.LoadedModel model, PixelBuffer picture, CancellationToken cancel);

    /// <summary>Lets go of a version's session, once what is under way has finished.</summary>
    void Unload(string folder);
}

/// <param name="Values">0–1, in the order of the classes, sum 1.</param>
/// <param name="QueueTime">Waiting for a batch.</param>
/// <param name="InferenceTime">The run of the batch it was in.</param>
/// <param name="BatchSize">Pictures in that batch.</param>
public sealed record ClassProbabilities(
    IReadOnlyList<float> Values, TimeSpan QueueTime, TimeSpan InferenceTime, int BatchSize);
