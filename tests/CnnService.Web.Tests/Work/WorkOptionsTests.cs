using CnnService.Web.Work;

namespace CnnService.Web.Tests.Work;

public class WorkOptionsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(8, 256)]
    [InlineData(9, 300)]
    [InlineData(int.MaxValue, 300)]
    public void PauseAfter_AttemptsWithoutProgress_DoublesUpToTheLongest(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new WorkOptions().PauseAfter(attempts));

    [Fact]
    public void PauseAfter_ExtremesOfBothSettings_StaysWithinTheStoresLongest()
    {
        var least = new WorkOptions { RetryPause = TimeSpan.FromSeconds(0.1), LongestRetryPause = TimeSpan.FromMinutes(10) };
        var most = new WorkOptions { RetryPause = TimeSpan.FromMinutes(10), LongestRetryPause = TimeSpan.FromMinutes(10) };

        Assert.Equal([0.1, 600, 600], [
            least.PauseAfter(1).TotalSeconds, least.PauseAfter(1000).TotalSeconds, most.PauseAfter(1000).TotalSeconds]);
    }
}
