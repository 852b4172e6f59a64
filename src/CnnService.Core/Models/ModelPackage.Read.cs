using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

public static partial class ModelPackage
{
    /// <summary>Problem code of a package that cannot be used.</summary>
    internal const string Corrupt = "model.corrupt";

    private const int KnownFormat = 1;

    private const long MaxManifestBytes = 16 << 20;

    /// <summary>Reads the manifest and checks that its files exist with the right lengths. Problem code: <c>model.corrupt</c>.</summary>
    public static Outcome<ModelManifest> Open(string folder) => Guard(folder, () => ReadManifest(folder).Bind(manifest =>
        manifest.Files.FirstOrDefault(file => new FileInfo(Path.Combine(folder, file.Name)).Length != file.Bytes) is { } file
            ? CorruptPackage(folder, $"the file '{file.Name}' must be {file.Bytes} bytes long")
            : (Outcome<ModelManifest>)manifest));

    /// <summary>As <see cref="Open"/>, without a look at the files, which need not be there.</summary>
    public static Outcome<ModelManifest> ReadDescription(string folder) => Guard(folder, () => ReadManifest(folder));

    /// <summary>As <see cref="Open"/>, and also reads every file to compare its SHA-256.</summary>
    public static Outcome<ModelManifest> Verify(string folder) => Guard(folder, () => Open(folder).Bind(manifest =>
        manifest.Files.FirstOrDefault(file => Describe(folder, file.Name).Sha256 != file.Sha256) is { } file
            ? CorruptPackage(folder, $"the content of '{file.Name}' is not what the manifest says (SHA-256)")
            : (Outcome<ModelManifest>)manifest));

    /// <summary>Verifies a version's folder and resolves its network.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="version">From 1.</param>
    /// <param name="folder">Absolute path of the package.</param>
    public static Outcome<LoadedModel> Load(string name, int version, string folder) => Verify(folder).Bind(manifest =>
    {
        var errors = new ValidationErrors();
        var network = NetworkSpecValidator.Resolve(manifest.Network, manifest.Classes.Count, errors, "network", allowsMultiLabel: true);
        return network is null
            ? CorruptPackage(folder, "the network of the manifest breaks rules") with { Errors = errors.ToDictionary() }
            : (Outcome<LoadedModel>)new LoadedModel(name, version, folder, manifest, network);
    });

    private static Outcome<ModelManifest> ReadManifest(string folder)
    {
        using var stream = RegularFile.OpenRead(Path.Combine(folder, ManifestFile));
        if (stream.Length > MaxManifestBytes)
        {
            return CorruptPackage(folder, $"the manifest must be at most {MaxManifestBytes} bytes long");
        }

        var manifest = JsonSerializer.Deserialize<ModelManifest>(stream, CoreJson.Options);
        return manifest switch
        {
            null => CorruptPackage(folder, "the manifest is empty"),
            { Format: not KnownFormat } => CorruptPackage(folder, $"the manifest has format {manifest.Format}, known is {KnownFormat}"),
            { Classes.Count: 1 } => CorruptPackage(folder, "the manifest must name at least 2 classes, or none"),
            _ when !ListsRequiredFiles(manifest) =>
                CorruptPackage(folder, $"the manifest must list {OnnxFile} and {WeightsFile} by their plain names"),
            _ => manifest,
        };
    }

    private static bool ListsRequiredFiles(ModelManifest manifest) =>
        manifest.Files.All(file => file is not null && Path.GetFileName(file.Name) == file.Name)
        && manifest.Files.Any(file => file.Name == OnnxFile)
        && manifest.Files.Any(file => file.Name == WeightsFile);

    private static Outcome<ModelManifest> Guard(string folder, Func<Outcome<ModelManifest>> read)
    {
        try
        {
            return read();
        }
        catch (JsonException failure)
        {
            return CorruptPackage(folder, $"the manifest does not read: {failure.Message}");
        }
        catch (FileNotFoundException failure)
        {
            return CorruptPackage(folder, $"the file '{Path.GetFileName(failure.FileName)}' is missing");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return CorruptPackage(folder, $"its files cannot be read ({failure.GetType().Name})");
        }
    }

    private static Problem CorruptPackage(string folder, string fault) =>
        new(ProblemKind.Unavailable, Corrupt, $"The model package '{Path.GetFileName(folder)}' cannot be used: {fault}");
}
