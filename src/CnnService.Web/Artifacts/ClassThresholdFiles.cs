using System.Collections.Concurrent;
using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Artifacts;

/// <summary>
/// What the classes of versions need, in a file in the version's folder, so that all processes sharing the folder see it; no part of the
/// package, whose files never change. Read again where it was written since. Thread safe.
/// </summary>
internal sealed class ClassThresholdFiles
{
    private const string FileName = "thresholds.json";

    /// <summary>What <see cref="File.GetLastWriteTimeUtc(string)"/> gives for a file that is not there.</summary>
    private static readonly DateTime Never = DateTime.FromFileTimeUtc(0);

    private readonly ConcurrentDictionary<string, (DateTime WrittenAt, ClassThresholds Thresholds)> _known = new(StringComparer.Ordinal);

    /// <summary>Null where none were set.</summary>
    public ClassThresholds? Find(LoadedModel model)
    {
        var path = PathOf(model);
        var writtenAt = File.GetLastWriteTimeUtc(path);
        if (writtenAt == Never)
        {
            _known.TryRemove(path, out _);
            return null;
        }

        if (_known.TryGetValue(path, out var known) && known.WrittenAt == writtenAt)
        {
            return known.Thresholds;
        }

        var read = Read(path);
        _known[path] = (writtenAt, read);
        return read;
    }

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

        _known.TryRemove(path, out _);
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
