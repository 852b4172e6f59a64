namespace CnnService.Core.Models;

/// <summary>A node of an imported file without a matching layer type.</summary>
/// <param name="Operation">The operator: <c>Resize</c>.</param>
/// <param name="Node">The node's name in the file.</param>
/// <param name="Reason">What about it is not supported.</param>
public sealed record UnsupportedNode(string Operation, string Node, string Reason);
