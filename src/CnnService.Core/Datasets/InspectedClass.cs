namespace CnnService.Core.Datasets;

/// <summary>A class that an import would give.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="Images">Number of its images in each split.</param>
/// <param name="Examples">Paths of up to five of its images in the source, in ordinal order.</param>
public sealed record InspectedClass(string Name, SplitCounts Images, IReadOnlyList<string> Examples);
