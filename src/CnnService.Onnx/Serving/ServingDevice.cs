using CnnService.Core.Classification;
using CnnService.Core.Common;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="IServingDevice"/>
/// <remarks>
/// A GPU that was configured explicitly and is missing is a failure, and where the processor takes its place, <see cref="Note"/> says why:
/// falling back silently would be a slow service without a reason. A GPU whose memory others had taken is tried again. Thread safe.
/// </remarks>
internal sealed class ServingDevice(IOptions<ServingOptions> options, TimeProvider time) : IServingDevice
{
    public const string Cpu = "cpu";
    public const string Cuda = "cuda";

    /// <summary>From a trial that lacked memory to the next.</summary>
    internal static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Found? _found; // Guarded by _gate, as _foundAt.
    private long _foundAt;

    public Outcome<string> Device => Current.Device;

    public string? Note => Current.Note;

    /// <summary>Whether this build has the GPU's provider, and, if so, why the GPU cannot be used; null if it can.</summary>
    internal Func<ServingOptions, (bool IsBuiltIn, string? Fault)> TryGpu { get; init; } = asked =>
        Sessions.CanHaveCuda(asked.Threads) ? (true, CudaProvider.FindFault(asked.Cuda)) : (false, null);

    private Found Current
    {
        get
        {
            lock (_gate)
            {
                if (_found is null || (_found.IsForNow && time.GetElapsedTime(_foundAt) >= RetryAfter))
                {
                    _found = Find(options.Value);
                    _foundAt = time.GetTimestamp();
                }

                return _found;
            }
        }
    }

    private Found Find(ServingOptions asked)
    {
        var isWanted = asked.Device == Cuda;
        var (isBuiltIn, found) = asked.Device == Cpu ? (false, null) : TryGpu(asked);
        if (!isWanted && !isBuiltIn)
        {
            return new(Cpu, null, IsForNow: false);
        }

        var fault = isBuiltIn ? found : "this build is for the processor only.";
        var isForNow = fault is not null && CudaMemory.IsShort(fault);
        return fault is null ? new(Cuda, null, isForNow)
            : isWanted && !asked.AllowCpu ? new(Missing(fault), null, isForNow)
            : new(Cpu, $"no GPU: {fault}", isForNow);
    }

    private static Problem Missing(string fault) => new(
        ProblemKind.Unavailable, "serving.device-missing",
        $"Serving:Device is cuda, but ONNX Runtime has no GPU here: {fault} Serving:AllowCpu=true runs on the processor instead.");

    /// <param name="Device">The device, or why there is none.</param>
    /// <param name="Note">Why it is the processor, where a GPU was to be expected.</param>
    /// <param name="IsForNow">Whether the GPU lacked memory, which may be free later.</param>
    private sealed record Found(Outcome<string> Device, string? Note, bool IsForNow);
}
