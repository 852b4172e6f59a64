using CnnService.Web.Work;

namespace CnnService.Web.Tests.Work;

public sealed class KnownSpeedTests
{
    [Theory]
    [InlineData(0, 0, false)] // The system does not tell.
    [InlineData(1, 0.1, false)]
    [InlineData(3, 2.5, false)]
    [InlineData(3, 2, true)]
    public void IsToBeTimedAgain_WhereItWasBusyAndIsLessSo(double then, double now, bool expected) =>
        Assert.Equal(expected, KnownSpeed.IsToBeTimedAgain(then, now));
}
