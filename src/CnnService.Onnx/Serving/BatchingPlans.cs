using CnnService.Core.Classification;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <summary>Resolves the batching of models from settings, options and device.</summary>
public sealed class BatchingPlans(IOptions<ServingOptions> options, IBatchingSettings settings, IServingDevice device)
{
    /// <summary>The batching of a model and the device it is for; <c>cpu</c> if the configured device is missing.</summary>
    public (BatchingPlan Plan, string Device) Of(string model)
    {
        var found = device.Device.Match(name => name, _ => ServingDevice.Cpu);
        return (BatchingPlan.For(model, settings.Of(model), options.Value, found), found);
    }
}
