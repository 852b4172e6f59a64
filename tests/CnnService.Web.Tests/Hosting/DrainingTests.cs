using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Hosting;

/// <summary>A service that is told to stop while clients hold connections open.</summary>
public sealed class DrainingTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("cnnservice-tests-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task AfterSigterm_ReadinessIsOff_AndWhatComesIsStillAnswered_AndPartedFrom()
    {
        await using var service = await ServiceProcess.StartAsync(_data, "--Host:DrainTime=00:01:00");
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, service.Url.Port);
        var stream = connection.GetStream();
        Assert.DoesNotContain("Connection: close", await AskAsync(stream), StringComparison.OrdinalIgnoreCase);

        var exit = service.StopAsync();
        await Eventually.IsAsync(() => ReadyAsync(service), status => status == HttpStatusCode.ServiceUnavailable);
        using var late = new TcpClient();
        await late.ConnectAsync(IPAddress.Loopback, service.Url.Port);
        var answers = new[] { await AskAsync(stream), await AskAsync(late.GetStream()) };

        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.Contains("Connection: close", answer, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0, await stream.ReadAsync(new byte[1])); // The server has closed it.
        Assert.False(exit.IsCompleted);
    }

    /// <summary>A client that asks without a pause, each time on a connection of its own, as through a load balancer.</summary>
    [Fact]
    public async Task Sigterm_UnderLoad_RefusesNothing_UntilTheTimeIsOver()
    {
        var drain = TimeSpan.FromSeconds(3);
        await using var service = await ServiceProcess.StartAsync(_data, $"--Host:DrainTime={drain}");
        var since = Stopwatch.StartNew();
        var exit = service.StopAsync();
        var answered = 0;
        while (since.Elapsed < drain - TimeSpan.FromSeconds(1)) // The signal arrives after it is sent: the time ends later than this.
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, service.Url.Port);
            Assert.StartsWith("HTTP/1.1 200", await AskAsync(connection.GetStream()), StringComparison.Ordinal);
            answered++;
        }

        Assert.Equal(0, await exit);
        Assert.InRange(answered, 1, int.MaxValue);
    }

    [Fact]
    public async Task Sigterm_WithoutDrainTime_EndsWell()
    {
        await using var service = await ServiceProcess.StartAsync(_data, "--Host:DrainTime=00:00:00");

        Assert.Equal(0, await service.StopAsync());
    }

    private static async Task<HttpStatusCode> ReadyAsync(ServiceProcess service)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("health/ready"));
        return answer.StatusCode;
    }

    /// <summary>Sends a request and reads one answer with its body.</summary>
    private static async Task<string> AskAsync(NetworkStream stream)
    {
        await stream.WriteAsync("GET /runs HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(text.ToString()))
        {
            var count = await stream.ReadAsync(buffer);
            Assert.NotEqual(0, count);
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    /// <summary>Chunked answers end with an empty chunk.</summary>
    private static bool IsWhole(string answer) => answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
}
