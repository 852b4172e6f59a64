using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Starts;

/// <summary>
/// Finds the trained starts: those that come with the program, and those in folders of the operator, as a folder of manifest and file each.
/// Read anew at each call, so that one is added by copying its folder. Thread safe.
/// </summary>
public sealed class StartCatalog(StartFolders folders)
{
    private const string Invalid = "start.invalid";
    private const long MaxManifestBytes = 1 << 20;

    /// <summary>All starts by name, and what is wrong with those that cannot be used (<c>start.invalid</c>).</summary>
    public (IReadOnlyList<Start> Starts, IReadOnlyList<Problem> Unusable) List()
    {
        var read = folders.Roots.Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
            .Where(folder => File.Exists(Path.Combine(folder, StartManifest.FileName)))
            .Select(Read).ToList();
        return ([.. read.Where(start => start.Succeeded).Select(start => start.Value).DistinctBy(start => start.Name)
            .OrderBy(start => start.Name, StringComparer.Ordinal)],
            [.. read.Where(start => !start.Succeeded).Select(start => start.Problem!)]);
    }

    /// <summary>
    /// Their names, for whoever examines an installation. To have none is no fault; one that cannot be used is. Problem code:
    /// <c>start.invalid</c>.
    /// </summary>
    public Outcome<string> Describe()
    {
        var (starts, unusable) = List();
        return unusable.Count > 0 ? unusable[0]
            : starts.Count == 0 ? "none: the recipe quick cannot be used"
            : string.Join(", ", starts.Select(start => start.Name));
    }

    /// <summary>The start of a name. Problem codes: <c>start.not-found</c>, <c>start.invalid</c>.</summary>
    public Outcome<Start> Find(string name)
    {
        var (starts, unusable) = List();
        return starts.FirstOrDefault(start => start.Name == name) is { } found ? found
            : unusable.FirstOrDefault(problem => problem.Data.GetValueOrDefault("name") as string == name)
                ?? (starts.Count == 0
                    ? Problem.NotFound("start.not-found", $"There is no start '{name}': this program was built without pretrained starts.")
                    : Problem.NotFound("start.not-found",
                        $"There is no start '{name}'; there are: {string.Join(", ", starts.Select(start => start.Name))}."));
    }

    private static Outcome<Start> Read(string folder)
    {
        try
        {
            using var stream = RegularFile.OpenRead(Path.Combine(folder, StartManifest.FileName));
            if (stream.Length > MaxManifestBytes)
            {
                return Refuse(folder, null, $"its {StartManifest.FileName} must be at most {MaxManifestBytes} bytes long");
            }

            var manifest = JsonSerializer.Deserialize<StartManifest>(stream, CoreJson.Options);
            return manifest is null ? Refuse(folder, null, $"its {StartManifest.FileName} is empty")
                : Check(manifest, folder) is { } fault ? Refuse(folder, manifest.Name, fault)
                : new Start(manifest, folder);
        }
        catch (JsonException failure)
        {
            return Refuse(folder, null, $"its {StartManifest.FileName} does not read: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Refuse(folder, null, $"its {StartManifest.FileName} cannot be read ({failure.GetType().Name})");
        }
    }

    private static string? Check(StartManifest manifest, string folder)
    {
        string?[] files = [manifest.File, manifest.MeanImage?.File];
        return !ResourceName.IsValid(manifest.Name) ? $"its name {ResourceName.Rule}, received \"{manifest.Name}\""
            : files.FirstOrDefault(file => file is not null && Path.GetFileName(file) != file) is { } path
                ? $"its files must lie beside {StartManifest.FileName}, received \"{path}\""
            : files.FirstOrDefault(file => file is not null && !File.Exists(Path.Combine(folder, file))) is { } missing
                ? $"the file '{missing}' is missing"
            : null;
    }

    private static Problem Refuse(string folder, string? name, string fault) =>
        new Problem(ProblemKind.Unavailable, Invalid, $"The start '{Path.GetFileName(folder)}' cannot be used: {fault}.") with
        {
            Data = new Dictionary<string, object?> { ["name"] = name ?? Path.GetFileName(folder) },
        };
}
