using System.Diagnostics.Metrics;
using CnnService.Core.Common;

namespace CnnService.Web.Api.Errors;

/// <summary>Counts refused requests by reason; request counts and durations are ASP.NET Core's own metrics.</summary>
internal static class RequestMetrics
{
    private static readonly Counter<long> Refusals = Telemetry.Meter.CreateCounter<long>(
        "cnnservice.requests.refused", "{request}",
        "Requests that were told to come again later (429, 503), by the code of their problem.");

    public static void CountRefusal(int status, string code) =>
        Refusals.Add(1, new("status", status), new KeyValuePair<string, object?>("code", code));
}
