using CnnService.Core.Classification;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <summary>How each model's requests are batched here.</summary>
public sealed class ServingPlans(IOptions<ServingOptions> options, IServingKnobs knobs, IServingDevice device)
{
    /// <summary>The plan, and the device it suits: the processor where there is none.</summary>
    public (BatchingPlan Plan, string Device) Of(string model)
    {
        var found = device.Device.Match(name => name, _ => ServingDevice.Cpu);
        return (BatchingPlan.For(model, knobs.Of(model), options.Value, found), found);
    }
}
