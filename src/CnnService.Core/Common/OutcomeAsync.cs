namespace CnnService.Core.Common;

/// <summary>The asynchronous twins of <see cref="Outcome{T}.Map"/> and <see cref="Outcome{T}.Bind"/>: steps of a flow that wait, written in a row.</summary>
public static class OutcomeAsync
{
    /// <summary>Goes on with a step that waits; a failure passes by it.</summary>
    public static async Task<Outcome<TNext>> BindAsync<T, TNext>(this Outcome<T> outcome, Func<T, Task<Outcome<TNext>>> next)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(next);
        return outcome.Problem is { } problem ? problem : await next(outcome.Value);
    }

    /// <summary>Goes on, once the outcome is there, with a step that waits.</summary>
    public static async Task<Outcome<TNext>> BindAsync<T, TNext>(this Task<Outcome<T>> outcome, Func<T, Task<Outcome<TNext>>> next)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return await (await outcome).BindAsync(next);
    }

    /// <summary>Goes on, once the outcome is there, with a step that can fail at once.</summary>
    public static async Task<Outcome<TNext>> BindAsync<T, TNext>(this Task<Outcome<T>> outcome, Func<T, Outcome<TNext>> next)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return (await outcome).Bind(next);
    }

    /// <summary>Makes another value of the value by a call that waits and cannot fail as a value.</summary>
    public static async Task<Outcome<TNext>> MapAsync<T, TNext>(this Outcome<T> outcome, Func<T, Task<TNext>> map)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(map);
        return outcome.Problem is { } problem ? problem : Outcome.Success(await map(outcome.Value));
    }

    /// <summary>Makes another value of the value, once the outcome is there.</summary>
    public static async Task<Outcome<TNext>> MapAsync<T, TNext>(this Task<Outcome<T>> outcome, Func<T, TNext> map)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return (await outcome).Map(map);
    }

    /// <summary>Makes another value of the value, once the outcome is there, by a call that waits.</summary>
    public static async Task<Outcome<TNext>> MapAsync<T, TNext>(this Task<Outcome<T>> outcome, Func<T, Task<TNext>> map)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return await (await outcome).MapAsync(map);
    }

    /// <summary>Reads both ends, once the outcome is there.</summary>
    public static async Task<TResult> MatchAsync<T, TResult>(this Task<Outcome<T>> outcome, Func<T, TResult> success, Func<Problem, TResult> failure)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return (await outcome).Match(success, failure);
    }

    /// <summary>Reads both ends, once the outcome is there; the good one waits.</summary>
    public static async Task<TResult> MatchAsync<T, TResult>(this Task<Outcome<T>> outcome, Func<T, Task<TResult>> success, Func<Problem, TResult> failure)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(success);
        ArgumentNullException.ThrowIfNull(failure);
        var known = await outcome;
        return known.Problem is { } problem ? failure(problem) : await success(known.Value);
    }
}
