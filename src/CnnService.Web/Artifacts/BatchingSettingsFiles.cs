using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Batching settings of individual models, in a file next to the model's versions, so that all processes sharing the folder see them. Read
/// only when a version is loaded. Thread safe.
/// </summary>
internal sealed class BatchingSettingsFiles(DataFolders folders) : IBatchingSettings
{
    private const string FileName = "serving.json";

    public BatchingSettings? Find(string model)
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

    public void Set(string model, BatchingSettings settings) =>
        DurableFile.Write(PathOf(model), JsonSerializer.SerializeToUtf8Bytes(settings, CoreJson.Indented));

    public void Remove(string model)
    {
        if (Directory.Exists(folders.Model(model)))
        {
            File.Delete(PathOf(model));
        }
    }

    private string PathOf(string model) => Path.Combine(folders.Model(model), FileName);
}
