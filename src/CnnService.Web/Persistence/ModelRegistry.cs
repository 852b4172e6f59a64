using System.Collections.Concurrent;
using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Starts;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence;

/// <summary>
/// Resolves references to model versions: <c>name</c> (its latest version), <c>name:version</c>, <c>name@alias</c>, or none if there is
/// only one model. The name of a trained start means the start, which can be looked into like a model. Query results are cached for some
/// seconds, and longer while the database is unavailable; changes by this process take effect immediately. Loaded manifests are cached;
/// their files are verified once. Thread safe.
/// </summary>
internal sealed class ModelRegistry
{
    private const int MaxListed = 50;

    private readonly ModelStore _models;
    private readonly DataFolders _folders;
    private readonly StartLibrary _starts;
    private readonly CorruptModels _corrupt;
    private readonly TimeProvider _clock;
    private readonly StoreOutage _outage;
    private readonly CachedQuery<List<string>> _names;
    private readonly ConcurrentDictionary<string, CachedQuery<KnownVersions>> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LoadedModel> _loaded = new(StringComparer.Ordinal);

    /// <summary>The packages of versions that were calibrated, by the file that says so.</summary>
    private readonly WrittenFiles<string> _calibrated = new(pointer => CalibratedFiles.FolderOf(Path.GetDirectoryName(pointer)!));

    public ModelRegistry(
        ModelStore models, Store store, DataFolders folders, StartLibrary starts, CorruptModels corrupt, TimeProvider clock)
    {
        (_models, _folders, _starts, _corrupt, _clock, _outage) = (models, folders, starts, corrupt, clock, new(clock));
        _names = new(() => models.NamesAsync(MaxListed, null), names => names.Count > 0, _outage, clock);
        store.ModelChanged += Expire;
        store.Answered += _outage.End;
    }

    /// <summary>The trained starts.</summary>
    public StartLibrary Starts => _starts;

    public async Task<Outcome<LoadedModel>> ResolveAsync(string? reference)
    {
        if (string.IsNullOrEmpty(reference))
        {
            var (names, _) = await _names.GetAsync();
            if (names.Count != 1)
            {
                return names.Count == 0
                    ? Problem.NotFound("model.not-found", "There is no model yet: train one with POST /train.")
                    : Problem.Invalid("model.ambiguous",
                        $"There are several models; name one with ?model=: {string.Join(", ", names)}.") with
                    {
                        Data = new Dictionary<string, object?> { ["models"] = names }
                    };
            }

            reference = names[0];
        }

        var (name, version, alias) = Parse(reference);
        if (!ResourceName.IsValid(name) || version is <= 0 || (alias is not null && !ResourceName.IsValid(alias)))
        {
            return Problem.Invalid("model.bad-reference",
                $"A model is named 'name', 'name:version' or 'name@alias'; received '{reference}'.");
        }

        return await FindAsync(name, version, alias);
    }

    public Task<Outcome<LoadedModel>> ResolveAsync(string name, int version) =>
        ResolveAsync($"{name}:{version}");

    /// <summary>Resolves the version in a path: a number or an alias.</summary>
    public Task<Outcome<LoadedModel>> ResolveAsync(string name, string version) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? ResolveAsync(name, number)
        : ResolveAsync($"{name}@{version}");

    /// <summary>Removes a version from the cache because its files are being deleted.</summary>
    public void Forget(string name, int version)
    {
        var folder = _folders.ModelVersion(name, version);
        foreach (var known in _loaded.Keys.Where(known => known == folder || Path.GetDirectoryName(known) == folder))
        {
            _loaded.TryRemove(known, out _);
        }

        _corrupt.Set(name, version, null);
        Expire(name);
    }

    private void Expire(string name)
    {
        _names.Expire();
        if (_known.TryGetValue(name, out var known))
        {
            known.Expire();
        }
    }

    private async Task<Outcome<LoadedModel>> FindAsync(string name, int? wanted, string? alias)
    {
        var isKnown = _known.TryGetValue(name, out var known);
        var spare = isKnown ? null : OnDisk(name, wanted);
        known ??= new(() => ReadAsync(name), versions => versions.Numbers.Count > 0, _outage, _clock);
        if (spare is not null && _outage.IsKnown)
        {
            if (_outage.TryBeginProbe())
            {
                known.Refresh();
            }

            return spare;
        }

        try
        {
            var (versions, isNew) = await known.GetAsync(hasFallback: spare is not null);
            var version = versions.Find(wanted, alias);
            if (version is null && !isNew)
            {
                versions = await known.QueryAsync(); // It may have been published or aliased just now.
                version = versions.Find(wanted, alias);
            }

            Remember(name, known, isKnown, versions);
            return version is { } found ? await EnsureAsync(name, found, versions)
                : IsStart(name, wanted, alias, versions) ? await _starts.LoadAsync(name)
                : await MissingAsync(name, wanted, alias, versions);
        }
        catch (StoreUnavailableException) when ((spare ?? OnDisk(name, wanted)) is { } whole)
        {
            return whole;
        }
    }

