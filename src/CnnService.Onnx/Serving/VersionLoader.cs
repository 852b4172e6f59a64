using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Loads a version's files into networks that have run once, so that no caller pays for the warm-up: one on all threads, and, where many
/// callers get a core each, a second on one thread.
/// </summary>
internal static class VersionLoader
{
    /// <summary>Estimated memory of a session besides its weights.</summary>
    private const long FixedBytes = 8 << 20;

    /// <summary>Larger files are opened once only: the memory of a second session costs more than it saves.</summary>
    private const long MaxBytesLoadedTwice = 64 << 20;

    /// <summary>
    /// Estimated memory of a loaded version in bytes: per session the weights as in the file, and once more in the layout of the kernels.
    /// </summary>
    public static long MemoryOf(LoadedModel model, BatchingPlan plan)
    {
        var file = model.Manifest.Files.First(file => file.Name == ModelPackage.OnnxFile).Bytes;
        return ((2 * file) + FixedBytes) * (IsOpenedTwice(file, plan) ? 2 : 1);
    }

    public static Task<Outcome<DynamicBatcher>> LoadAsync(
        LoadedModel model, BatchingPlan plan, ServingStatistics statistics, int threads, Outcome<string> device, TimeProvider time) =>
        Task.Run(() =>
        device.Bind(found => ModelFile.Read(model).Bind(bytes => Networks(bytes, model.Manifest.Preprocessing, threads, found, plan)))
            .Bind<DynamicBatcher>(networks => new DynamicBatcher(networks.Wide, networks.Narrow, plan, statistics, time)));

    private static bool IsOpenedTwice(long file, BatchingPlan plan) => plan.CoreRuns > 0 && file <= MaxBytesLoadedTwice;

    private static Outcome<(OnnxNetwork Wide, OnnxNetwork? Narrow)> Networks(
        byte[] file, Preprocessing preprocessing, int threads, string device, BatchingPlan plan)
    {
        var wide = Warm(file, preprocessing, threads, device);
        if (!wide.Succeeded || !IsOpenedTwice(file.Length, plan))
        {
            return wide.Bind(network => (Outcome<(OnnxNetwork, OnnxNetwork?)>)(network, null));
        }

        Outcome<OnnxNetwork>? narrow = null;
        try
        {
            narrow = Warm(file, preprocessing, 1, device);
            return narrow.Bind(network => (Outcome<(OnnxNetwork, OnnxNetwork?)>)(wide.Value, network));
        }
        finally
        {
            if (narrow is not { Succeeded: true })
            {
                wide.Value.Dispose();
            }
        }
    }

    /// <summary>Opens the network and runs it once on a black image.</summary>
    private static Outcome<OnnxNetwork> Warm(byte[] file, Preprocessing preprocessing, int threads, string device) =>
        OnnxNetwork.Open(file, preprocessing, threads, device).Bind<OnnxNetwork>(network =>
        {
            try
            {
                network.Run([new byte[network.BytesPerImage]], network.Outputs[0], out _);
                return network;
            }
            catch
            {
                network.Dispose();
                throw;
            }
        });
}
