using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>What a caller is told whose time limit is over, wherever its images or tensors are by then.</summary>
internal static class AnswerTimeout
{
    /// <summary>Counts a call that was not answered (an image of `/classify`, a request of `/v2`), and gives its problem.</summary>
    /// <param name="plan">Gives the time limit.</param>
    /// <param name="statistics">Records the failure.</param>
    /// <param name="took">Time that the caller has waited.</param>
    public static Problem Record(BatchingPlan plan, ServingStatistics statistics, TimeSpan took)
    {
        ClassifyMetrics.Refused("classify.timeout");
        statistics.RecordFailure(took);
        return new(ProblemKind.Timeout, "classify.timeout", $"There was no answer within {plan.DefaultTimeout.TotalSeconds} s.");
    }
}
