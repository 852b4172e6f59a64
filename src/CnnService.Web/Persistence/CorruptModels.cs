using System.Collections.Concurrent;
using CnnService.Core.Common;

namespace CnnService.Web.Persistence;

/// <summary>The model versions whose files were last found damaged or missing. Thread safe.</summary>
internal sealed class CorruptModels
{
    private readonly ConcurrentDictionary<(string Model, int Version), Problem> _known = [];

    /// <summary>In order of names and versions.</summary>
    public IReadOnlyList<(string Model, int Version, Problem Problem)> All =>
        [.. _known.OrderBy(entry => entry.Key).Select(entry => (entry.Key.Model, entry.Key.Version, entry.Value))];

    /// <summary>Why a version cannot be used; null if that is not known.</summary>
    public Problem? Find(string model, int version) => _known.GetValueOrDefault((model, version));

    /// <summary>Records the result of a check.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="version">Its version.</param>
    /// <param name="problem">What is wrong; null if nothing is, or the version was deleted.</param>
    public void Set(string model, int version, Problem? problem)
    {
        if (problem is null)
        {
            _known.TryRemove((model, version), out _);
        }
        else
        {
            _known[(model, version)] = problem;
        }
    }

    /// <summary>Forgets all versions but these, which exist.</summary>
    public void Keep(IReadOnlySet<(string Model, int Version)> existing)
    {
        foreach (var gone in _known.Keys.Where(key => !existing.Contains(key)))
        {
            _known.TryRemove(gone, out _);
        }
    }
}
