using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// One id per request: the client's <c>X-Request-Id</c> if valid (1 to 64 letters, digits, '-', '_', '.'), else a new one. It becomes
/// <see cref="HttpContext.TraceIdentifier"/>, which is in the host's log scope, in problem responses, in the response header and in the
/// request's span.
/// </summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    /// <summary>Tag of the request's span.</summary>
    public const string SpanTag = "cnnservice.request_id";

    private const int MaxLength = 64;

    public static IServiceCollection AddRequestIds(this IServiceCollection services)
    {
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, OutermostRequestIds>());
        return services.AddSingleton<IHttpContextFactory, IdentifiedRequest>();
    }

    private static string Accept(StringValues sent) => sent is [{ } one] && IsValid(one) ? one : Guid.NewGuid().ToString("N");

    private static bool IsValid(string id) =>
        id.Length is >= 1 and <= MaxLength && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    /// <summary>Sets the id before the host opens the log scope, which copies it.</summary>
    private sealed class IdentifiedRequest(IServiceProvider services) : IHttpContextFactory
    {
        private readonly DefaultHttpContextFactory _plain = new(services);

        public HttpContext Create(IFeatureCollection featureCollection)
        {
            var http = _plain.Create(featureCollection);
            http.TraceIdentifier = Accept(http.Request.Headers[Header]);
            return http;
        }

        public void Dispose(HttpContext httpContext) => _plain.Dispose(httpContext);
    }

    /// <summary>The outermost middleware, so that every response has the id.</summary>
    private sealed class OutermostRequestIds : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext http, RequestDelegate onward) =>
            {
                http.Features.Get<IHttpActivityFeature>()?.Activity.SetTag(SpanTag, http.TraceIdentifier);

                // Only when the response starts: the exception handler clears headers set earlier.
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
