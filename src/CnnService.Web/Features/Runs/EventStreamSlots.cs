using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Runs;

/// <summary>Limits the number of concurrent event streams.</summary>
internal sealed class EventStreamSlots(IOptions<LimitOptions> limits) : SemaphoreSlim(limits.Value.EventStreams, limits.Value.EventStreams);
