using Microsoft.Extensions.Options;

namespace CnnService.Web.Api.Limits;

/// <summary>How many large files may be uploaded at once.</summary>
internal sealed class UploadSlots(IOptions<LimitOptions> limits) : SemaphoreSlim(limits.Value.Uploads, limits.Value.Uploads);
