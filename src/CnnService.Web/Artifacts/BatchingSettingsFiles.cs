using System.Collections.Concurrent;
using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Batching settings of individual models, in a file next to the model's versions, so that all processes sharing the folder see them. Read
/// only when a version is loaded, and by <see cref="Changed"/>. Thread safe.
/// </summary>
internal sealed class BatchingSettingsFiles(DataFolders folders) : IBatchingSettings
{
    private const string FileName = "serving.json";

    /// <summary>The settings by which a model's versions may be loaded, of each model that was asked for.</summary>
    private readonly ConcurrentDictionary<string, BatchingSettings?> _used = new(StringComparer.Ordinal);

    public BatchingSettings? Find(string model)
    {
        var settings = Read(model);
        _used.TryAdd(model, settings);
        return settings;
    }

    /// <summary>The models whose settings another process has changed since the last call, or since they were first asked for.</summary>
    public IReadOnlyList<string> Changed() => [.. _used.Where(used => Differs(used.Key, used.Value)).Select(used => used.Key)];

    private bool Differs(string model, BatchingSettings? used)
    {
        var settings = Read(model);
        return settings != used && _used.TryUpdate(model, settings, used);
    }

    /// <summary>Opened each time, never only looked at: a network file system then asks its server.</summary>
    private BatchingSettings? Read(string model)
    {
        try
        {
            return JsonSerializer.Deserialize<BatchingSettings>(RegularFile.ReadAllBytes(PathOf(model)), CoreJson.Options);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Set(string model, BatchingSettings settings)
    {
        DurableFile.Write(PathOf(model), JsonSerializer.SerializeToUtf8Bytes(settings, CoreJson.Indented));
        _used[model] = settings;
    }

    public void Remove(string model)
    {
        if (Directory.Exists(folders.Model(model)))
        {
            File.Delete(PathOf(model));
        }

        _used[model] = null;
    }

    private string PathOf(string model) => Path.Combine(folders.Model(model), FileName);
}
