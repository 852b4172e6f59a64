using CnnService.Core.Classification;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
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
        Assert.Equal(
            new BatchingPlan(8, TimeSpan.Zero, 256, TimeSpan.FromSeconds(10), 1,
                Environment.ProcessorCount > 1 ? Environment.ProcessorCount : 0),
                services.GetRequiredService<BatchingPlans>().Resolve("any").Plan);
    }

    public static TheoryData<string, Action<ServingOptions>> OutOfRange => new()
    {
        { nameof(ServingOptions.Threads), options => options.Threads = -1 },
        { nameof(ServingOptions.MaxBatchSize), options => options.MaxBatchSize = 0 },
        { nameof(ServingOptions.MaxQueueDelay), options => options.MaxQueueDelay = TimeSpan.FromSeconds(2) },
        { nameof(ServingOptions.MaxQueueSize), options => options.MaxQueueSize = 0 },
        { nameof(ServingOptions.DefaultTimeout), options => options.DefaultTimeout = TimeSpan.Zero },
        { nameof(ServingOptions.Instances), options => options.Instances = 0 },
        { nameof(ServingOptions.Device), options => options.Device = "tpu" },
        { nameof(ServingOptions.MemoryMebibytes), options => options.MemoryMebibytes = 0 },
        { "Serving:Models:pets:MaxBatchSize", options => options.Models["pets"] = new() { MaxBatchSize = 0 } },
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
