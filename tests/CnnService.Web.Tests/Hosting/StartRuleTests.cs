using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Hosting;

/// <summary>What the service does not start with: one sentence and an exit code, no stack trace.</summary>
public sealed class StartRuleTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly string _data = Directory.CreateTempSubdirectory("cnnservice-tests-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("loopback", "--urls=http://0.0.0.0:0")]
    [InlineData("loopback", "--urls=http://*:0")]
    [InlineData("loopback", "--urls=http://[::]:0")]
    [InlineData("loopback", "--urls=http://127.0.0.1:0;http://0.0.0.0:0")]
    [InlineData("loopback", "--urls=http://127.0.0.1:0", "--Kestrel:Endpoints:Open:Url=http://0.0.0.0:0")]
    public async Task OpenAddress_WithoutKeys_IsRefused(string word, params string[] settings) => await AssertRefusedAsync(word, settings);

    [Theory]
    [InlineData("AllowedHosts", "a", "*")]
    [InlineData("AllowedHosts", "a", "cnn.example.org; *")]
    [InlineData("AllowedHosts", "a", "cnn.example.org;0.0.0.0")]
    [InlineData("AllowedHosts", "a", ";")]
    [InlineData("Sha256", "abc", "localhost")]
    [InlineData("Scopes", "everything", "localhost")]
    public async Task UnsoundKey_IsRefused(string word, string fault, string hosts)
    {
        var hash = fault == "abc" ? fault : Keys.Hash(Keys.Of("read"));
        var scope = fault == "everything" ? fault : "read";
        await AssertRefusedAsync(
            word, $"--AllowedHosts={hosts}", "--Auth:Keys:0:Name=one", $"--Auth:Keys:0:Sha256={hash}", $"--Auth:Keys:0:Scopes:0={scope}");
    }

    [Theory]
    [InlineData("--Host:Roles:0=nobody")]
    [InlineData("--Host:Roles=nobody")]
    [InlineData("--Host:Roles=api, nobody")]
    public async Task UnknownRole_IsRefused(string setting) => await AssertRefusedAsync("received 'nobody'", setting);

    [Fact]
    public async Task UnknownLogFormat_IsRefused() => await AssertRefusedAsync("Logging:Format", "--Logging:Format=xml");

    [Fact]
    public async Task SweepsOfNoTrials_AreRefused() => await AssertRefusedAsync("MaxTrials", "--Sweeps:MaxTrials=0");

    [Theory]
    [InlineData("--Host:Roles:0=worker")]
    [InlineData("--Host:Roles=worker")]
    public async Task SplitRolesWithoutPostgres_AreRefused(string setting) => await AssertRefusedAsync("PostgreSQL", setting);

    [Fact]
    public async Task OptionOutOfRange_IsRefused() => await AssertRefusedAsync("MaxQueuedRuns", "--Training:MaxQueuedRuns=0");

    [Fact]
    public async Task OptionOfAnotherType_IsRefused() =>
        await AssertRefusedAsync("'abc' at 'Training:StopWithin'", "--Training:StopWithin=abc");

    [Fact]
    public async Task DataDirectoryThatCannotBeMade_IsRefused()
    {
        await using var service = ServiceProcess.Launch("/proc/none/data");
        await service.WaitForExitAsync(Limit);

        Assert.Equal(1, service.ExitCode);
        Assert.Contains("The data directory '/proc/none/data' cannot be used", service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressInUse_IsRefused()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        await AssertRefusedAsync("address already in use", $"--urls=http://{taken.LocalEndpoint}");
    }

    [Fact]
    public async Task DataDirectoryInUse_IsRefusedAndNamesTheOwner()
    {
        await using var first = await ServiceProcess.StartAsync(_data);
        await AssertRefusedAsync(first.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task AssertRefusedAsync(string word, params string[] settings)
    {
        await using var service = ServiceProcess.Launch(_data, settings);
        await service.WaitForExitAsync(Limit);
        Assert.NotEqual(0, service.ExitCode);
        Assert.Contains(word, service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Output, StringComparison.Ordinal);
    }
}
