namespace CnnService.Engine.Tests.Onnx;

/// <summary>Compares float32 results with float64 ones.</summary>
internal static class Near
{
    /// <summary>Within <paramref name="tolerance"/> of max(1, the largest magnitude expected).</summary>
    public static void Equal(IReadOnlyList<double> expected, IReadOnlyList<float> actual, double tolerance, string what)
    {
        Assert.True(expected.Count == actual.Count, $"{what}: expected {expected.Count} values, are {actual.Count}");
        var scale = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * scale, $"{what}[{i}]: expected {expected[i]}, is {actual[i]}");
        }
    }
}
