using System.Net;
using System.Net.Sockets;
using CnnService.Tests.Shared;
using CnnService.Web.Hosting;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;

namespace CnnService.Web.Tests.Hosting;

/// <summary>An address for gRPC: on loopback, in HTTP/2 alone, apart from the one for HTTP.</summary>
public sealed class GrpcAddressTests
{
    private const string Http = "http://localhost:5000";

    [Theory]
    [InlineData("http://localhost:5001", "http://localhost:5001")]
    [InlineData("http://127.0.0.1:5001/", "http://127.0.0.1:5001")]
    [InlineData("http://[::1]:5001", "http://[::1]:5001")]
    [InlineData("http://loopback:5001", "http://localhost:5001")] // The server would listen everywhere for a name that it does not know.
    public void Read_OfALoopbackAddress_IsTaken(string setting, string url)
    {
        var address = Read(setting, Http);

        Assert.Equal(new GrpcAddress(url, 5001, null), address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Read_WithoutAnAddress_IsNone(string? setting) => Assert.Null(Read(setting, Http));

    [Theory]
    [InlineData("http://0.0.0.0:5001")]
    [InlineData("http://[::]:5001")]
    [InlineData("http://*:5001")]
    [InlineData("http://192.168.1.5:5001")]
    [InlineData("http://cnn.example.org:5001")]
    [InlineData("https://localhost:5001")]
    [InlineData("http://localhost:0")]
    [InlineData("http://localhost:5001/v2")]
    [InlineData("localhost:5001")]
    [InlineData("5001")]
    public void Read_OfAnotherAddress_IsRefusedInOneSentence(string setting)
    {
        var refusal = Read(setting, Http)?.Refusal;

        Assert.Contains("on loopback only", refusal, StringComparison.Ordinal);
        Assert.Contains($"received '{setting}'", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfThePortForHttp_IsRefused() =>
        Assert.Contains(
            "a port of its own", Read("http://127.0.0.1:5000", "http://localhost:5010", Http)?.Refusal, StringComparison.Ordinal);

    [Fact]
    public async Task OpenAddress_IsRefusedWithKeysToo()
    {
        using var folder = new TemporaryFolder();
        await using var service = ServiceProcess.Launch(
            folder.Path, "--Grpc:Url=http://0.0.0.0:5001", "--AllowedHosts=localhost", "--Auth:Keys:0:Name=one",
            $"--Auth:Keys:0:Sha256={Keys.Hash(Keys.Of("read"))}", "--Auth:Keys:0:Scopes:0=read");
        await service.WaitForExitAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(1, service.ExitCode);
        Assert.Contains("does not start: gRPC is served in plain text on loopback only", service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BothAddresses_AnswerTheirOwnProtocolOnly()
    {
        using var folder = new TemporaryFolder();
        await using var service = await StartAsync(folder.Path);
        var url = new Uri(service.Output.Split('\n').Last(line => line.Contains("Now listening on: ", StringComparison.Ordinal))
            .Split("Now listening on: ")[1].Trim());
        Assert.NotEqual(service.Url.Port, url.Port);

        using var channel = GrpcChannel.ForAddress(url);
        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await LiveAsync(service, url, HttpVersion.Version20));
        Assert.Equal(HttpStatusCode.BadRequest, await LiveAsync(service, url, HttpVersion.Version11));
        Assert.Equal(HttpStatusCode.OK, await LiveAsync(service, service.Url, HttpVersion.Version11));
        await Assert.ThrowsAsync<HttpRequestException>(() => LiveAsync(service, service.Url, HttpVersion.Version20));
        Assert.Equal(0, await service.StopAsync());
    }

    private static async Task<HttpStatusCode> LiveAsync(ServiceProcess service, Uri address, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "health/live"))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await service.Client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>A port that was free a moment ago may be taken: then another is tried.</summary>
    private static async Task<ServiceProcess> StartAsync(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            try
            {
                return await ServiceProcess.StartAsync(folder, $"--Grpc:Url=http://127.0.0.1:{port}");
            }
            catch (InvalidOperationException taken) when (attempt < 5
                && taken.Message.Contains("address already in use", StringComparison.Ordinal))
            {
            }
        }
    }

    private static GrpcAddress? Read(string? setting, params string[] others) => GrpcAddress.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new(GrpcAddress.Setting, setting)]).Build(), others);
}
