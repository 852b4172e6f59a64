using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting.Health;

/// <summary>There is room for new work.</summary>
internal sealed class DiskCheck(DataFolders folders, IOptions<DiskOptions> options) : IReadinessCheck
{
    private const int MegaByte = 1 << 20;

    public string Name => "disk";

    public Task<string?> FaultAsync(CancellationToken cancel)
    {
        var free = folders.FreeBytes;
        return Task.FromResult(free >= options.Value.MinFreeBytes
            ? null
            : $"{free / MegaByte} MB are free, {options.Value.MinFreeBytes / MegaByte} MB are needed for new work.");
    }
}
