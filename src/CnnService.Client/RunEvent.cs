using System.Text.Json;

namespace CnnService.Client;

/// <summary>An event of a run.</summary>
/// <param name="Id">To go on after it; null where the service gives none.</param>
/// <param name="Kind"><c>state</c>, <c>step</c>, <c>epoch</c> or <c>log</c>.</param>
/// <param name="Data">What happened.</param>
public sealed record RunEvent(string? Id, string Kind, JsonElement Data);
