namespace CnnService.Core.Common;

/// <summary>Gathers every broken rule of a request before one answer is given. Not thread safe.</summary>
public sealed class ValidationErrors
{
    private readonly SortedDictionary<string, List<string>> _byPath = new(StringComparer.Ordinal);

    public bool Any => _byPath.Count > 0;

    /// <summary>Adds a broken rule.</summary>
    /// <param name="path">JSON path of the field, such as <c>optimizer.learningRate</c>.</param>
    /// <param name="rule">The rule and what was received: "must be between 1 and 1000, received 0".</param>
    public void Add(string path, string rule)
    {
        if (!_byPath.TryGetValue(path, out var rules))
        {
            _byPath[path] = rules = [];
        }

        rules.Add(rule);
    }

    /// <summary>Adds the rule unless the condition holds; returns the condition.</summary>
    public bool Require(bool condition, string path, string rule)
    {
        if (!condition)
        {
            Add(path, rule);
        }

        return condition;
    }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> ToDictionary() =>
        _byPath.ToDictionary(e => e.Key, e => (IReadOnlyList<string>)e.Value, StringComparer.Ordinal);
}
