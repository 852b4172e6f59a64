using CnnService.Client;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>A row of the grid.</summary>
/// <param name="Images">From the left.</param>
internal sealed record ImageRow(IReadOnlyList<ImageResource> Images);
