using CnnService.Torch.Native;
using TorchSharp;

namespace CnnService.Engine.Tests.Torch.Native;

[Collection(TorchSuite.Name)]
public sealed class OpenMpTests
{
    [Fact]
    public void RunOnOneThread_OnThisThread_IsAloneAndOnlyMeanwhile()
    {
        var openMp = new OpenMp(LoadedTorch.Runtime.Require().Folder);
        var before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(3);
            var inside = openMp.RunOnOneThread(torch.get_num_threads);
            Assert.Equal((1, 3), (inside, torch.get_num_threads()));
            Assert.Throws<InvalidOperationException>(() => openMp.RunOnOneThread<int>(() => throw new InvalidOperationException()));
            Assert.Equal(3, torch.get_num_threads());
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Fact]
    public void RunOnOneThread_WithoutOpenMp_JustWorks() => Assert.Equal(5, new OpenMp("/nowhere").RunOnOneThread(() => 5));
}
