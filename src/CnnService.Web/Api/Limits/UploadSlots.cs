using Microsoft.Extensions.Options;

namespace CnnService.Web.Api.Limits;

/// <summary>Limits the number of concurrent large uploads.</summary>
internal sealed class UploadSlots(IOptions<LimitOptions> limits) : SemaphoreSlim(limits.Value.Uploads, limits.Value.Uploads);
