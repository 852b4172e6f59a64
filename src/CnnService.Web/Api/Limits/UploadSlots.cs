using CnnService.Core.Common;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Api.Limits;

/// <summary>Limits the number of concurrent large uploads. Thread safe.</summary>
internal sealed class UploadSlots(IOptions<LimitOptions> limits) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly int _max = limits.Value.Uploads;
    private readonly SemaphoreSlim _slots = new(limits.Value.Uploads, limits.Value.Uploads);

    /// <summary>Receives an upload. Problems: <c>upload.busy</c> where no slot is free, and those of the upload.</summary>
    public async Task<Outcome<T>> RunAsync<T>(Func<Task<Outcome<T>>> upload, CancellationToken cancel)
    {
        if (!await _slots.WaitAsync(TimeSpan.Zero, cancel))
        {
            return new Problem(ProblemKind.Unavailable, "upload.busy",
                $"At most {_max} files may be uploaded at a time; try again when one has arrived.")
            { RetryAfter = RetryAfter };
        }

        try
        {
            return await upload();
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();
}
