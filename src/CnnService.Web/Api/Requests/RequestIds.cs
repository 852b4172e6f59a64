using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// One id a request: the caller's <c>X-Request-Id</c> where it is sound (1 to 64 letters, digits, '-', '_', '.'), else a new one. The host
/// puts <see cref="HttpContext.TraceIdentifier"/> into the scope of all that is logged for the request, problems tell it, the answer's
/// header and the request's span carry it.
/// </summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    /// <summary>Of the request's span.</summary>
    public const string SpanTag = "cnnservice.request_id";

    private const int Longest = 64;

    public static IServiceCollection AddRequestIds(this IServiceCollection services)
    {
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, ToldFirst>());
        return services.AddSingleton<IHttpContextFactory, Identified>();
    }

    private static string Of(StringValues sent) => sent is [{ } one] && IsSound(one) ? one : Guid.NewGuid().ToString("N");

    private static bool IsSound(string id) => id.Length is >= 1 and <= Longest && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    /// <summary>Before the host opens its log scope, which takes the id as it is then.</summary>
    private sealed class Identified(IServiceProvider services) : IHttpContextFactory
    {
        private readonly DefaultHttpContextFactory _plain = new(services);

        public HttpContext Create(IFeatureCollection featureCollection)
        {
            var http = _plain.Create(featureCollection);
            http.TraceIdentifier = Of(http.Request.Headers[Header]);
            return http;
        }

        public void Dispose(HttpContext httpContext) => _plain.Dispose(httpContext);
    }

    /// <summary>Stands around everything else, so that no answer goes without the id.</summary>
    private sealed class ToldFirst : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext http, RequestDelegate onward) =>
            {
                http.Features.Get<IHttpActivityFeature>()?.Activity.SetTag(SpanTag, http.TraceIdentifier);

                // When the answer begins: an exception on the way takes back what was set before it.
                http.Response.OnStarting(() =>
                {
                    http.Response.Headers[Header] = http.TraceIdentifier;
                    return Task.CompletedTask;
                });
                return onward(http);
            });
            next(app);
        };
    }
}
