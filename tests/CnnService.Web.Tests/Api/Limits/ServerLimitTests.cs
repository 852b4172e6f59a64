using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Api.Limits;

/// <summary>What the web server itself refuses, on a real socket.</summary>
public sealed class ServerLimitTests(ServerLimitTests.Running running) : IClassFixture<ServerLimitTests.Running>
{
    [Fact]
    public async Task BodyOverTheLimit_Is413Problem()
    {
        var answer = await SendAsync(
            "POST /train HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 11000000\r\n\r\n{\"dataset\":");
        AssertProblem(answer, 413);
    }

    [Fact]
    public async Task ChunkedBodyOverTheLimit_Is413Problem()
    {
        var chunk = $"{1 << 20:x}\r\n{new string(' ', 1 << 20)}\r\n";
        var answer = await SendAsync(
            "POST /train HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + string.Concat(Enumerable.Repeat(chunk, 11)));
        AssertProblem(answer, 413);
    }

    [Fact]
    public async Task BodyTooSlow_Is408Problem()
    {
        var time = Stopwatch.StartNew();
        var answer = await SendAsync(
            "POST /train HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        AssertProblem(answer, 408);
        Assert.True(time.Elapsed > TimeSpan.FromSeconds(4), $"after {time.Elapsed}");
    }

    [Fact]
    public async Task BadChunk_Is400Problem() => AssertProblem(
        await SendAsync(
            "POST /train HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: "
            + "chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        400);

    [Theory]
    [InlineData("80000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("7FFFFFFFFFFFFFFF")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF")]
    public async Task ChunkOver2GiB_Is400Problem(string size)
    {
        foreach (var target in (string[])["/train application/json", "/classify image/png", "/v2/repository/index application/json",
            "/models multipart/form-data;boundary=b", "/datasets multipart/form-data;boundary=b"])
        {
            var (path, type) = (target.Split(' ')[0], target.Split(' ')[1]);
            var answer = await SendAsync(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nx");
            Assert.True(Status(answer) is 400 or 404, $"{path}: {answer}"); // 404: there is no model to classify with.
        }
    }

    [Theory]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: +0\r\n\r\n", 400)]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: +2\r\n\r\n{}", 400)]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0x2\r\n\r\n{}", 400)]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", 200)]
    [InlineData("GET /health/live HTTP/1.1\r\n\r\n", 400)]
    [InlineData("POST /train HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400)]
    [InlineData("POST /train HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 400)]
    public async Task MalformedRequest_IsRefused(string request, int status) => Assert.Equal(status, Status(await SendAsync(request)));

    [Theory]
    [InlineData("/datasets/../../etc/passwd")]
    [InlineData("/datasets/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/datasets/a%00b")]
    [InlineData("/datasets/x/images/..%2f..%2f..%2fcnnservice.db")]
    [InlineData("/models/..%2f..%2fx/versions/1/onnx")]
    [InlineData("/datasets/\\..\\..\\x")]
    [InlineData("//etc/passwd")]
    public async Task HostilePath_AsItStands_IsRefused(string path) => Assert.InRange(
        Status(await SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")), 400, 404);

    [Fact]
    public async Task HeadersOverTheLimit_Is431() => Assert.Equal(431, Status(await SendAsync(
        $"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 17 << 10)}\r\n\r\n")));

    [Fact]
    public async Task TooManyHeaders_Is431() => Assert.Equal(431, Status(await SendAsync(
        $"GET /health/live HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 65).Select(i => $"X-{i}: 1\r\n"))}\r\n")));

    [Fact]
    public async Task Answer_DoesNotNameTheServer() => Assert.DoesNotContain(
        "\r\nServer:", await SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Sends the text as it stands and reads what comes until the server closes or falls silent.</summary>
    private async Task<string> SendAsync(string request)
    {
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await client.ConnectAsync(running.Service.Url.Host, running.Service.Url.Port, limit.Token);
        await using var stream = client.GetStream();
        var answer = ReadAsync(stream, limit.Token);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        }
        catch (IOException)
        {
            // The server has answered and closed before all was sent; the answer is what is wanted.
        }

        return await answer;
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancel)
    {
        var text = new StringBuilder();
        var buffer = new byte[1 << 16];
        try
        {
            while (!IsWhole(text.ToString()) && await stream.ReadAsync(buffer, cancel) is var read and > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException) when (text.Length > 0)
        {
            // Reset after the answer.
        }

        return text.ToString();
    }

    private static bool IsWhole(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end > 0 && (answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            || answer.Contains("Content-Length: 0\r\n", StringComparison.OrdinalIgnoreCase));
    }

    private static int Status(string answer) => int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture);

    private static void AssertProblem(string answer, int status)
    {
        Assert.True(answer.Length > 0, "no answer");
        Assert.Equal(status, Status(answer));
        Assert.Contains("application/problem+json", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"code\":", answer, StringComparison.Ordinal);
    }

    /// <summary>The service in a process of its own, shared by these tests.</summary>
    public sealed class Running : IAsyncLifetime
    {
        private readonly string _data = Directory.CreateTempSubdirectory("cnnservice-tests-").FullName;

        internal ServiceProcess Service { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Service = await ServiceProcess.StartAsync(_data);

        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            Directory.Delete(_data, recursive: true);
        }
    }
}
