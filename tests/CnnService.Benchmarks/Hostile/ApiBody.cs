using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnService.Benchmarks.Hostile;

/// <summary>A body that an operation takes.</summary>
/// <param name="MediaType">Such as application/json.</param>
/// <param name="Schema">With references resolved at the top level only.</param>
/// <param name="Example">An example; null if there is none.</param>
internal sealed record ApiBody(string MediaType, JsonElement Schema, JsonNode? Example);
