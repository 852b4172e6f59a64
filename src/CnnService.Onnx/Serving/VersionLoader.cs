using CnnService.Core.Common;
using CnnService.Core.Models;
using Microsoft.ML.OnnxRuntime;

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
        LoadedModel model, BatchingPlan plan, ServingStatistics statistics, int threads, Outcome<RunTarget> target, TimeProvider time) =>
        Task.Run(() =>
        target.Bind(found => ModelFile.Read(model).Bind(bytes => Networks(bytes, model.Manifest.Preprocessing, threads, found, plan)))
            .Bind<DynamicBatcher>(networks => new DynamicBatcher(networks.Wide, networks.Narrow, plan, statistics, time)));

    private static bool IsOpenedTwice(long file, BatchingPlan plan) => plan.CoreRuns > 0 && file <= MaxBytesLoadedTwice;

    private static Outcome<(OnnxNetwork Wide, OnnxNetwork? Narrow)> Networks(
        byte[] file, Preprocessing preprocessing, int threads, RunTarget target, BatchingPlan plan)
    {
        var wide = OpenWarm(file, preprocessing, threads, target, plan.MaxBatchSize);
        if (!wide.Succeeded || !IsOpenedTwice(file.Length, plan))
        {
            return wide.Bind(network => (Outcome<(OnnxNetwork, OnnxNetwork?)>)(network, null));
        }

        Outcome<OnnxNetwork>? narrow = null;
        try
        {
            narrow = OpenWarm(file, preprocessing, 1, target, plan.MaxBatchSize);
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

    /// <summary>
    /// Opens the network and runs it on black images: on one, or, where batches are padded, once in each size that a batch can have,
    /// because the first run of a size is the one that chooses its kernels.
    /// </summary>
    private static Outcome<OnnxNetwork> OpenWarm(
        byte[] file, Preprocessing preprocessing, int threads, RunTarget target, int maxBatchSize) =>
        OnnxNetwork.Open(file, preprocessing, threads, target).Match<Outcome<OnnxNetwork>>(
            network => WarmUp(network, target.IsBound ? BoundNetwork.PaddedSize(maxBatchSize) : 1),
            refused => CudaMemory.FindShortage(refused.Detail, target.Device) ?? refused);

    /// <param name="network">Disposed if it fails.</param>
    /// <param name="largest">Images of the largest batch.</param>
    private static Outcome<OnnxNetwork> WarmUp(OnnxNetwork network, int largest)
    {
        try
        {
            // The largest first: the memory that it takes is enough for those after it.
            for (var size = largest; size >= 1; size /= 2)
            {
                ReadOnlyMemory<byte> black = new byte[network.BytesPerImage];
                network.Run([.. Enumerable.Repeat(black, size)], network.Outputs[0], out _);
            }

            return network;
        }
        catch (OnnxRuntimeException failure) when (CudaMemory.FindShortage(failure.Message, network.Device) is { } shortage)
        {
            network.Dispose();
            return shortage;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
