using CnnService.Core.Common;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Api.Errors;

/// <summary>Every error is a problem answer with a code; nothing of the inside is told.</summary>
internal static class ErrorAnswers
{
    private const int ClientClosedRequest = 499;

    public static IServiceCollection AddErrorAnswers(this IServiceCollection services)
    {
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, StatusPagesFirst>());
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        return services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var details = context.ProblemDetails;
            details.Extensions.TryAdd("code", CodeOf(context.Exception, details.Status ?? 500));
            if (context.Exception is StoreUnavailableException or BadHttpRequestException)
            {
                details.Detail = context.Exception.Message;
            }

            details.Detail ??= DetailOf(context.HttpContext.Request, details.Status);
            if (context.Exception is StoreUnavailableException)
            {
                context.HttpContext.Response.Headers.RetryAfter = "1";
            }
        });
    }

    public static IApplicationBuilder UseErrorAnswers(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf, SuppressDiagnosticsCallback = IsExpected })
        .UseStatusCodePages();

    /// <summary>Keeps the statuses that the server itself meant: 413, 408, 400.</summary>
    private static int StatusOf(Exception failure) => failure switch
    {
        BadHttpRequestException refused => refused.StatusCode,
        StoreUnavailableException => StatusCodes.Status503ServiceUnavailable,
        OperationCanceledException => ClientClosedRequest,
        IOException full when full.IsDiskFull() => StatusCodes.Status507InsufficientStorage,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string CodeOf(Exception? failure, int status) => failure switch
    {
        StoreUnavailableException => "store.unavailable",
        IOException full when full.IsDiskFull() => "storage.full",
        _ => Problems.CodeOf(status),
    };

    /// <summary>What the routing decided by itself, in a sentence.</summary>
    private static string? DetailOf(HttpRequest request, int? status) => status switch
    {
        404 => $"There is nothing at {request.Method} {request.Path}; /swagger lists what there is.",
        405 => $"{request.Path} does not take {request.Method}; /swagger lists what it takes.",
        415 => $"{(request.ContentType is null ? "The body needs a Content-Type" : $"The Content-Type '{request.ContentType}' is not taken here")}: "
            + "with curl, JSON goes with -H 'Content-Type: application/json', a picture with -H 'Content-Type: image/jpeg'.",
        _ => null,
    };

    private static bool IsExpected(ExceptionHandlerSuppressDiagnosticsContext context) =>
        context.Exception is BadHttpRequestException or OperationCanceledException;

    /// <summary>Lets one route take larger bodies than the rest.</summary>
    public static void AllowBody(this HttpContext context, Func<LimitOptions, long> bytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = bytes(context.RequestServices.GetRequiredService<IOptions<LimitOptions>>().Value);
        }
    }

    /// <summary>Stands around what the host itself puts first, so that a refused host name is answered like any error.</summary>
    private sealed class StatusPagesFirst : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app => next(app.UseStatusCodePages(HostAnswerAsync));

        /// <summary>The only 400 without an answer of its own is that of the host filter.</summary>
        private static Task HostAnswerAsync(StatusCodeContext context)
        {
            var http = context.HttpContext;
            return http.Response.StatusCode == StatusCodes.Status400BadRequest
                ? Problem.Invalid("request.host-not-allowed", $"The service does not answer for the host '{http.Request.Host}': name it in AllowedHosts.").ToResult().ExecuteAsync(http)
                : http.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new() { HttpContext = http }).AsTask();
        }
    }
}
