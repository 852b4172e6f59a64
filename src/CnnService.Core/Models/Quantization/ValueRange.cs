namespace CnnService.Core.Models.Quantization;

/// <summary>The smallest and largest number that a value of a network took.</summary>
public readonly record struct ValueRange(float Minimum, float Maximum)
{
    /// <summary>The range that contains both.</summary>
    public ValueRange Union(ValueRange other) => new(Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));
}
