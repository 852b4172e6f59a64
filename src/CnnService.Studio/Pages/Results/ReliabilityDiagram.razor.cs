namespace CnnService.Studio.Pages.Results;

/// <summary>How often the network is right, by how sure it says it is.</summary>
public sealed partial class ReliabilityDiagram;
