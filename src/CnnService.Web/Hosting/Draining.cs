using CnnService.Core.Common;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Hosting;

/// <summary>
/// The way out: when the service is told to stop, readiness is off at once, and for <see cref="RoleOptions.DrainTime"/> it goes on
/// answering whatever comes, each answer with <c>Connection: close</c>: a load balancer notices meanwhile, and clients that keep
/// connections open part from them. What still comes on an open connection after that is answered 503, and what is under way finishes.
/// Thread safe.
/// </summary>
internal sealed class Draining(IHostApplicationLifetime lifetime, IOptions<RoleOptions> options, TimeProvider clock)
    : IHostedLifecycleService, IDisposable
{
    private static readonly PathString Health = "/health";

    private readonly CancellationTokenSource _over = new();

    /// <summary>The problem of what comes, or goes on, when the service has stopped answering.</summary>
    public static Problem Stopping { get; } =
        new(ProblemKind.Unavailable, "service.stopping", "The service is stopping: ask again when it runs again.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    /// <summary>Signalled when the time is over, before the server stops listening.</summary>
    public CancellationToken Over => _over.Token;

    public static Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        var draining = http.RequestServices.GetRequiredService<Draining>();
        return draining.IsStopping ? draining.PartAsync(http, next) : next(http);
    }

    /// <summary>Runs before any service is stopped, the server among them.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(options.Value.DrainTime, clock, cancellationToken);
        await _over.CancelAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _over.Dispose();

    private bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    private Task PartAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol))
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.Connection = "close";
                return Task.CompletedTask;
            });
        }

        return !_over.IsCancellationRequested || http.Request.Path.StartsWithSegments(Health)
            ? next(http)
            : Stopping.ToResult().ExecuteAsync(http);
    }
}
