using CnnService.Torch.Networks;

namespace CnnService.Engine.Tests.Torch.Networks;

[Collection(TorchSuite.Name)]
public sealed class OwnedScalarsTests
{
    [Fact]
    public void Of_CollectedRightAfter_IsStillThere()
    {
        var reference = Make();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(reference.IsAlive);

        for (var i = 0; i < 64; i++)
        {
            OwnedScalars.Create(i);
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.False(reference.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Make() => new(OwnedScalars.Create(0.5));
}
