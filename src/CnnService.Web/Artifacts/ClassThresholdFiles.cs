using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Artifacts;

/// <summary>
/// What the classes of versions need, in a file in the version's folder, so that all processes sharing the folder see it; no part of the
/// package, whose files never change. Thread safe.
/// </summary>
internal sealed class ClassThresholdFiles
{
    private const string FileName = "thresholds.json";

    private readonly WrittenFiles<ClassThresholds> _files = new(Read);

    /// <summary>Null where none were set.</summary>
    public ClassThresholds? Find(LoadedModel model) => _files.Find(PathOf(model));

    /// <summary>Replaces them; none: removes them.</summary>
    public void Set(LoadedModel model, ClassThresholds thresholds)
    {
        var path = PathOf(model);
        if (thresholds.Values.Count == 0)
        {
            File.Delete(path);
        }
        else
        {
            DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(thresholds.Values, CoreJson.Indented));
        }

        _files.Forget(path);
    }

    private static ClassThresholds Read(string path)
    {
        try
        {
            return new(JsonSerializer.Deserialize<Dictionary<string, double>>(RegularFile.ReadAllBytes(path), CoreJson.Options) ?? []);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(new Dictionary<string, double>()); // Removed meanwhile.
        }
    }

    private static string PathOf(LoadedModel model) => Path.Combine(model.Folder, FileName);
}
