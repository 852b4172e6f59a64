using CnnService.Core.Classification;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Onnx.Serving;

/// <summary>What serves models, on the processor, without a container.</summary>
internal sealed class ServingBench : IAsyncDisposable
{
    private readonly IOptions<ServingOptions> _options;

    public ServingBench(ServingOptions? options = null, IServingDevice? device = null)
    {
        _options = Options.Create(options ?? new ServingOptions());
        device ??= new ServingDevice(_options);
        Models = new(_options, new ServingPlans(_options, Knobs, device), device, TimeProvider.System);
        Classifier = new(Models);
        Runner = new(Models, _options);
    }

    public FewKnobs Knobs { get; } = new();

    public ServedModels Models { get; }

    public OnnxClassifier Classifier { get; }

    public TensorRunner Runner { get; }

    public async ValueTask DisposeAsync()
    {
        Runner.Dispose();
        await Models.DisposeAsync();
    }

    internal sealed class FewKnobs : IServingKnobs
    {
        public Dictionary<string, ServingKnobs> Known { get; } = [];

        public ServingKnobs? Of(string model) => Known.GetValueOrDefault(model);
    }
}
