using Microsoft.Extensions.Options;

namespace CnnService.Web.Features.Runs;

/// <summary>How many event streams may be open at once.</summary>
internal sealed class EventStreamSlots(IOptions<LimitOptions> limits) : SemaphoreSlim(limits.Value.EventStreams, limits.Value.EventStreams);
