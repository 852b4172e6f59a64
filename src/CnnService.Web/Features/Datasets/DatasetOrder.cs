using CnnService.Core.Datasets;

namespace CnnService.Web.Features.Datasets;

/// <summary>What a request asks for.</summary>
/// <param name="Import">The import, whose folder is not set yet.</param>
/// <param name="IsDryRun">Whether it is only told what the import would give.</param>
/// <param name="Upload">The upload in pieces that is the archive; null for an archive of the request itself, and for others.</param>
internal sealed record DatasetOrder(DatasetImport Import, bool IsDryRun, string? Upload = null);
