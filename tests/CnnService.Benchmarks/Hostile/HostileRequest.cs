namespace CnnService.Benchmarks.Hostile;

/// <summary>A request that breaks a rule.</summary>
/// <param name="Operation">The operation it is made from.</param>
/// <param name="Rule">What is wrong with it, in words.</param>
/// <param name="Bytes">As sent, on a connection of its own.</param>
/// <param name="Limit">Time within which it must be answered.</param>
/// <param name="EndsEarly">Whether the client leaves before the request is whole.</param>
internal sealed record HostileRequest(ApiOperation Operation, string Rule, byte[] Bytes, TimeSpan Limit, bool EndsEarly = false);
