using CnnService.Core.Training;

namespace CnnService.Core.Tests.Training;

public class WorkerLabelTests
{
    [Theory]
    [InlineData("gpu", "gpu", null)]
    [InlineData("memory=16g", "memory", "16g")]
    [InlineData("site=north-1.a_b", "site", "north-1.a_b")]
    public void Parse_OfALabel_ReadsNameAndValue(string text, string name, string? value) =>
        Assert.Equal(new WorkerLabel(name, value), WorkerLabel.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("GPU")]
    [InlineData("a b")]
    [InlineData("a=")]
    [InlineData("=a")]
    [InlineData("a=b=c")]
    [InlineData("gpu\n")]
    [InlineData("a=0123456789012345678901234567890123456789012345678901234567890123")]
    public void Parse_OfAnythingElse_IsNull(string? text) => Assert.Null(WorkerLabel.Parse(text));

    [Theory]
    [InlineData("gpu", "gpu", true)]
    [InlineData("gpu", "gpu=a100", true)]
    [InlineData("gpu=a100", "gpu", false)]
    [InlineData("memory=16g", "memory=16g", true)]
    [InlineData("memory=16g", "memory=16384m", true)]
    [InlineData("memory=16g", "memory=17179869184", true)]
    [InlineData("memory=16g", "memory=17179869183", false)]
    [InlineData("memory=1.5g", "memory=1535m", false)]
    [InlineData("memory=1.5g", "memory=1536m", true)]
    [InlineData("memory=1t", "memory=1023g", false)]
    [InlineData("site=north", "site=south", false)]
    [InlineData("cores=4", "cores=8", true)]
    [InlineData("disk=1g", "memory=2g", false)]
    public void Missing_OfOneLabel_FollowsTheRule(string required, string has, bool isMet) => Assert.Equal(
        isMet ? [] : [WorkerLabel.Parse(required)!], WorkerLabel.Missing([WorkerLabel.Parse(required)!], [WorkerLabel.Parse(has)!]));
}
