using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>The layout of a data set's folder, and its manifest.</summary>
public static class DatasetFolder
{
    public const string ManifestFile = "manifest.json";

    public const string ImagesFolder = "images";

    /// <summary>
    /// Reads the manifest. Problem codes: <c>dataset.not-found</c> where there is none, <c>dataset.corrupt</c> where it cannot be read.
    /// </summary>
    public static Outcome<DatasetManifest> ReadManifest(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        try
        {
            using var stream = RegularFile.OpenRead(Path.Combine(folder, ManifestFile));
            return JsonSerializer.Deserialize<DatasetManifest>(stream, CoreJson.Options)
                ?? (Outcome<DatasetManifest>)Corrupt(name, "it is empty");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Problem.NotFound("dataset.not-found", $"There is no data set '{name}', or it is not complete.");
        }
        catch (JsonException failure)
        {
            return Corrupt(name, failure.Message);
        }
    }

    private static Problem Corrupt(string name, string fault) =>
        new(ProblemKind.Internal, "dataset.corrupt", $"The manifest of data set '{name}' does not read: {fault}");
}
