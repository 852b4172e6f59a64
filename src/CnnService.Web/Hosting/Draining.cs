using CnnService.Core.Common;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting;

/// <summary>
/// The way out: when the service is told to stop, readiness is off at once, requests that still come are answered 503 with
/// <c>Connection: close</c>, and those in progress finish. The server goes on listening for <see cref="RoleOptions.DrainTime"/>, so that
/// clients with open connections get that answer and not a reset.
/// </summary>
internal sealed class Draining(IOptions<RoleOptions> options, TimeProvider clock) : IHostedLifecycleService
{
    private static readonly PathString Health = "/health";

    /// <summary>The problem of what comes, or goes on, when the service is told to stop.</summary>
    public static Problem Stopping { get; } =
        new(ProblemKind.Unavailable, "service.stopping", "The service is stopping: ask again when it runs again.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        var lifetime = http.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return next(http);
        }

        if (HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol))
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.Connection = "close";
                return Task.CompletedTask;
            });
        }

        return http.Request.Path.StartsWithSegments(Health)
            ? next(http)
            : Stopping.ToResult().ExecuteAsync(http);
    }

    /// <summary>Runs before any service is stopped, the server among them.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.Delay(options.Value.DrainTime, clock, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
