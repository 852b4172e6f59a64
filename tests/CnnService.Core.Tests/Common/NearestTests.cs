using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public class NearestTests
{
    private static readonly string[] Names = ["iterations", "seed", "size", "in", "conv_1", "conv_12", "features.0.Conv"];

    [Theory]
    [InlineData("iteratons", "iterations")]
    [InlineData("ITERATIONS", "iterations")]
    [InlineData("itreations", "iterations")]
    [InlineData("sedd", "seed")]
    [InlineData("conv1", "conv_1")]
    [InlineData("conv12", "conv_12")]
    [InlineData("features.0.conv", "features.0.Conv")]
    public void Of_AMistypedName_IsTheOneMeant(string name, string meant) => Assert.Equal(meant, NearestName.Find(name, Names));

    [Theory]
    [InlineData("")]
    [InlineData("_")]
    [InlineData("wait")]
    [InlineData("banana")]
    public void Of_SomethingElse_IsNone(string name) => Assert.Null(NearestName.Find(name, Names));

    [Fact]
    public void Of_AnEndlessNameOrNoCandidates_IsNone()
    {
        Assert.Null(NearestName.Find(new string('x', 100_000), Names));
        Assert.Null(NearestName.Find("seed", []));
    }
}
