namespace CnnService.Core.Common;

/// <summary>
/// Collects every broken rule of a request, so that all are reported in one answer. A scope below a path (<see cref="At"/>) adds to the
/// same collection and keeps its own count. Not thread safe.
/// </summary>
public sealed class ValidationErrors
{
    private const string RootPath = "$";

    private readonly ValidationErrors? _parent;
    private readonly string _path;
    private readonly SortedDictionary<string, List<string>> _byPath;

    public ValidationErrors()
        : this(null, string.Empty, new(StringComparer.Ordinal))
    {
    }

    private ValidationErrors(ValidationErrors? parent, string path, SortedDictionary<string, List<string>> byPath) =>
        (_parent, _path, _byPath) = (parent, path, byPath);

    /// <summary>Number of errors added in this scope and below it.</summary>
    public int Count { get; private set; }

    public bool Any => Count > 0;

    /// <summary>The scope of a part: errors added there are reported under its path.</summary>
    /// <param name="path">Relative to this scope: <c>optimizer</c>, <c>layers[3]</c>; empty: this scope's own path.</param>
    public ValidationErrors At(string path) => new(this, Join(_path, path), _byPath);

    /// <summary>Adds a broken rule.</summary>
    /// <param name="path">Relative to this scope: <c>learningRate</c>; empty: the whole of this scope.</param>
    /// <param name="rule">The rule and the value received: "must be between 1 and 1000, received 0".</param>
    public void Add(string path, string rule)
    {
        var full = Join(_path, path) is { Length: > 0 } joined ? joined : RootPath;
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

    /// <summary>The value, or a validation problem with every error.</summary>
    /// <param name="value">May be null only where errors were added.</param>
    public Outcome<T> ToOutcome<T>(T? value)
        where T : class => Any ? Problem.Validation(this) : Outcome.Success(value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>All errors, including those of other scopes, by full path.</summary>
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
