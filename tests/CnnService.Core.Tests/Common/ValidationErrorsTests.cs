using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class ValidationErrorsTests
{
    [Fact]
    public void At_Scope_AddsUnderItsPathAndCountsItsOwn()
    {
        var errors = new ValidationErrors();
        errors.Add("epochs", "must be given");
        var layer = errors.At("architecture").At("layers[2]");
        var other = errors.At("schedule");

        layer.Add("filters", "must be a whole number");
        layer.Add(string.Empty, "must be taken");
        layer.Add("[0]", "must be text");

        Assert.Equal((4, 3, 0, false), (errors.Count, layer.Count, other.Count, other.Any));
        Assert.Equal(["architecture.layers[2]", "architecture.layers[2].filters", "architecture.layers[2][0]", "epochs"],
            other.ToDictionary().Keys);
    }

    [Fact]
    public void Add_WithoutAnyPath_IsAboutTheWhole()
    {
        var errors = new ValidationErrors();
        errors.At(string.Empty).Add(string.Empty, "must be an object");
        Assert.Equal(["$"], errors.ToDictionary().Keys);
    }

    [Fact]
    public void ToOutcome_AnyError_IsTheProblemOfAll()
    {
        var errors = new ValidationErrors();
        Assert.Equal("sound", errors.ToOutcome("sound").Value);
        errors.At("a").Add("b", "must be given");
        Assert.Equal(["a.b"], errors.ToOutcome("sound").Problem!.Errors.Keys);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(0.5, false)]
    [InlineData(double.NaN, false)]
    public void Between_Number_HoldsItsEnds(double value, bool holds)
    {
        var errors = new ValidationErrors();
        Assert.Equal(holds, errors.Between(value, 1, 3, "x"));
        Assert.Equal(!holds, errors.Any);
    }

    [Fact]
    public void BelowOneAndAboveZero_OpenEnds_AreRefused()
    {
        var errors = new ValidationErrors();
        Assert.True(errors.BelowOne(0, "a"));
        Assert.False(errors.BelowOne(1, "a"));
        Assert.False(errors.AboveZero(0, 10, "b"));
        Assert.True(errors.AboveZero(10, 10, "b"));
        Assert.Equal(["must be above 0 and at most 10, received 0"], errors.ToDictionary()["b"]);
    }

    [Fact]
    public void Add_MoreThanAHundred_KeepsAHundredAndCountsTheRest()
    {
        var errors = new ValidationErrors();
        for (var i = 0; i < 250; i++)
        {
            errors.At("list").Add($"[{i}]", "must be text");
        }

        var told = errors.ToDictionary();
        Assert.Equal((250, 101), (errors.Count, told.Count));
        Assert.Equal(["breaks 150 more rules"], told["$"]);
    }

    [Fact]
    public void Add_LongPathsAndMessages_AreShortened()
    {
        var errors = new ValidationErrors();
        errors.Add(new string('p', 1_000_000), $"must be short, received {new string('r', 1_000_000)}");

        var (path, rules) = Assert.Single(errors.ToDictionary());
        Assert.InRange(path.Length + Assert.Single(rules).Length, 1000, 1400);
    }
}
