namespace CnnService.Core.Common;

/// <summary>
/// Gathers every broken rule of a request before one answer is given. A scope below a path (<see cref="At"/>) adds to the same errors and
/// counts its own. Not thread safe.
/// </summary>
public sealed class ValidationErrors
{
    private const string Whole = "$";

    private readonly ValidationErrors? _parent;
    private readonly string _path;
    private readonly SortedDictionary<string, List<string>> _byPath;

    public ValidationErrors()
        : this(null, string.Empty, new(StringComparer.Ordinal))
    {
    }

    private ValidationErrors(ValidationErrors? parent, string path, SortedDictionary<string, List<string>> byPath) =>
        (_parent, _path, _byPath) = (parent, path, byPath);

    /// <summary>How many were added in this scope and below it.</summary>
    public int Count { get; private set; }

    public bool Any => Count > 0;

    /// <summary>The scope of a part: what is added there lies under its path.</summary>
    /// <param name="path">Of the part, seen from here: <c>optimizer</c>, <c>layers[3]</c>; empty: this very thing.</param>
    public ValidationErrors At(string path) => new(this, Join(_path, path), _byPath);

    /// <summary>Adds a broken rule.</summary>
    /// <param name="path">Where it is broken, seen from here: <c>learningRate</c>; empty: the whole of what is read here.</param>
    /// <param name="rule">The rule and what was received: "must be between 1 and 1000, received 0".</param>
    public void Add(string path, string rule)
    {
        var full = Join(_path, path) is { Length: > 0 } joined ? joined : Whole;
        if (!_byPath.TryGetValue(full, out var rules))
        {
            _byPath[full] = rules = [];
        }

        rules.Add(rule);
        for (var scope = this; scope is not null; scope = scope._parent)
        {
            scope.Count++;
        }
    }

    /// <summary>Adds the broken rules of another reading; their paths are seen from here.</summary>
    public void Add(IReadOnlyDictionary<string, IReadOnlyList<string>> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        foreach (var (path, rules) in errors)
        {
            foreach (var rule in rules)
            {
                Add(path, rule);
            }
        }
    }

    /// <summary>Whether a rule is broken at a place, seen from here, or below it.</summary>
    public bool IsBroken(string path)
    {
        var full = Join(_path, path);
        return _byPath.Keys.Any(known =>
            known.StartsWith(full, StringComparison.Ordinal) && (known.Length == full.Length || known[full.Length] is '.' or '['));
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

    /// <summary>What was read, or the problem of all broken rules.</summary>
    /// <param name="value">Null only where a rule is broken.</param>
    public Outcome<T> ToOutcome<T>(T? value)
        where T : class => Any ? Problem.Validation(this) : Outcome.Success(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>Every broken rule, of other scopes too, by its whole path.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ToDictionary() =>
        _byPath.ToDictionary(e => e.Key, e => (IReadOnlyList<string>)e.Value, StringComparer.Ordinal);

    private static string Join(string path, string name) => (path, name) switch
    {
        ("", _) => name,
        (_, "") => path,
        (_, ['[', ..]) => path + name,
        _ => $"{path}.{name}",
    };
}
