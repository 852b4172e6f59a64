using CnnService.Core.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace CnnService.Web.Api.Errors;

/// <summary>Turns every error into a problem response with a code that reveals no internals.</summary>
internal static class ErrorResponses
{
    private const int ClientClosedRequest = 499;

    public static IServiceCollection AddErrorResponses(this IServiceCollection services)
    {
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, OutermostStatusPages>());
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        return services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var details = context.ProblemDetails;
            details.Extensions.TryAdd("code", CodeOf(context.Exception, details.Status ?? 500));
            details.Detail = SentenceOf(context.Exception) ?? details.Detail ?? DetailOf(context.HttpContext.Request, details.Status);
            if (context.Exception is IUnavailable)
            {
                context.HttpContext.Response.Headers.RetryAfter = "1";
            }
        });
    }

    public static IApplicationBuilder UseErrorResponses(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf, SuppressDiagnosticsCallback = IsExpected })
        .UseStatusCodePages();

    /// <summary>
    /// A failure that became no <see cref="Problem"/> on its way, where it is not an HTTP response that is answered with.
    /// </summary>
    public static ProblemDetails ToDetails(Exception failure)
    {
        var status = StatusOf(failure);
        var details = new ProblemDetails
        {
            Status = status,
            Title = ReasonPhrases.GetReasonPhrase(status),
            Detail = SentenceOf(failure),
        };
        details.Extensions["code"] = CodeOf(failure, status);
        return details;
    }

    /// <summary>Keeps status codes that the server itself chose: 413, 408, 400.</summary>
    private static int StatusOf(Exception failure) => failure switch
    {
        BadHttpRequestException refused => refused.StatusCode,
        _ when IsBadChunk(failure) => StatusCodes.Status400BadRequest,
        IUnavailable => StatusCodes.Status503ServiceUnavailable,
        OperationCanceledException => ClientClosedRequest,
        IOException full when full.IsDiskFull() => StatusCodes.Status507InsufficientStorage,
        IOException fault when fault.IsDeviceFault() => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string CodeOf(Exception? failure, int status) => failure switch
    {
        IUnavailable away => away.Code,
        IOException full when full.IsDiskFull() => "storage.full",
        IOException fault when fault.IsDeviceFault() => "storage.io",
        _ => Problems.CodeOf(status),
    };

    /// <summary>The message of a failure that is written for clients; null if it could reveal internals.</summary>
    private static string? SentenceOf(Exception? failure) =>
        failure is IUnavailable or BadHttpRequestException ? failure.Message : null;

    /// <summary>A sentence for errors that routing produced; null for other statuses.</summary>
    private static string? DetailOf(HttpRequest request, int? status) => status switch
    {
        404 => $"There is nothing at {request.Method} {request.Path}; /swagger lists what there is.",
        405 => $"{request.Path} does not take {request.Method}; /swagger lists what it takes.",
        415 => $"{(request.ContentType is null ? "The body needs a Content-Type" : $"The Content-Type "
            + $"'{request.ContentType}' is not taken here")}: "
            + "with curl, JSON goes with -H 'Content-Type: application/json', an image with -H 'Content-Type: image/jpeg'.",
        _ => null,
    };

    private static bool IsExpected(ExceptionHandlerSuppressDiagnosticsContext context) =>
        context.Exception is BadHttpRequestException or OperationCanceledException or IUnavailable
        || IsBadChunk(context.Exception);

    /// <summary>Whether the body declares a chunk above 0x7FFFFFFF bytes; Kestrel reports a failed read instead of a bad request.</summary>
    private static bool IsBadChunk(Exception failure) => failure is IOException { InnerException: OverflowException };

    /// <summary>
    /// Runs before the host's own middleware, so that a rejected host name gets a problem response like any other error.
    /// </summary>
    private sealed class OutermostStatusPages : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app => next(app.UseStatusCodePages(HostAnswerAsync));

        /// <summary>The host filter's response is the only 400 without a body.</summary>
        private static Task HostAnswerAsync(StatusCodeContext context)
        {
            var http = context.HttpContext;
            return http.Response.StatusCode == StatusCodes.Status400BadRequest
                ? Problem.Invalid("request.host-not-allowed",
                    $"The service does not answer for the host '{http.Request.Host}': name it in AllowedHosts.").ToResult()
                    .ExecuteAsync(http)
                : http.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new() { HttpContext = http }).AsTask();
        }
    }
}
