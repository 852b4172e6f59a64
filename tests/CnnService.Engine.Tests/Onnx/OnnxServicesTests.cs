using CnnService.Core.Classification;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Onnx;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Onnx;

public sealed class OnnxServicesTests
{
    [Fact]
    public async Task AddOnnx_GivesEachOfCoresServices()
    {
        await using var services = new ServiceCollection().AddOnnx().BuildServiceProvider();

        Assert.NotNull(services.GetRequiredService<IModelExporter>());
        Assert.NotNull(services.GetRequiredService<IOnnxRunnerFactory>());
        Assert.NotNull(services.GetRequiredService<IFeatureMapReader>());
        Assert.NotNull(services.GetRequiredService<IClassifier>());
        Assert.Equal(8, services.GetRequiredService<IOptions<ServingOptions>>().Value.MaxBatchSize);
    }

    public static TheoryData<string, Action<ServingOptions>> OutOfRange => new()
    {
        { nameof(ServingOptions.Threads), options => options.Threads = -1 },
        { nameof(ServingOptions.MaxBatchSize), options => options.MaxBatchSize = 0 },
        { nameof(ServingOptions.MaxWait), options => options.MaxWait = TimeSpan.FromSeconds(2) },
        { nameof(ServingOptions.QueueSize), options => options.QueueSize = 0 },
        { nameof(ServingOptions.Timeout), options => options.Timeout = TimeSpan.Zero },
        { nameof(ServingOptions.MaxLoadedModels), options => options.MaxLoadedModels = 0 },
    };

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void AddOnnx_WithASettingOutOfRange_RefusesIt(string setting, Action<ServingOptions> configure)
    {
        using var services = new ServiceCollection().AddOnnx().Configure(configure).BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ServingOptions>>().Value);
        Assert.Contains(setting, failure.Message, StringComparison.Ordinal);
    }
}
