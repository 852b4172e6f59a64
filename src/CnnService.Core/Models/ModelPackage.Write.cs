using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

public static partial class ModelPackage
{
    /// <summary>
    /// Writes the package's files, each atomically, and the manifest last: a folder without a manifest is not a package. Leftovers of an
    /// interrupted attempt are overwritten.
    /// </summary>
    /// <param name="folder">Created if it does not exist.</param>
    /// <param name="manifest">Its list of files is replaced by the actual one.</param>
    /// <param name="onnx">The network as ONNX.</param>
    /// <param name="weights">The same weights, for the training engine.</param>
    /// <param name="familiarity">The measure of familiarity in the ONNX file; null: none.</param>
    /// <returns>The manifest as written.</returns>
    public static ModelManifest Write(
        string folder, ModelManifest manifest, ReadOnlySpan<byte> onnx, NamedWeights weights, FamiliarityHead? familiarity = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            [Preprocessing.MetadataKey] = manifest.Preprocessing.ToMetadata(),
        };
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, ManifestFile));
        DurableFile.Write(Path.Combine(folder, OnnxFile), onnx);
        DurableFile.Write(Path.Combine(folder, WeightsFile), stream => SafetensorsFile.Write(stream, weights, metadata));
        if (familiarity is not null)
        {
            DurableFile.Write(Path.Combine(folder, FamiliarityFile), familiarity.Write);
        }

        string[] files = [OnnxFile, WeightsFile, .. familiarity is null ? Array.Empty<string>() : [FamiliarityFile]];
        var whole = manifest with { Files = [.. files.Select(file => Describe(folder, file))] };
        DurableFile.Write(Path.Combine(folder, ManifestFile), JsonSerializer.SerializeToUtf8Bytes(whole, CoreJson.Indented));
        return whole;
    }

    internal static PackageFile Describe(string folder, string name)
    {
        using var stream = RegularFile.OpenRead(Path.Combine(folder, name));
        return new(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
