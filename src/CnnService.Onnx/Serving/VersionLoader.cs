using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>From a version's files to a network that has run once, so that no caller meets a cold one; twice where many callers are given a
/// core each.</summary>
internal static class VersionLoader
{
    /// <summary>Of a session besides its weights.</summary>
    private const long FixedBytes = 8 << 20;

    /// <summary>A larger file is opened once only: the memory of a second session is worth more than what it would save.</summary>
    private const long MaxBytesLoadedTwice = 64 << 20;

    /// <summary>What a loaded version is reckoned at: for each session its weights as they are in the file, and once more as the kernels
    /// want them.</summary>
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

    /// <summary>Opened, and run once.</summary>
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
