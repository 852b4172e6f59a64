using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <summary>From a version's files to a network that has run once, so that no caller meets a cold one.</summary>
internal static class VersionLoader
{
    /// <summary>Of a session besides its weights.</summary>
    private const long FixedBytes = 8 << 20;

    /// <summary>What a loaded version is reckoned at: its weights as they are in the file, and once more as the kernels want them.</summary>
    public static long MemoryOf(LoadedModel model) =>
        (2 * model.Manifest.Files.First(file => file.Name == ModelPackage.OnnxFile).Bytes) + FixedBytes;

    public static Task<Outcome<DynamicBatcher>> LoadAsync(LoadedModel model, BatchingPlan plan, ServingTally tally, int threads, Outcome<string> device, TimeProvider time) => Task.Run(() =>
        device.Then(found => ModelFile.Read(model).Then(bytes => OnnxNetwork.Open(bytes, model.Manifest.Preprocessing, threads, found))).Then(network =>
        {
            try
            {
                network.Run([new byte[network.BytesPerPicture]], network.Outputs[0], out _);
                return (Outcome<DynamicBatcher>)new DynamicBatcher(network, plan, tally, time);
            }
            catch
            {
                network.Dispose();
                throw;
            }
        }));
}
