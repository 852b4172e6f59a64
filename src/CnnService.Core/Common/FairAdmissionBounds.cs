namespace CnnService.Core.Common;

/// <summary>Bounds of a <see cref="FairAdmission"/>.</summary>
/// <param name="What">What is admitted, for messages: <c>drawings</c>.</param>
/// <param name="Code">Code of the problem when a caller has too many waiting.</param>
public sealed record FairAdmissionBounds(string What, string Code)
{
    /// <summary>How many run at once, of all callers together; at least 1.</summary>
    public required int MaxConcurrency { get; init; }

    /// <summary>How many of one caller run at once; at least 1.</summary>
    public int PerCaller { get; init; } = 1;

    /// <summary>How many of one caller wait for their turn at most; at least 1.</summary>
    public required int MaxWaiting { get; init; }
}
