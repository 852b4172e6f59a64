using System.Collections.Concurrent;
using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence;

/// <summary>
/// Finds the version that a reference names: <c>name</c> (alias latest), <c>name:version</c>, <c>name@alias</c>; nothing at all
/// where only one model exists. Loaded manifests are kept; their files are checked once.
/// </summary>
internal sealed class ModelRegistry(ModelStore models, DataFolders folders)
{
    private const int MostListed = 50;

    private readonly ConcurrentDictionary<string, LoadedModel> _loaded = new(StringComparer.Ordinal);

    public async Task<Outcome<LoadedModel>> ResolveAsync(string? reference)
    {
        if (string.IsNullOrEmpty(reference))
        {
            var names = await models.NamesAsync(MostListed, null);
            if (names.Count != 1)
            {
                return names.Count == 0
                    ? Problem.NotFound("model.not-found", "There is no model yet: train one with POST /train.")
                    : Problem.Invalid("model.ambiguous", $"There are several models; name one with ?model=: {string.Join(", ", names)}.") with { Data = new Dictionary<string, object?> { ["models"] = names } };
            }

            reference = names[0];
        }

        var (name, version, alias) = Parse(reference);
        if (!ResourceName.IsValid(name) || version is <= 0 || (alias is not null && !ResourceName.IsValid(alias)))
        {
            return Problem.Invalid("model.bad-reference", $"A model is named 'name', 'name:version' or 'name@alias'; received '{reference}'.");
        }

        return await FindAsync(name, version, alias);
    }

    public Task<Outcome<LoadedModel>> ResolveAsync(string name, int version) =>
        ResolveAsync(string.Create(CultureInfo.InvariantCulture, $"{name}:{version}"));

    /// <summary>As paths name a version: by its number, or by an alias.</summary>
    public Task<Outcome<LoadedModel>> ResolveAsync(string name, string version) => int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? ResolveAsync(name, number)
        : ResolveAsync($"{name}@{version}");

    /// <summary>Forgets a version whose files are going.</summary>
    public void Forget(string name, int version) => _loaded.TryRemove(folders.ModelVersion(name, version), out _);

    private async Task<Outcome<LoadedModel>> FindAsync(string name, int? wanted, string? alias)
    {
        var versions = (await models.VersionsAsync(name)).ConvertAll(row => row.Version);
        if (versions.Count == 0)
        {
            var names = await models.NamesAsync(MostListed, null);
            return Problem.NotFound("model.not-found", $"There is no model '{name}'; there {(names.Count == 0 ? "is none" : $"are: {string.Join(", ", names)}")}.");
        }

        var aliases = wanted is null && alias is not (null or ModelStore.Latest) ? await models.AliasesAsync(name) : [];
        var version = wanted ?? (alias is null or ModelStore.Latest ? versions[^1] : aliases.FirstOrDefault(row => row.Alias == alias)?.Version);
        return version is null ? NoAlias(name, alias!, [ModelStore.Latest, .. aliases.Select(row => row.Alias)], versions)
            : versions.Contains(version.Value) ? Load(name, version.Value)
            : Problem.NotFound("model.version-not-found", $"The model '{name}' has no version {version}; it has {string.Join(", ", versions)}.");
    }

    /// <summary>A number after the sign of an alias was most likely meant as a version.</summary>
    private static Problem NoAlias(string name, string alias, IEnumerable<string> known, List<int> versions)
    {
        var isNumber = int.TryParse(alias, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var hint = isNumber && versions.Contains(number) ? $"; version {number} is written '{name}:{number}'"
            : isNumber ? $", nor a version {number}, which would be written '{name}:{number}'; it has {string.Join(", ", versions)}"
            : $"; it has {string.Join(", ", known)}";
        return Problem.NotFound("model.alias-not-found", $"The model '{name}' has no alias '{alias}'{hint}.");
    }

    private Outcome<LoadedModel> Load(string name, int version)
    {
        var folder = folders.ModelVersion(name, version);
        if (_loaded.TryGetValue(folder, out var known))
        {
            return known;
        }

        var loaded = ModelPackage.Load(name, version, folder);
        if (loaded.Succeeded)
        {
            _loaded[folder] = loaded.Value;
        }

        return loaded;
    }

    /// <summary>A version that is no number reads as 0, which no version has.</summary>
    private static (string Name, int? Version, string? Alias) Parse(string reference)
    {
        var at = reference.IndexOfAny([':', '@']);
        if (at < 0)
        {
            return (reference, null, null);
        }

        var rest = reference[(at + 1)..];
        return reference[at] == '@'
            ? (reference[..at], null, rest)
            : (reference[..at], int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0, null);
    }
}
