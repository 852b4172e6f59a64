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

    /// <summary>
    /// Reads and decodes an image that the manifest names. Problem codes: <c>dataset.image-missing</c>, <c>dataset.image-unreadable</c>.
    /// </summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="id">Id of the image.</param>
    /// <param name="decode">Decodes the bytes of the file.</param>
    public static Outcome<PixelBuffer> DecodeImage(string folder, string id, Func<byte[], Outcome<PixelBuffer>> decode)
    {
        ArgumentNullException.ThrowIfNull(decode);
        var file = Path.Combine(folder, ImagesFolder, id);
        return File.Exists(file)
            ? decode(RegularFile.ReadAllBytes(file)).MapProblem(unreadable => Problem.Unprocessable(
                "dataset.image-unreadable", $"The image '{id}' of the data set can no longer be read: {unreadable.Detail}"))
            : Problem.Unprocessable("dataset.image-missing", $"The file of image '{id}' of the data set is missing.");
    }

    private static Problem Corrupt(string name, string fault) =>
        new(ProblemKind.Internal, "dataset.corrupt", $"The manifest of data set '{name}' does not read: {fault}");
}
