using CnnService.Core.Datasets;
using CnnService.Core.Tests.Datasets.Revisions;

namespace CnnService.Core.Tests.Datasets;

public sealed class ValidationDrawTests
{
    private static readonly string[] Contents = [.. Enumerable.Range(0, 5000).Select(SomeRevision.Sha256)];

    [Fact]
    public void Of_MoreImages_MovesNoneOfThoseBefore()
    {
        var few = ValidationDraw.Draw(Contents.Take(1000), 0.2, 7);
        var many = ValidationDraw.Draw(Contents, 0.2, 7);

        Assert.Equal(few, many.Intersect(Contents.Take(1000)).ToHashSet());
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public void Of_ManyImages_TakesAboutTheShare(double fraction)
    {
        // Five standard deviations of a binomial distribution.
        var allowed = 5 * Math.Sqrt(Contents.Length * fraction * (1 - fraction));

        Assert.InRange(ValidationDraw.Draw(Contents, fraction, 0).Count, (Contents.Length * fraction) - allowed,
            (Contents.Length * fraction) + allowed);
        Assert.NotEqual(ValidationDraw.Draw(Contents, fraction, 0), ValidationDraw.Draw(Contents, fraction, 1));
    }

    [Fact]
    public void Of_FewImages_LeavesAnImageOnEachSide()
    {
        foreach (var start in Enumerable.Range(0, 200))
        {
            Assert.InRange(ValidationDraw.Draw(Contents.Skip(start).Take(3), 0.2, 0).Count, 1, 2);
            Assert.Single(ValidationDraw.Draw(Contents.Skip(start).Take(2), 0.5, 0));
            Assert.Empty(ValidationDraw.Draw(Contents.Skip(start).Take(1), 0.5, 0));
        }
    }

    [Theory]
    [InlineData("pets", "pets", null)]
    [InlineData("pets:3", "pets", 3)]
    [InlineData("a.b-c_d:2147483647", "a.b-c_d", 2147483647)]
    public void Reference_ThatNamesADataset_IsReadAndWritten(string text, string name, int? revision)
    {
        var read = DatasetReference.Parse(text)!.Value;

        Assert.Equal((name, revision, text), (read.Name, read.Revision, read.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Pets")]
    [InlineData("pets:")]
    [InlineData("pets:0")]
    [InlineData("pets:-1")]
    [InlineData("pets:1:2")]
    [InlineData("pets:2147483648")]
    [InlineData("pets@1")]
    [InlineData("../pets")]
    public void Reference_ThatNamesNone_IsNull(string? text) => Assert.Null(DatasetReference.Parse(text));
}
