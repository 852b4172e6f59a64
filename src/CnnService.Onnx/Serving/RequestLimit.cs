using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>The time limit of a request whose images are one answer: that it was not given counts as one failure.</summary>
internal sealed class RequestLimit(IAnswerLimit limit) : IAnswerLimit
{
    private readonly Lazy<Problem> _timeout = new(limit.RecordTimeout);

    public CancellationToken Over => limit.Over;

    public Problem RecordTimeout() => _timeout.Value;
}
