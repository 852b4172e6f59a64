using System.Collections.Concurrent;

namespace CnnService.Web.Features.Inference;

/// <summary>
/// Models that a client of the protocol has unloaded: not ready for the protocol until a client loads them. Other routes load them on
/// demand. Thread safe.
/// </summary>
internal sealed class UnloadedModels
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    public bool Contains(string model) => _names.ContainsKey(model);

    public void Add(string model) => _names[model] = true;

    public void Remove(string model) => _names.TryRemove(model, out _);
}
