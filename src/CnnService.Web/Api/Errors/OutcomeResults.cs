using CnnService.Core.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Api.Errors;

/// <summary>
/// Outcomes as responses: a success as the handler answers it, a failure as <see cref="ProblemResult"/>. The methods named
/// <c>ToResult</c> are for handlers whose return type lists their answers, those named <c>ToIResult</c> for the others.
/// </summary>
internal static class OutcomeResults
{
    public static Results<TSuccess, ProblemResult> ToResult<T, TSuccess>(this Outcome<T> outcome, Func<T, TSuccess> success)
        where TSuccess : IResult =>
        outcome.Match<Results<TSuccess, ProblemResult>>(value => success(value), problem => problem.ToResult());

    public static async Task<Results<TSuccess, ProblemResult>> ToResultAsync<T, TSuccess>(
        this Outcome<T> outcome, Func<T, Task<TSuccess>> success)
        where TSuccess : IResult =>
        (await outcome.MapAsync(success)).ToResult(result => result);

    public static async Task<Results<TSuccess, ProblemResult>> ToResultAsync<T, TSuccess>(
        this Task<Outcome<T>> outcome, Func<T, TSuccess> success)
        where TSuccess : IResult =>
        (await outcome).ToResult(success);

    public static async Task<Results<TSuccess, ProblemResult>> ToResultAsync<T, TSuccess>(
        this Task<Outcome<T>> outcome, Func<T, Task<TSuccess>> success)
        where TSuccess : IResult =>
        await (await outcome).ToResultAsync(success);

    public static IResult ToIResult<T>(this Outcome<T> outcome, Func<T, IResult> success) =>
        outcome.Match(success, problem => problem.ToResult());

    public static async Task<IResult> ToIResultAsync<T>(this Outcome<T> outcome, Func<T, Task<IResult>> success) =>
        (await outcome.MapAsync(success)).ToIResult(result => result);

    public static async Task<IResult> ToIResultAsync<T>(this Task<Outcome<T>> outcome, Func<T, IResult> success) =>
        (await outcome).ToIResult(success);

    public static async Task<IResult> ToIResultAsync<T>(this Task<Outcome<T>> outcome, Func<T, Task<IResult>> success) =>
        await (await outcome).ToIResultAsync(success);
}
