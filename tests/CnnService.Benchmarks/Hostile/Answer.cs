namespace CnnService.Benchmarks.Hostile;

/// <summary>What came back for a request.</summary>
/// <param name="Status">The status; 0 if the service closed the connection without one, -1 if there was no end within a minute.</param>
/// <param name="Text">The beginning of head and body, for messages.</param>
/// <param name="Elapsed">From the first byte sent to the last one received.</param>
internal sealed record Answer(int Status, string Text, TimeSpan Elapsed);
