namespace CnnService.Core.Common;

/// <summary>
/// Collects the broken rules of a request, so that all are reported in one answer, up to <see cref="MaxMessages"/>. A scope below a path
/// (<see cref="At"/>) adds to the same collection and keeps its own count. Not thread safe.
/// </summary>
public sealed class ValidationErrors
{
    /// <summary>Messages kept; further ones are only counted, so that a response is bounded whatever the request.</summary>
    public const int MaxMessages = 100;

    private const string RootPath = "$";
    private const int MaxPathLength = 300;
    private const int MaxRuleLength = 1000;

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

    /// <summary>Whether further errors are only counted: looking for more is then a waste.</summary>
    public bool IsFull => Root.Count >= MaxMessages;

    private ValidationErrors Root => _parent?.Root ?? this;

    /// <summary>The scope of a part: errors added there are reported under its path.</summary>
    /// <param name="path">Relative to this scope: <c>optimizer</c>, <c>layers[3]</c>; empty: this scope's own path.</param>
    public ValidationErrors At(string path) => new(this, Join(_path, path), _byPath);

    /// <summary>Adds a broken rule.</summary>
    /// <param name="path">Relative to this scope: <c>learningRate</c>; empty: the whole of this scope.</param>
    /// <param name="rule">The rule and the value received: "must be between 1 and 1000, received 0".</param>
    public void Add(string path, string rule)
    {
        if (!IsFull)
        {
            Keep(Cut(Join(_path, path) is { Length: > 0 } joined ? joined : RootPath, MaxPathLength), Cut(rule, MaxRuleLength));
        }

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

    /// <summary>The errors kept, including those of other scopes, by full path, and how many more there are.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ToDictionary()
    {
        var all = _byPath.ToDictionary(e => e.Key, e => (IReadOnlyList<string>)e.Value, StringComparer.Ordinal);
        if (Root.Count > MaxMessages)
        {
            all[RootPath] = [.. all.GetValueOrDefault(RootPath, []), $"breaks {Root.Count - MaxMessages} more rules"];
        }

        return all;
    }

    private void Keep(string path, string rule)
    {
        if (!_byPath.TryGetValue(path, out var rules))
        {
            _byPath[path] = rules = [];
        }

        rules.Add(rule);
    }

    /// <summary>Shortened, but not within a surrogate pair.</summary>
    private static string Cut(string text, int maxLength) => text.Length <= maxLength
        ? text
        : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength), "…");

    private static string Join(string path, string name) => (path, name) switch
    {
        ("", _) => name,
        (_, "") => path,
        (_, ['[', ..]) => path + name,
        _ => $"{path}.{name}",
    };
}
