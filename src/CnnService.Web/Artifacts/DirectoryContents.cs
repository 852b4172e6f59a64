using System.Globalization;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models;

namespace CnnService.Web.Artifacts;

/// <summary>What the data directory holds by its files, whatever the database says.</summary>
internal sealed class DirectoryContents(DataFolders folders)
{
    /// <summary>Names of the data sets that are complete.</summary>
    public IReadOnlyList<string> Datasets() =>
        [.. Names(folders.Datasets).Where(name => DatasetFolder.Exists(folders.Dataset(name)))];

    /// <summary>The model versions that are complete, in order.</summary>
    public IReadOnlyList<(string Model, int Version)> ModelVersions() =>
    [
        .. from model in Names(folders.Models)
           from name in Names(folders.Model(model))
           where int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
           let version = int.Parse(name, CultureInfo.InvariantCulture)
           where File.Exists(Path.Combine(folders.ModelVersion(model, version), ModelPackage.ManifestFile))
           orderby model, version
           select (model, version),
    ];

    /// <summary>Ids of the runs that have begun.</summary>
    public IReadOnlyList<string> Runs() => [.. Names(folders.Runs).Where(id => AttemptFolders.Newest(folders.Run(id)) is not null)];

    /// <summary>What there is, in words; null if there is nothing.</summary>
    public string? Describe()
    {
        string[] parts =
        [
            .. Count(Datasets().Count, "data set"), .. Count(ModelVersions().Count, "model version"), .. Count(Runs().Count, "run"),
        ];
        return parts.Length == 0 ? null : string.Join(", ", parts);
    }

    private static IEnumerable<string> Count(int number, string what) => number == 0 ? [] : [$"{number} {what}{(number == 1 ? "" : "s")}"];

    private static IEnumerable<string> Names(string folder) => !Directory.Exists(folder) ? [] : Directory.EnumerateDirectories(folder)
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
