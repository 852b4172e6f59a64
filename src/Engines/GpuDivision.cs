using System.Globalization;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Onnx.Serving;
using CnnService.Torch.Native;

namespace CnnService.Engines;

/// <summary>
/// The GPU's memory, divided among those who use it: the one place where that is decided. ONNX Runtime takes its part as the limit of each
/// session, libtorch as the share that its allocator is held to.
/// </summary>
/// <param name="Training">Share of a training, 0 to 1; 1: no limit.</param>
/// <param name="Serving">Share of published models.</param>
/// <param name="Drawing">Share of patterns and films, in the serving process.</param>
internal sealed record GpuDivision(double Training, double Serving, double Drawing)
{
    private const double TrainingWeight = 0.6;
    private const double ServingWeight = 0.25;
    private const double DrawingWeight = 0.1;

    /// <summary>What is given away: the rest is for what CUDA takes for itself in each process.</summary>
    private const double Given = TrainingWeight + ServingWeight + DrawingWeight;

    private const string Cuda = "cuda";

    /// <summary>A process that shares with nobody, as the command line.</summary>
    public static GpuDivision Undivided { get; } = new(1, 1, 1);

    /// <summary>Shares that are not set divide what the others leave, in the proportion of their defaults.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="serves">Whether this process serves models and draws.</param>
    /// <param name="trains">Whether it starts trainings.</param>
    public static GpuDivision Create(GpuOptions options, bool serves, bool trains)
    {
        (double? Set, double Weight)[] parts =
        [
            (options.TrainingShare, trains ? TrainingWeight : 0),
            (options.ServingShare, serves ? ServingWeight : 0),
            (options.DrawingShare, serves ? DrawingWeight : 0),
        ];
        var left = Math.Max(0, Given - parts.Sum(part => part.Set ?? 0));
        var open = parts.Where(part => part.Set is null).Sum(part => part.Weight);
        var shares = parts.Select(part => part.Set ?? (open > 0 ? left * part.Weight / open : 0)).ToArray();
        var isAlone = trains && !serves && parts.All(part => part.Set is null);
        return new(isAlone ? 1 : shares[0], shares[1], shares[2]);
    }

    /// <summary>Whether a device's name is that of a GPU: <c>cuda</c>, <c>cuda:0</c>.</summary>
    public static bool IsGpu(string device) => device.StartsWith(Cuda, StringComparison.Ordinal);

    /// <summary>Where models are not served on the GPU, a training has their part too.</summary>
    public double TrainingBeside(IServingDevice serving) =>
        Serving == 0 || serving.Device.Match(IsGpu, _ => false) ? Training : Math.Min(1, Training + Serving);

    /// <summary>Sets the limits of the serving process's sessions, unless they are set; without a GPU there is nothing to divide.</summary>
    public void Limit(ServingOptions serving, IGpuMemory gpus)
    {
        if (Serving >= 1 || serving.Device == "cpu" || serving.Cuda.MemoryMebibytes > 0)
        {
            return;
        }

        var mebibytes = (int)(Serving * gpus.TotalBytes(serving.Cuda.Index) / (1 << 20));
        if (mebibytes > 0)
        {
            serving.Cuda.MemoryMebibytes = mebibytes;
            serving.MemoryMebibytes = serving is { Device: Cuda, AllowCpu: false }
                ? Math.Min(serving.MemoryMebibytes, mebibytes)
                : serving.MemoryMebibytes; // It may turn out to be the processor's.
        }
    }

    /// <summary>Holds libtorch in the serving process, where it draws, to its part.</summary>
    public void Limit(TorchOptions torch)
    {
        if (Drawing > 0)
        {
            torch.GpuMemoryShare = Math.Min(torch.GpuMemoryShare, Drawing);
        }
    }

    /// <summary>The environment that holds a training process to its part.</summary>
    public void PassTo(IDictionary<string, string?> environment, IServingDevice serving)
    {
        if (TrainingBeside(serving) is > 0 and < 1 and var share)
        {
            environment[$"{TorchOptions.Section}__{nameof(TorchOptions.GpuMemoryShare)}"] =
                share.ToString("0.###", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>One sentence for readiness.</summary>
    /// <param name="bytes">All memory of the GPU.</param>
    /// <param name="isHeld">Whether libtorch can be held to its share.</param>
    public string Describe(long bytes, bool isHeld) => string.Create(CultureInfo.InvariantCulture,
        $"of {bytes >> 20} MiB: {Training:P0} for training, {Serving:P0} for serving, {Drawing:P0} for drawing")
        + (isHeld ? string.Empty : "; this libtorch cannot be held to a share");
}
