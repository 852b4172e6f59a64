namespace CnnService.Core.Models;

/// <summary>A node of a file that no layer here stands for.</summary>
/// <param name="Operation">The operator: <c>Resize</c>.</param>
/// <param name="Node">The node's name in the file.</param>
/// <param name="Reason">What of it is not known here.</param>
public sealed record UnsupportedNode(string Operation, string Node, string Reason);
