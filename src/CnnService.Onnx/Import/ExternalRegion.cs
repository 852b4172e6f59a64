using System.Globalization;
using CnnService.Core.Common;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>Where a tensor's bytes lie outside the file.</summary>
/// <param name="Tensor">The tensor, still without data.</param>
/// <param name="File">The last part of the location's name.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">Number of bytes, as the tensor's type and dimensions demand.</param>
internal sealed record ExternalRegion(TensorProto Tensor, string File, long Offset, long Length)
{
    private const int MaxNameLength = 255;

    public long End => Offset + Length;

    /// <summary>Problems: <c>onnx.external-data</c>, and those of <see cref="TensorReading.CountElements"/>.</summary>
    public static Outcome<ExternalRegion> Read(TensorProto tensor)
    {
        var entries = tensor.ExternalData.GroupBy(entry => entry.Key, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last().Value, StringComparer.Ordinal);
        var file = LastPart(entries.GetValueOrDefault("location", string.Empty));
        if (file.Length is 0 or > MaxNameLength)
        {
            return Refuse(tensor, "says that its values lie in another file, and does not name it");
        }

        if (Number(entries, "offset", 0) is not { } offset || Number(entries, "length", -1) is not { } length)
        {
            return Refuse(tensor, "must give offset and length in its other file as whole numbers from 0 up");
        }

        return TensorReading.CountElements(tensor).Bind<ExternalRegion>(elements =>
            OnnxTypes.WidthOf(tensor.DataType) is not { } width ? Refuse(tensor,
                $"lies in another file and has the type {tensor.DataType}, which is not read from there")
            : length >= 0 && length != elements * width ? Refuse(tensor,
                $"says that {length} bytes of '{UntrustedName.Sanitize(file)}' are its own, but has [{string.Join(", ", tensor.Dims)}] "
                + $"values of {width} bytes: {elements * width}")
            : new ExternalRegion(tensor, file, offset, elements * width));
    }

    private static string LastPart(string location) => location[(location.LastIndexOfAny(['/', '\\']) + 1)..];

    private static long? Number(Dictionary<string, string> entries, string key, long usual) => !entries.TryGetValue(key, out var text)
        ? usual
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= long.MaxValue / 2 ? value : null;

    private static Problem Refuse(TensorProto tensor, string what) =>
        Problem.Unprocessable("onnx.external-data", $"The tensor '{UntrustedName.Sanitize(tensor.Name)}' {what}.");
}
