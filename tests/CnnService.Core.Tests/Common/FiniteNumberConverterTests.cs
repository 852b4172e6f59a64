using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class FiniteNumberConverterTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Write_OfWhatJsonCannotHold_IsNull(double value)
    {
        Assert.Equal("[null]", JsonSerializer.Serialize(new[] { value }, CoreJson.Options));
        Assert.Equal("[null]", JsonSerializer.Serialize(new[] { (float)value }, CoreJson.Options));
    }

    [Fact]
    public void Read_OfNull_IsNaN()
    {
        Assert.True(double.IsNaN(JsonSerializer.Deserialize<double[]>("[null]", CoreJson.Options)![0]));
        Assert.True(float.IsNaN(JsonSerializer.Deserialize<float[]>("[null]", CoreJson.Options)![0]));
    }

    [Fact]
    public void Write_OfANumber_HasItsShortestDigits()
    {
        Assert.Equal("[0.1,1E+30]", JsonSerializer.Serialize(new[] { 0.1f, 1e30f }, CoreJson.Options));
        Assert.Equal("[0.1,0.30000000000000004]", JsonSerializer.Serialize(new[] { 0.1, 0.1 + 0.2 }, CoreJson.Options));
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(float.MaxValue)]
    [InlineData(float.Epsilon)]
    public void Read_OfAWrittenSingle_IsTheSame(float value) =>
        Assert.Equal(value, JsonSerializer.Deserialize<float[]>(
            JsonSerializer.Serialize(new[] { value }, CoreJson.Options), CoreJson.Options)![0]);
}
