using System.Diagnostics.CodeAnalysis;

namespace CnnService.Core.Common;

/// <summary>A value, or the <see cref="Problem"/> that stands in its way. Expected failures travel as this, not as exceptions.</summary>
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

    /// <summary>The value; asking for it after a failure is a broken contract.</summary>
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

    /// <summary>Makes another value of the value; a failure passes by it.</summary>
    public Outcome<TNext> Map<TNext>(Func<T, TNext> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return Problem is null ? new Outcome<TNext>(map(_value!), null) : Problem;
    }

    /// <summary>Goes on with a step that can fail; a failure passes by it.</summary>
    public Outcome<TNext> Bind<TNext>(Func<T, Outcome<TNext>> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Problem is null ? next(_value!) : Problem;
    }

    /// <summary>Reads both ends.</summary>
    public TResult Match<TResult>(Func<T, TResult> success, Func<Problem, TResult> failure)
    {
        ArgumentNullException.ThrowIfNull(success);
        ArgumentNullException.ThrowIfNull(failure);
        return Problem is null ? success(_value!) : failure(Problem);
    }
}
