using CnnService.Core.Classification;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Onnx.Serving;

/// <summary>What serves models, on the processor, without a container.</summary>
internal sealed class ServingBench : IAsyncDisposable
{
    private readonly IOptions<ServingOptions> _options;

    public ServingBench(ServingOptions? options = null, IServingDevice? device = null, TimeProvider? time = null)
    {
        _options = Options.Create(options ?? new ServingOptions());
        device ??= new ServingDevice(_options, TimeProvider.System);
        Models = new(_options, new BatchingPlans(_options, Settings, device), device, time ?? TimeProvider.System);
        Runner = new(Models, _options);
    }

    public FewSettings Settings { get; } = new();

    public ModelInstanceCache Models { get; }

    public IClassifier Classifier => Models;

    public TensorRunner Runner { get; }

    public async ValueTask DisposeAsync()
    {
        Runner.Dispose();
        await Models.DisposeAsync();
    }

    internal sealed class FewSettings : IBatchingSettings
    {
        public Dictionary<string, BatchingSettings> Known { get; } = [];

        public BatchingSettings? Find(string model) => Known.GetValueOrDefault(model);
    }
}
