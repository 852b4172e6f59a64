using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Features.Operating;

/// <summary>What a service needs, each tried by itself.</summary>
internal static class ReadinessChecks
{
    /// <summary>Runs that do not end, of which a service can bear fewer.</summary>
    private const int MaxLeftBehind = 3;

    /// <summary>Whether a file can be written.</summary>
    /// <param name="folder">Where.</param>
    public static ReadinessCheck Folder(string folder)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}{DurableFile.TemporaryMark}ready");
        try
        {
            File.WriteAllBytes(path, [1]);
            File.Delete(path);
            return new("dataDirectory", true, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new("dataDirectory", false, $"A file cannot be written ({failure.GetType().Name}).");
        }
    }

    /// <summary>Whether there is room for new work.</summary>
    /// <param name="free">Free bytes.</param>
    public static ReadinessCheck Disk(long free) => free > DiskSpaceCheck.Reserve
        ? new("disk", true, null)
        : new("disk", false, $"{free >> 20} MB are free; new work is refused below {DiskSpaceCheck.Reserve >> 20} MB.");

    /// <summary>Whether models can be run.</summary>
    public static ReadinessCheck Serving(IServingDevice serving, IServingRuns runs)
    {
        if (runs.LeftBehind >= MaxLeftBehind)
        {
            return new("serving", false, $"{runs.LeftBehind} runs of models did not end; a restart of the service frees what they hold.");
        }

        return serving.Device.Match(
            device => new ReadinessCheck(
                "serving", true, $"models run on {device}{(serving.Note is { } note ? $"; {note}" : string.Empty)}"),
            problem => new ReadinessCheck("serving", false, problem.Detail));
    }

    /// <summary>Whether models can be trained.</summary>
    public static ReadinessCheck Torch(ITorchRuntime torch) => torch.Status.Match(
        info => new ReadinessCheck("torch", true,
            $"libtorch {info.Version} on {info.DescribeDevices()}{(info.Patched ? "; binding loaded from a copy for an older "
                + "C++ library" : string.Empty)}"),
        problem => new ReadinessCheck("torch", false, problem.Detail));
}

/// <param name="Name">database, dataDirectory, disk, torch, serving, gpu or models.</param>
/// <param name="Ok">Whether the check passed.</param>
/// <param name="Detail">What is wrong, or what was found.</param>
internal sealed record ReadinessCheck(string Name, bool Ok, string? Detail);
