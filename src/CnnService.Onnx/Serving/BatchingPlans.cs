using CnnService.Core.Classification;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <summary>How each model's requests are batched here.</summary>
public sealed class BatchingPlans(IOptions<ServingOptions> options, IBatchingSettings settings, IServingDevice device)
{
    /// <summary>The plan, and the device it suits: the processor where there is none.</summary>
    public (BatchingPlan Plan, string Device) Of(string model)
    {
        var found = device.Device.Match(name => name, _ => ServingDevice.Cpu);
        return (BatchingPlan.For(model, settings.Of(model), options.Value, found), found);
    }
}
