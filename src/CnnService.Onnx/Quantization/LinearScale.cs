using CnnService.Core.Models.Quantization;

namespace CnnService.Onnx.Quantization;

/// <summary>How numbers become 8-bit integers: <c>number = (integer - ZeroPoint) · Scale</c>.</summary>
/// <param name="Scale">Above 0.</param>
/// <param name="ZeroPoint">The integer of 0, which is exact.</param>
internal readonly record struct LinearScale(float Scale, byte ZeroPoint)
{
    private const int Steps = 255;

    /// <summary>The finest scale whose integers 0–255 reach over the range and 0.</summary>
    public static LinearScale Over(ValueRange range)
    {
        var low = Math.Min(0, (double)range.Minimum);
        var high = Math.Max(0, (double)range.Maximum);
        var scale = (float)((high - low) / Steps);
        return scale > 0 && float.IsFinite(scale)
            ? new(scale, (byte)Math.Clamp(Math.Round(-low / scale), 0, Steps))
            : new(1, 0); // A value that is always 0.
    }
}
