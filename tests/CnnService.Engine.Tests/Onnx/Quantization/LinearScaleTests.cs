using CnnService.Onnx.Quantization;

namespace CnnService.Engine.Tests.Onnx.Quantization;

public sealed class LinearScaleTests
{
    [Theory]
    [InlineData(0f, 255f, 1f, 0)]
    [InlineData(-51f, 204f, 1f, 51)]
    [InlineData(2f, 51f, 0.2f, 0)] // 0 is in reach, also where no value is 0.
    [InlineData(-25.5f, -5f, 0.1f, 255)]
    [InlineData(0f, 0f, 1f, 0)]
    public void Over_OfARange_ReachesOverItAndZero(float minimum, float maximum, float scale, byte zeroPoint)
    {
        var found = LinearScale.Over(new(minimum, maximum));

        Assert.Equal(scale, found.Scale, 1e-6f);
        Assert.Equal(zeroPoint, found.ZeroPoint);
    }
}
