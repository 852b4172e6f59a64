using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public class OutcomeTests
{
    private static readonly Problem Broken = Problem.NotFound("test.broken", "It is not there.");

    [Fact]
    public void Map_OfAValue_MakesTheNext() => Assert.Equal("3", Outcome.Success(3).Map(value => $"{value}").Value);

    [Fact]
    public void Map_OfAFailure_IsNotCalled() => Assert.Same(Broken, Failed().Map<int>(_ => throw new NotSupportedException()).Problem);

    [Fact]
    public void Bind_ToAFailure_IsThatFailure() => Assert.Same(Broken, Outcome.Success(3).Bind(_ => Failed()).Problem);

    [Fact]
    public void Bind_OfAFailure_IsNotCalled() => Assert.Same(Broken, Failed().Bind<int>(_ => throw new NotSupportedException()).Problem);

    [Fact]
    public void Value_OfAFailure_IsABrokenContract() => Assert.Throws<InvalidOperationException>(() => Failed().Value);

    [Fact]
    public async Task BindAsync_AndMapAsync_GoOnInARow() => Assert.Equal(
        "8",
        (await Task.FromResult(Outcome.Success(3))
            .BindAsync(value => Task.FromResult(Outcome.Success(value + 1)))
            .BindAsync(value => Outcome.Success(value * 2))
            .MapAsync(value => Task.FromResult(value))
            .MapAsync(value => $"{value}")).Value);

    [Fact]
    public async Task BindAsync_OfAFailure_SkipsWhatFollows() => Assert.Same(
        Broken,
        (await Failed()
            .BindAsync<int, int>(_ => throw new NotSupportedException())
            .MapAsync<int, int>(int (_) => throw new NotSupportedException())).Problem);

    [Fact]
    public async Task Check_OfAValueThatKeepsTheRule_IsTheSameOutcome()
    {
        var three = Outcome.Success(3);
        Assert.Same(three, three.Check(_ => null));
        Assert.Same(three, await three.CheckAsync(_ => Task.FromResult<Problem?>(null)));
    }

    [Fact]
    public async Task Check_OfAValueThatBreaksTheRule_IsTheProblem()
    {
        var three = Outcome.Success(3);
        Assert.Same(Broken, three.Check(value => value == 3 ? Broken : null).Problem);
        Assert.Same(Broken, (await three.CheckAsync(value => Task.FromResult(value == 3 ? Broken : null))).Problem);
        Assert.Same(Broken, (await Task.FromResult(three).CheckAsync(value => value == 3 ? Broken : null)).Problem);
        Assert.Same(Broken, (await Task.FromResult(three).CheckAsync(value => Task.FromResult(value == 3 ? Broken : null))).Problem);
    }

    [Fact]
    public async Task Check_OfAFailure_IsNotCalled()
    {
        Assert.Same(Broken, Failed().Check(_ => throw new NotSupportedException()).Problem);
        Assert.Same(Broken, (await Failed().CheckAsync(_ => throw new NotSupportedException())).Problem);
    }

    [Fact]
    public async Task MatchAsync_TakesTheCaseThatHolds()
    {
        Assert.Equal("3", await Outcome.Success(3).MatchAsync(value => Task.FromResult($"{value}"), problem => problem.Code));
        Assert.Equal(
            Broken.Code, await Failed().MatchAsync(Task<string> (_) => throw new NotSupportedException(), problem => problem.Code));
    }

    [Fact]
    public void MapProblem_TellsAFailureInOtherWords_AndLeavesAValue()
    {
        var three = Outcome.Success(3);
        Assert.Same(three, three.MapProblem(_ => throw new NotSupportedException()));
        Assert.Equal(
            "Really: It is not there.", Failed().MapProblem(known => known with { Detail = $"Really: {known.Detail}" }).Problem!.Detail);
    }

    [Fact]
    public async Task AllAsync_GivesEveryResultInTheOrderOfTheItems() => Assert.Equal(
        [2, 4, 6], (await OutcomeAsync.AllAsync([1, 2, 3], item => Task.FromResult(Outcome.Success(2 * item)))).Value);

    [Fact]
    public async Task AllAsync_AfterAFailure_AsksForNothingMore()
    {
        List<int> asked = [];

        var outcome = await OutcomeAsync.AllAsync([1, 2, 3], item =>
        {
            asked.Add(item);
            return Task.FromResult(item == 2 ? Failed() : item);
        });

        Assert.Same(Broken, outcome.Problem);
        Assert.Equal([1, 2], asked);
    }

    private static Outcome<int> Failed() => Broken;
}
