using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>
/// The package that a version was given by calibrating it: the same weights, with a temperature and a measure of familiarity in the ONNX
/// file. It lies in a folder inside the version's, whose own files never change, and takes their place as soon as a file names it.
/// </summary>
public static class CalibratedFiles
{
    private const string PointerFile = "calibrated.json";
    private const string Prefix = "calibrated-";
    private const int HashLetters = 16;

    /// <summary>The folder of the package that a version is served from: the calibrated one, or its own.</summary>
    /// <param name="versionFolder">The version's folder.</param>
    public static string FolderOf(string versionFolder)
    {
        ArgumentNullException.ThrowIfNull(versionFolder);
        return Find(versionFolder) is { } pointer ? Path.Combine(versionFolder, Path.GetFileName(pointer.Folder)) : versionFolder;
    }

    /// <summary>The file that is there where a version was calibrated, and is written whenever it is.</summary>
    /// <param name="versionFolder">The version's folder.</param>
    public static string PointerOf(string versionFolder) => Path.Combine(versionFolder, PointerFile);

    /// <summary>The data set that a version was calibrated on; null where it was not calibrated after it was made.</summary>
    public static string? DatasetOf(LoadedModel model) => Find(VersionFolderOf(model))?.Dataset;

    /// <summary>Writes the package, and then what names it; an earlier one is deleted.</summary>
    /// <param name="model">The version, or its earlier calibrated package.</param>
    /// <param name="made">The package's content.</param>
    /// <param name="dataset">The data set's reference, with its revision.</param>
    public static void Write(LoadedModel model, CalibratedVersion made, string dataset)
    {
        ArgumentNullException.ThrowIfNull(made);
        var version = VersionFolderOf(model);
        var name = $"{Prefix}{Convert.ToHexStringLower(SHA256.HashData(made.File))[..HashLetters]}";
        ModelPackage.Write(Path.Combine(version, name), made.Manifest, made.File, made.Weights, made.Familiarity);
        DurableFile.Write(
            PointerOf(version), JsonSerializer.SerializeToUtf8Bytes(new Pointer(name, dataset), CoreJson.Indented));
        foreach (var old in Directory.EnumerateDirectories(version, $"{Prefix}*").Where(folder => Path.GetFileName(folder) != name))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    private static string VersionFolderOf(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Path.GetFileName(model.Folder).StartsWith(Prefix, StringComparison.Ordinal)
            ? Path.GetDirectoryName(model.Folder)!
            : model.Folder;
    }

    private static Pointer? Find(string versionFolder)
    {
        var path = PointerOf(versionFolder);
        return File.Exists(path) ? JsonSerializer.Deserialize<Pointer>(RegularFile.ReadAllBytes(path), CoreJson.Options) : null;
    }

    private sealed record Pointer(string Folder, string Dataset);
}

/// <summary>The content of a calibrated package.</summary>
/// <param name="Manifest">With its calibration.</param>
/// <param name="File">The ONNX file, with temperature and measure.</param>
/// <param name="Weights">As they were.</param>
/// <param name="Familiarity">The measure; null: none.</param>
public sealed record CalibratedVersion(ModelManifest Manifest, byte[] File, NamedWeights Weights, FamiliarityHead? Familiarity);
