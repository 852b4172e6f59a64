using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence;

/// <summary>
/// Copies of each model's aliases in a file beside its versions, so that a lost database does not lose which version is in use. The
/// database decides; the files are read only to recover it. Thread safe.
/// </summary>
internal sealed class AliasFiles(DataFolders folders)
{
    private const string FileName = "aliases.json";

    /// <summary>Writes the file if it differs; a model without a folder has no files that could be recovered.</summary>
    public void Write(string model, IReadOnlyDictionary<string, int> aliases)
    {
        var known = Read(model);
        if (Directory.Exists(folders.Model(model)) && !(known.Count == aliases.Count && !known.Except(aliases).Any()))
        {
            DurableFile.Write(PathOf(model), JsonSerializer.SerializeToUtf8Bytes(aliases, CoreJson.Options));
        }
    }

    /// <summary>Versions by alias; empty if there is no file, or it does not read.</summary>
    public IReadOnlyDictionary<string, int> Read(string model)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(RegularFile.ReadAllBytes(PathOf(model)), CoreJson.Options)
                ?? new(StringComparer.Ordinal);
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return new Dictionary<string, int>(StringComparer.Ordinal);
        }
    }

    private string PathOf(string model) => Path.Combine(folders.Model(model), FileName);
}
