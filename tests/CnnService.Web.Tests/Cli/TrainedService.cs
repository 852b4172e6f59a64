using CnnService.Tests.Shared;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Cli;

/// <summary>A service, as users run it, that <c>cnn train --url</c> has given a model of the generated sample.</summary>
public sealed class TrainedService : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServiceProcess? _service;

    internal ServiceProcess Service => _service!;

    /// <summary>What the training said.</summary>
    internal CommandLineRun Training { get; private set; } = new(-1, string.Empty, string.Empty);

    internal string Url => Service.Url.ToString();

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync(Path.Combine(_folder.Path, "data"));
        await _service.ImportSampleAsync();
        Training = await CommandLineRun.RunAsync(
            "train", "shapes", "--url", Url, "--architecture", "lenet5", "--image-size", "32", "--epochs", "1", "--json");
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _folder.Dispose();
    }
}
