using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Networks;

[Collection(TorchSuite.Name)]
public sealed class DropoutMasksTests
{
    [Theory]
    [InlineData(0.1, 0x0UL)]
    [InlineData(0.5, 0xFFFF_FFFF_FFFF_FFFFUL)]
    [InlineData(0.999, 0x1234_5678_9ABC_DEF0UL)]
    public void Apply_Ones_KeepsWhatTheHashOfTheIndexKeeps(double rate, ulong key)
    {
        using var scope = NewDisposeScope();
        using var masks = new DropoutMasks(CPU);

        var dropped = TensorValues.Read(masks.Apply(ones(3, 101, 7, device: CPU), rate, key)).Data;

        for (var i = 0; i < dropped.Length; i++)
        {
            var hash = unchecked(((uint)i * 0x9E3779B9u) + (uint)(key ^ (key >> 32)));
            hash = unchecked((hash ^ (hash >> 16)) * 0x21F0AAADu);
            hash = unchecked((hash ^ (hash >> 15)) * 0xD35A2D97u);
            Assert.Equal((hash ^ 0x80000000u) < rate * 4294967296.0 ? 0 : (float)(1 / (1 - rate)), dropped[i], 1e-3f);
        }
    }

    [Fact]
    public void Apply_ManyKeys_DropsTheShareAskedForAndTwoElementsIndependently()
    {
        const int Keys = 400;
        using var masks = new DropoutMasks(CPU);
        var (first, both) = (0, 0);
        var kept = 0.0;
        for (var i = 0; i < Keys; i++)
        {
            using var scope = NewDisposeScope();
            var values = TensorValues.Read(masks.Apply(ones(1000, device: CPU), 0.25, Core.Common.CounterRandom.Hash(7, (ulong)i))).Data;
            kept += values.Count(value => value > 0) / 1000.0 / Keys;
            first += values[0] > 0 ? 1 : 0;
            both += values[0] > 0 && values[1] > 0 ? 1 : 0;
        }

        // Five standard deviations of a fair draw.
        Assert.Equal(0.75, kept, 5 * Math.Sqrt(0.75 * 0.25 / (1000.0 * Keys)));
        Assert.Equal(0.75, (double)first / Keys, 5 * Math.Sqrt(0.75 * 0.25 / Keys));
        Assert.Equal(0.5625, (double)both / Keys, 5 * Math.Sqrt(0.5625 * 0.4375 / Keys));
    }

    [Fact]
    public void Apply_Backward_ScalesTheGradientAsTheValue()
    {
        using var scope = NewDisposeScope();
        using var masks = new DropoutMasks(CPU);
        var x = ones(4, 25, device: CPU).requires_grad_(true);

        var dropped = masks.Apply(x, 0.4, 3);

        Assert.Equal(TensorValues.Read(dropped).Data, TensorValues.Read(Gradients.Compute(dropped.sum(), [x])[0]).Data);
    }
}
