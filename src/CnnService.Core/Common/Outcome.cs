using System.Diagnostics.CodeAnalysis;

namespace CnnService.Core.Common;

/// <summary>
/// A value, or the <see cref="Problem"/> that prevented it. Expected failures are returned this way, not thrown.
/// Immutable.
/// </summary>
public sealed class Outcome<T>
{
    private readonly T? _value;

    internal Outcome(T? value, Problem? problem)
    {
        _value = value;
        Problem = problem;
    }

    /// <summary>The failure, or null on success.</summary>
    public Problem? Problem { get; }

    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Succeeded => Problem is null;

    /// <summary>The value of a success.</summary>
    /// <exception cref="InvalidOperationException">The outcome is a failure.</exception>
    public T Value => Problem is null
        ? _value!
        : throw new InvalidOperationException($"No value: {Problem.Code}: {Problem.Detail}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return new(default, problem);
    }

    /// <summary>Transforms the value; a failure is passed on.</summary>
    public Outcome<TNext> Map<TNext>(Func<T, TNext> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return Problem is null ? new Outcome<TNext>(map(_value!), null) : Problem;
    }

    /// <summary>Continues with a step that can fail; a failure is passed on.</summary>
    public Outcome<TNext> Bind<TNext>(Func<T, Outcome<TNext>> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Problem is null ? next(_value!) : Problem;
    }

    /// <summary>Holds the value to a further rule: the same outcome, or the problem that the check finds.</summary>
    /// <param name="check">Null where the value keeps the rule; not asked about a failure.</param>
    public Outcome<T> Check(Func<T, Problem?> check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return Problem is null && check(_value!) is { } broken ? broken : this;
    }

    /// <summary>Tells a failure in other words, such as those of the caller's own task; a success stays as it is.</summary>
    public Outcome<T> MapProblem(Func<Problem, Problem> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return Problem is null ? this : map(Problem);
    }

    /// <summary>Reduces both cases to one result.</summary>
    public TResult Match<TResult>(Func<T, TResult> success, Func<Problem, TResult> failure)
    {
        ArgumentNullException.ThrowIfNull(success);
        ArgumentNullException.ThrowIfNull(failure);
        return Problem is null ? success(_value!) : failure(Problem);
    }
}
