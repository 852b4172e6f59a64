using CnnService.Core.Common;

namespace CnnService.Core.Classification;

/// <summary>The time limit of a request for a network's answer, which covers decoding, queue and run. Thread safe.</summary>
public interface IAnswerLimit
{
    /// <summary>Cancelled when the time is over.</summary>
    CancellationToken Over { get; }

    /// <summary>
    /// What the caller is told when the time was over before the image had entered the queue: <c>classify.timeout</c> (504). Counts a
    /// failure in the version's statistics.
    /// </summary>
    Problem RecordTimeout();
}
