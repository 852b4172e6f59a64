namespace CnnService.Core.Common;

/// <param name="Duration">From the start of the work on; longer than zero.</param>
/// <param name="Exceeded">What callers are told when it is exceeded.</param>
public sealed record TimeLimit(TimeSpan Duration, Problem Exceeded);
