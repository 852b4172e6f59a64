using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Authorization;

namespace CnnService.Web.Api.Audit;

/// <summary>Records each change that a client made: which key, which operation, which resource. Runs behind authorization.</summary>
internal sealed partial class AuditTrail(RequestDelegate next, AuditStore store, TimeProvider clock, ILogger<AuditTrail> logger)
{
    private const int MaxLength = 500;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private static readonly PathString ClassifyJobs = "/classify/jobs";

    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.Response.StatusCode is >= 200 and < 300 && http.GetEndpoint() is { } endpoint && IsChange(http.Request, endpoint))
        {
            await RecordAsync(http, endpoint);
        }
    }

    /// <summary>
    /// Whether it changes what the service keeps. What a key for reading or classifying may post is a question, but for jobs; the job pages
    /// change no resource.
    /// </summary>
    private static bool IsChange(HttpRequest request, Endpoint endpoint) =>
        (HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method) || HttpMethods.IsDelete(request.Method)
            || (HttpMethods.IsPost(request.Method) && (request.Path.StartsWithSegments(ClassifyJobs) || NeedsMoreThanClassify(endpoint))))
        && !request.Path.StartsWithSegments(ServicePages.Jobs)
        && endpoint.Metadata.GetMetadata<ChangesNothing>() is null;

    private static bool NeedsMoreThanClassify(Endpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy is Scopes.Train or Scopes.Admin);

    private async Task RecordAsync(HttpContext http, Endpoint endpoint)
    {
        var operation = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? endpoint.DisplayName ?? string.Empty;
        var made = http.Response.Headers.Location.ToString();
        var resource = made.Length > 0 ? made : http.Request.Path.ToUriComponent();
        using var limit = new CancellationTokenSource(Limit, clock); // Not the client's: it may have gone, and the change is made.
        try
        {
            await store.AddAsync(Caller.Identify(http), Short(operation), Short(resource), http.Response.StatusCode, limit.Token);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
        {
            LogLost(operation, resource);
        }
    }

    private static string Short(string text) => text.Length <= MaxLength ? text : text[..MaxLength];
}
