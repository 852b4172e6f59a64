using CnnService.Core.Classification;
using CnnService.Core.Common;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="IServingDevice"/>
/// <remarks>
/// A GPU that was configured explicitly and is missing is a failure, and where the processor takes its place, <see cref="Note"/> says why:
/// falling back silently would be a slow service without a reason.
/// </remarks>
internal sealed class ServingDevice(IOptions<ServingOptions> options) : IServingDevice
{
    public const string Cpu = "cpu";
    public const string Cuda = "cuda";

    private readonly Lazy<(Outcome<string> Device, string? Note)> _found = new(() => Find(options.Value));

    public Outcome<string> Device => _found.Value.Device;

    public string? Note => _found.Value.Note;

    private static (Outcome<string> Device, string? Note) Find(ServingOptions options)
    {
        var (isWanted, isBuiltIn) = (options.Device == Cuda, options.Device != Cpu && Sessions.CanHaveCuda(options.Threads));
        if (!isWanted && !isBuiltIn)
        {
            return (Cpu, null);
        }

        var fault = isBuiltIn ? CudaProvider.FindFault(options.Cuda) : "this build is for the processor only.";
        return fault is null ? (Cuda, null)
            : isWanted && !options.AllowCpu ? (Missing(fault), null)
            : (Cpu, $"no GPU: {fault}");
    }

    private static Problem Missing(string fault) => new(
        ProblemKind.Unavailable, "serving.device-missing",
        $"Serving:Device is cuda, but ONNX Runtime has no GPU here: {fault} Serving:AllowCpu=true runs on the processor instead.");
}