    /// <summary>Caches only models that exist: clients can make up any number of other names.</summary>
    private void Remember(string name, CachedQuery<KnownVersions> known, bool isKnown, KnownVersions versions)
    {
        if (!isKnown && versions.Numbers.Count > 0)
        {
            _known.TryAdd(name, known);
        }
        else if (isKnown && versions.Numbers.Count == 0)
        {
            _known.TryRemove(name, out _);
        }
    }

    private async Task<KnownVersions> ReadAsync(string name)
    {
        var rows = await _models.VersionsAsync(name);
        var aliases = rows.Count == 0 ? [] : await _models.AliasesAsync(name);
        return new(
            rows.ConvertAll(row => row.Version), aliases.ToDictionary(row => row.Alias, row => row.Version, StringComparer.Ordinal),
            rows.Where(row => row.Files is not null).ToDictionary(row => row.Version, row => row.Files!));
    }

    private bool IsStart(string name, int? wanted, string? alias, KnownVersions versions) =>
        versions.Numbers.Count == 0 && wanted is null or 1 && alias is null or ModelStore.Latest
        && _starts.Catalog.Find(name).Succeeded;

    /// <summary>A version given by number whose files are intact, for use while the database is unavailable; else null.</summary>
    private LoadedModel? OnDisk(string name, int? wanted) =>
        wanted is { } number && _folders.Copies.IsWhole(_folders.ModelVersion(name, number))
            && Load(name, number) is { Succeeded: true } found
            ? found.Value
            : null;

    private async Task<Problem> MissingAsync(string name, int? wanted, string? alias, KnownVersions versions)
    {
        if (versions.Numbers.Count == 0)
        {
            var names = await _models.NamesAsync(MaxListed, null);
            return Problem.NotFound("model.not-found",
                $"There is no model '{name}'; {(names.Count == 0 ? "none exists yet" : $"the models are {string.Join(", ", names)}")}.");
        }

        return wanted is null
            ? NoAlias(name, alias!, [ModelStore.Latest, .. versions.Aliases.Keys], versions.Numbers)
            : Problem.NotFound(
                "model.version-not-found", $"The model '{name}' has no version {wanted}; it has {string.Join(", ", versions.Numbers)}.");
    }

    /// <summary>Names the version in the message if the alias is a number, which was most likely meant as a version.</summary>
    private static Problem NoAlias(string name, string alias, IEnumerable<string> known, IReadOnlyList<int> versions)
    {
        var isNumber = int.TryParse(alias, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var hint = isNumber && versions.Contains(number) ? $"; version {number} is written '{name}:{number}'"
            : isNumber ? $", nor a version {number}, which would be written '{name}:{number}'; it has {string.Join(", ", versions)}"
            : $"; it has {string.Join(", ", known)}";
        return Problem.NotFound("model.alias-not-found", $"The model '{name}' has no alias '{alias}'{hint}.");
    }

    private string PackageOf(string versionFolder) => _calibrated.Find(CalibratedFiles.PointerOf(versionFolder)) ?? versionFolder;

    private async Task<Outcome<LoadedModel>> EnsureAsync(string name, int version, KnownVersions versions)
    {
        await _folders.Copies.EnsureAsync(
            _folders.ModelVersion(name, version), versions.Files.GetValueOrDefault(version), isWanted: null, CancellationToken.None);
        return Load(name, version);
    }

    private Outcome<LoadedModel> Load(string name, int version)
    {
        var folder = PackageOf(_folders.ModelVersion(name, version));
        if (_loaded.TryGetValue(folder, out var known))
        {
            return known;
        }

        var loaded = ModelPackage.Load(name, version, folder);
        _corrupt.Set(name, version, loaded.Problem);
        if (loaded.Succeeded)
        {
            _loaded[folder] = loaded.Value;
        }

        return loaded;
    }

    /// <summary>Splits a reference; a version that is not a number becomes 0, which no version has.</summary>
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

    /// <param name="Numbers">Version numbers in ascending order.</param>
    /// <param name="Aliases">Versions by alias, except <c>latest</c>.</param>
    /// <param name="Files">Keys of their files by number, of those in the store of artifacts.</param>
    private sealed record KnownVersions(
        IReadOnlyList<int> Numbers, IReadOnlyDictionary<string, int> Aliases, IReadOnlyDictionary<int, string> Files)
    {
        /// <summary>The number of a version; null if there is none.</summary>
        public int? Find(int? wanted, string? alias) =>
            Numbers.Count == 0 ? null
            : wanted is { } number ? Numbers.Contains(number) ? number : null
            : alias is null or ModelStore.Latest ? Numbers[^1]
            : Aliases.TryGetValue(alias, out var version) ? version : null;
    }
}
