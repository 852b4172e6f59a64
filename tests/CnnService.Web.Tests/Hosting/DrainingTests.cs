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
    public async Task RequestOnAnOpenConnection_AfterSigterm_Is503AndTheConnectionIsClosed()
    {
        await using var service = await ServiceProcess.StartAsync(_data, "--Host:DrainTime=00:01:00");
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, service.Url.Port);
        var stream = connection.GetStream();
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(stream), StringComparison.Ordinal);

        var exit = service.StopAsync();
        await Eventually.IsAsync(() => ReadyAsync(service), status => status == HttpStatusCode.ServiceUnavailable);
        var answer = await AskAsync(stream);

        Assert.StartsWith("HTTP/1.1 503", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("service.stopping", answer, StringComparison.Ordinal);
        Assert.Equal(0, await stream.ReadAsync(new byte[1])); // The server has closed it.
        Assert.False(exit.IsCompleted);
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
