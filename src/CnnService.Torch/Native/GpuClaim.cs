using static TorchSharp.torch;

namespace CnnService.Torch.Native;

/// <summary>
/// The agreement of this host's processes on a GPU: a training marks it as taken, and what can be computed elsewhere as well keeps off it
/// meanwhile. A lock on a file, which the system releases with the process that holds it.
/// </summary>
internal static class GpuClaim
{
    private const int Tries = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Marks a device as taken until the result is disposed, by any number of trainings at once; null if the folder cannot be written.
    /// </summary>
    /// <param name="folder">A folder that the processes share; created if it is missing.</param>
    /// <param name="device">The device.</param>
    internal static IDisposable? Take(string folder, Device device)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                // Shared: it fails only in the moment in which somebody asks whether the device is free.
                return new FileStream(PathOf(folder, device), FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
            }
            catch (IOException) when (i < Tries)
            {
                Thread.Sleep(Pause);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Whether no training holds the device.</summary>
    internal static bool IsFree(string folder, Device device)
    {
        try
        {
            using var exclusive = new FileStream(PathOf(folder, device), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string PathOf(string folder, Device device) =>
        Path.Combine(Directory.CreateDirectory(folder).FullName, $"{device.type}-{device.index}.claim".ToLowerInvariant());
}
