using System.Net.Http.Json;
using System.Text.Json;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CnnService.Web.Tests;

/// <summary>The service in this process, on a data directory of its own that goes with it.</summary>
public sealed class CnnServiceApplication : WebApplicationFactory<Program>
{
    /// <summary>Disposed by no service: Hangfire's log is static, and outlives the service that set it.</summary>
    private static readonly ILoggerFactory Log = LoggerFactory.Create(log => log.AddConsole().SetMinimumLevel(LogLevel.Warning));

    private readonly Dictionary<string, string> _settings;
    private readonly Action<IServiceCollection> _replace;

    public CnnServiceApplication()
        : this([])
    {
    }

    /// <param name="settings">Beside the data directory.</param>
    /// <param name="replace">Puts fakes in the place of engines.</param>
    internal CnnServiceApplication(Dictionary<string, string> settings, Action<IServiceCollection>? replace = null)
    {
        _settings = settings;
        _replace = replace ?? (_ => { });
    }

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("cnnservice-tests-").FullName;

    /// <summary>A client that follows no redirects: what the service answers is what the test sees.</summary>
    public HttpClient Client => field ??= CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(CoreJson.Options)).Clone();

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var answer = await Client.GetAsync(Relative(path));
        Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await JsonAsync(answer);
    }

    public static Uri Relative(string path) => new(path, UriKind.RelativeOrAbsolute);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("DataDirectory", DataDirectory);
        builder.UseSetting("Host:DrainTime", "00:00:00"); // Nobody is connected when a test ends.
        builder.UseSetting("Starts:Patience", "00:10:00"); // However busy the machine is.
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureTestServices(services => _replace(services.AddSingleton(Log)));
    }
}
