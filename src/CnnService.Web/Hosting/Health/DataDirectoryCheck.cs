using CnnService.Core.Common;

namespace CnnService.Web.Hosting.Health;

/// <summary>The data directory takes files.</summary>
internal sealed class DataDirectoryCheck(DataFolders folders) : IReadinessCheck
{
    public string Name => "dataDirectory";

    public async Task<string?> FaultAsync(CancellationToken cancel)
    {
        var path = Path.Combine(folders.Uploads, $"{DurableFile.TemporaryMark}ready-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(path, [1], cancel);
            File.Delete(path);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"A file cannot be written ({failure.GetType().Name}).";
        }
    }
}
