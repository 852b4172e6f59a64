using CnnService.Core.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Tests.Api.Errors;

public sealed class OutcomeResultsTests
{
    private static readonly Outcome<int> Four = 4;

    private static readonly Outcome<int> Missing = Problem.NotFound("number.not-found", "There is no number.");

    [Fact]
    public async Task ToResult_Success_IsTheHandlersAnswer()
    {
        Assert.Equal(5, ValueOf(Four.ToResult(number => TypedResults.Ok(number + 1)).Result));
        Assert.Equal(5, ValueOf((await Four.ToResultAsync(number => Task.FromResult(TypedResults.Ok(number + 1)))).Result));
        Assert.Equal(5, ValueOf((await Task.FromResult(Four).ToResultAsync(number => TypedResults.Ok(number + 1))).Result));
        Assert.Equal(
            5, ValueOf((await Task.FromResult(Four).ToResultAsync(number => Task.FromResult(TypedResults.Ok(number + 1)))).Result));
    }

    [Fact]
    public async Task ToIResult_Success_IsTheHandlersAnswer()
    {
        Assert.Equal(5, ValueOf(Four.ToIResult(number => TypedResults.Ok(number + 1))));
        Assert.Equal(5, ValueOf(await Four.ToIResultAsync(number => Task.FromResult<IResult>(TypedResults.Ok(number + 1)))));
        Assert.Equal(5, ValueOf(await Task.FromResult(Four).ToIResultAsync(number => TypedResults.Ok(number + 1))));
        Assert.Equal(
            5, ValueOf(await Task.FromResult(Four).ToIResultAsync(number => Task.FromResult<IResult>(TypedResults.Ok(number + 1)))));
    }

    [Fact]
    public async Task ToResult_Failure_IsTheProblemAndTheAnswerIsNotMade()
    {
        Assert.Equal(404, StatusOf(Missing.ToResult(Unexpected).Result));
        Assert.Equal(404, StatusOf((await Missing.ToResultAsync(number => Task.FromResult(Unexpected(number)))).Result));
        Assert.Equal(404, StatusOf((await Task.FromResult(Missing).ToResultAsync(Unexpected)).Result));
        Assert.Equal(404, StatusOf(Missing.ToIResult(Unexpected)));
        Assert.Equal(404, StatusOf(await Missing.ToIResultAsync(number => Task.FromResult<IResult>(Unexpected(number)))));
        Assert.Equal(404, StatusOf(await Task.FromResult(Missing).ToIResultAsync(Unexpected)));
    }

    private static int ValueOf(IResult result) => Assert.IsType<Ok<int>>(result).Value;

    private static int? StatusOf(IResult result) => Assert.IsType<ProblemResult>(result).StatusCode;

    private static Ok<int> Unexpected(int number) => throw new InvalidOperationException($"Asked for an answer with {number}.");
}
