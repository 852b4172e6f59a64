using CnnService.Core.Classification;
using CnnService.Core.Common;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="IServingDevice"/>
/// <remarks>
/// A GPU that was configured explicitly and is missing is a failure: falling back silently would be a slow service without a reason.
/// </remarks>
internal sealed class ServingDevice(IOptions<ServingOptions> options) : IServingDevice
{
    public const string Cpu = "cpu";
    public const string Cuda = "cuda";

    private readonly Lazy<Outcome<string>> _device = new(() => Find(options.Value));

    public Outcome<string> Device => _device.Value;

    private static Outcome<string> Find(ServingOptions options)
    {
        if (options.Device == Cpu)
        {
            return Cpu;
        }

        return Sessions.CudaFault() is not { } fault ? Cuda
            : options.Device == Cuda && !options.AllowCpu ? Missing(fault)
            : Cpu;
    }

    private static Problem Missing(string fault) => new(
        ProblemKind.Unavailable, "serving.device-missing",
        $"Serving:Device is cuda, but ONNX Runtime has no GPU here: {fault} Serving:AllowCpu=true runs on the processor instead.");
}
