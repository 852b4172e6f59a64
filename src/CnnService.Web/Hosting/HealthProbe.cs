namespace CnnService.Web.Hosting;

/// <summary>The verb <c>health URL</c>: probes a running service, for container health checks without additional tools.</summary>
internal static class HealthProbe
{
    public const string Verb = "health";

    /// <summary>Exit code: 0 if the address returns success within 3 seconds, else 1.</summary>
    public static async Task<int> RunAsync(string url)
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpMessageInvoker(handler);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        try
        {
            using var answer = await client.SendAsync(request, timeout.Token);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }
}
