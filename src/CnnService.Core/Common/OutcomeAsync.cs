namespace CnnService.Core.Common;

/// <summary>
/// Asynchronous counterparts of <see cref="Outcome{T}.Map"/> and <see cref="Outcome{T}.Bind"/>, to chain awaited steps.
/// </summary>
public static class OutcomeAsync
{
    /// <summary>The result of each item in turn, or the first problem; the items after that are not touched.</summary>
    public static async Task<Outcome<IReadOnlyList<TResult>>> AllAsync<T, TResult>(
        IEnumerable<T> items, Func<T, Task<Outcome<TResult>>> each)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(each);
        var results = new List<TResult>();
        foreach (var item in items)
        {
            var outcome = await each(item);
            if (!outcome.Succeeded)
            {
                return outcome.Problem;
            }

            results.Add(outcome.Value);
        }

        return Outcome.Success<IReadOnlyList<TResult>>(results);
    }

    /// <summary>Continues with an asynchronous step that can fail; a failure is passed on.</summary>
    public static async Task<Outcome<TNext>> BindAsync<T, TNext>(this Outcome<T> outcome, Func<T, Task<Outcome<TNext>>> next)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(next);
        return outcome.Problem is { } problem ? problem : await next(outcome.Value);
    }

    /// <summary>Awaits the outcome and continues with an asynchronous step that can fail.</summary>
    public static async Task<Outcome<TNext>> BindAsync<T, TNext>(this Task<Outcome<T>> outcome, Func<T, Task<Outcome<TNext>>> next)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return await (await outcome).BindAsync(next);
    }

    /// <summary>Awaits the outcome and continues with a synchronous step that can fail.</summary>
    public static async Task<Outcome<TNext>> BindAsync<T, TNext>(this Task<Outcome<T>> outcome, Func<T, Outcome<TNext>> next)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return (await outcome).Bind(next);
    }

    /// <summary>Transforms the value asynchronously; a failure is passed on.</summary>
    public static async Task<Outcome<TNext>> MapAsync<T, TNext>(this Outcome<T> outcome, Func<T, Task<TNext>> map)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(map);
        return outcome.Problem is { } problem ? problem : Outcome.Success(await map(outcome.Value));
    }

    /// <summary>Awaits the outcome and transforms its value.</summary>
    public static async Task<Outcome<TNext>> MapAsync<T, TNext>(this Task<Outcome<T>> outcome, Func<T, TNext> map)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return (await outcome).Map(map);
    }

    /// <summary>Awaits the outcome and transforms its value asynchronously.</summary>
    public static async Task<Outcome<TNext>> MapAsync<T, TNext>(this Task<Outcome<T>> outcome, Func<T, Task<TNext>> map)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return await (await outcome).MapAsync(map);
    }

    /// <summary>Holds the value to a further rule, looked up asynchronously; see <see cref="Outcome{T}.Check"/>.</summary>
    public static async Task<Outcome<T>> CheckAsync<T>(this Outcome<T> outcome, Func<T, Task<Problem?>> check)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(check);
        return outcome.Succeeded && await check(outcome.Value) is { } broken ? broken : outcome;
    }

    /// <summary>Awaits the outcome and holds its value to a further rule.</summary>
    public static async Task<Outcome<T>> CheckAsync<T>(this Task<Outcome<T>> outcome, Func<T, Problem?> check)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return (await outcome).Check(check);
    }

    /// <summary>Awaits the outcome and holds its value to a further rule, looked up asynchronously.</summary>
    public static async Task<Outcome<T>> CheckAsync<T>(this Task<Outcome<T>> outcome, Func<T, Task<Problem?>> check)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return await (await outcome).CheckAsync(check);
    }

    /// <summary>Reduces both cases to one result, a success asynchronously.</summary>
    public static async Task<TResult> MatchAsync<T, TResult>(
        this Outcome<T> outcome, Func<T, Task<TResult>> success, Func<Problem, TResult> failure)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(success);
        ArgumentNullException.ThrowIfNull(failure);
        return outcome.Problem is { } problem ? failure(problem) : await success(outcome.Value);
    }
}
